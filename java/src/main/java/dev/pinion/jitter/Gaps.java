package dev.pinion.jitter;

/**
 * The gaps that one reader of the clock saw: how many of which size, and the longest that reached into each slice of the time. Sizes are steps of 1, 2 and 5,
 * from {@link #LEAST_NANOS}. Filled by its reader, read by others after that has ended.
 */
public final class Gaps {
    /** What is shorter is the clock's own reading, or a cache miss. */
    public static final long LEAST_NANOS = 1_000;

    /** The sizes at which a row of the histogram begins: 1 us to 100 ms. */
    static final long[] BOUNDS = bounds();

    /** The slices of the timeline. */
    static final int SLICES = 240;

    private static long[] bounds() {
        long[] bounds = new long[16];
        long[] steps = {1, 2, 5};
        long scale = LEAST_NANOS;
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = steps[i % steps.length] * scale;
            scale *= i % steps.length == 2 ? 10 : 1;
        }
        return bounds;
    }

    private final long wholeNanos;
    private final long[] counts = new long[BOUNDS.length];
    private final long[] longest = new long[SLICES];
    private long sum;
    private long readNanos;
    private long reads;

    /** How often it was seen on another CPU than before. */
    long moves;
    /** How often it lost the CPU to another thread; -1: the kernel does not tell. */
    long involuntary;
    /** How long it was ready to run and another thread had the CPU; -1: the kernel does not tell. */
    long waitNanos;

    /** @param wholeNanos how long all of its reading takes, which is the length of the timeline */
    public Gaps(long wholeNanos) {
        this.wholeNanos = wholeNanos;
    }

    /** A gap counts once, and is in every slice of the timeline that it covers. @param at since the reading began @param nanos {@link #LEAST_NANOS} or more */
    public void add(long at, long nanos) {
        int bucket = 0;
        while (bucket + 1 < BOUNDS.length && nanos >= BOUNDS[bucket + 1]) {
            bucket++;
        }
        counts[bucket]++;
        sum += nanos;
        int last = slice(at + nanos - 1);
        for (int slice = slice(at); slice <= last; slice++) {
            longest[slice] = Math.max(longest[slice], nanos);
        }
    }

    /** The slice of a moment; what lies beyond the end is in the last. */
    private int slice(long at) {
        return Math.clamp(at * SLICES / wholeNanos, 0, SLICES - 1);
    }

    /** A stretch of reading is over. @param count of readings */
    public void wasRead(long nanos, long count) {
        readNanos += nanos;
        reads += count;
    }

    /** @return how many gaps begin in a row of the histogram */
    public long count(int bucket) {
        return counts[bucket];
    }

    /** @return how many gaps were as long as a row's begin, or longer */
    long countFrom(int bucket) {
        long count = 0;
        for (int i = bucket; i < counts.length; i++) {
            count += counts[i];
        }
        return count;
    }

    /** @return the longest gap, from begin to end, of those that were in a slice or reached into it; 0 where there was none */
    public long longest(int slice) {
        return longest[slice];
    }

    /** @return the length of the timeline */
    double timelineSeconds() {
        return wholeNanos / 1e9;
    }

    /** @return the longest of all, 0 if there was none */
    public long longest() {
        long most = 0;
        for (long nanos : longest) {
            most = Math.max(most, nanos);
        }
        return most;
    }

    /** @return all gaps together */
    public long sumNanos() {
        return sum;
    }

    /** @return for how long it has read */
    public long readNanos() {
        return readNanos;
    }

    /** @return how long one reading takes when nothing interrupts it */
    double clockNanos() {
        return reads == 0 ? Double.NaN : (double) (readNanos - sum) / reads;
    }
}
