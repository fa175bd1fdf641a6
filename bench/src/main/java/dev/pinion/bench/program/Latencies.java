package dev.pinion.bench.program;

import org.HdrHistogram.Histogram;

/**
 * Latencies of one kind, and how many of them count as missed: those above 10 ms, and those that ended only because the program gave up
 * waiting. Where nothing else was seen, the figures are "never".
 */
final class Latencies {
    static final long MISSED_NANOS = 10_000_000;

    private static final long HIGHEST_NANOS = 600_000_000_000L;
    private static final int DIGITS = 3;

    private final Histogram histogram = new Histogram(HIGHEST_NANOS, DIGITS);
    private long missed;
    private long givenUp;

    /** One that came by itself. One thread at a time. */
    void record(long nanos) {
        histogram.recordValue(Math.clamp(nanos, 0, HIGHEST_NANOS));
        if (nanos > MISSED_NANOS) {
            missed++;
        }
    }

    /** One that was still to come after {@code nanos}, when the program ended the wait. One thread at a time. */
    void recordGivenUp(long nanos) {
        histogram.recordValue(Math.clamp(nanos, 0, HIGHEST_NANOS));
        missed++;
        givenUp++;
    }

    /** All of another's, whose thread is done with them. */
    void add(Latencies other) {
        histogram.add(other.histogram);
        missed += other.missed;
        givenUp += other.givenUp;
    }

    /** Whether there are as many as {@code enough}, and none came by itself. */
    boolean never(long enough) {
        return count() >= enough && givenUp == count();
    }

    long count() {
        return histogram.getTotalCount();
    }

    void reset() {
        histogram.reset();
        missed = 0;
        givenUp = 0;
    }

    /** Reports {@code p50}, {@code p99}, {@code max} in nanoseconds, and {@code missed} in percent. */
    void report(Report report) {
        if (count() == 0) {
            throw new IllegalStateException("there is not one sample");
        }
        boolean never = never(1);
        report.metric("p50", never ? Double.POSITIVE_INFINITY : histogram.getValueAtPercentile(50));
        report.metric("p99", never ? Double.POSITIVE_INFINITY : histogram.getValueAtPercentile(99));
        report.metric("max", never ? Double.POSITIVE_INFINITY : histogram.getMaxValue());
        report.metric("missed", 100.0 * missed / count());
    }
}
