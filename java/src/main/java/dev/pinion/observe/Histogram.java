package dev.pinion.observe;

import dev.pinion.nativelib.AtomicCounts;

/**
 * How often durations of which size occurred: log-linear, as HdrHistogram counts, in constant memory. Each power of two is divided into
 * {@value #PER_OCTAVE} buckets, so a bucket is at most a sixteenth as wide as what it holds; below {@value #PER_OCTAVE} ns each value has its own. What is
 * longer than {@link #MAX_NANOS} counts as that.
 */
public final class Histogram {
    private static final int OCTAVE_BITS = 4;
    private static final int PER_OCTAVE = 1 << OCTAVE_BITS;
    private static final int MAX_BITS = 42;

    /** A little over an hour. */
    public static final long MAX_NANOS = (1L << MAX_BITS) - 1;

    /** The number of buckets. */
    public static final int BUCKETS = PER_OCTAVE * (MAX_BITS - OCTAVE_BITS + 1);

    private final AtomicCounts counts = new AtomicCounts(BUCKETS);

    /** Any thread, in scheduler code too: one atomic addition, no allocation. What is negative counts as 0. */
    public void record(long nanos) {
        counts.increment(bucketOf(Math.clamp(nanos, 0, MAX_NANOS)));
    }

    /** Adds its counts to those of others. @param sums of {@link #BUCKETS} elements */
    public void addTo(long[] sums) {
        for (int i = 0; i < BUCKETS; i++) {
            sums[i] += counts.get(i);
        }
    }

    /** @return all that was counted */
    public static long total(long[] sums) {
        long total = 0;
        for (long n : sums) {
            total += n;
        }
        return total;
    }

    /**
     * @param fraction from 0 to 1; 1 asks for the longest
     * @return the upper end of the bucket that holds it, in nanoseconds, so at most a sixteenth too much; 0 when nothing was counted
     */
    public static long percentile(long[] sums, double fraction) {
        long wanted = Math.max(1, (long) Math.ceil(total(sums) * fraction));
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += sums[i];
            if (seen >= wanted) {
                return upperEnd(i);
            }
        }
        return 0;
    }

    private static int bucketOf(long nanos) {
        if (nanos < PER_OCTAVE) {
            return (int) nanos;
        }
        int shift = 63 - OCTAVE_BITS - Long.numberOfLeadingZeros(nanos);
        return (shift << OCTAVE_BITS) + (int) (nanos >>> shift); // the quotient is from 16 to 31
    }

    private static long upperEnd(int bucket) {
        if (bucket < PER_OCTAVE) {
            return bucket;
        }
        int shift = (bucket >>> OCTAVE_BITS) - 1;
        return ((long) (bucket - (shift << OCTAVE_BITS)) + 1 << shift) - 1;
    }
}
