package dev.pinion.bench.program;

/**
 * How much of its usual length a measurement has: the runner's {@code BENCH_SHARE}, above 0 and at most 1. A program that measures for some
 * time asks for it; one that does a fixed piece of work, or the floor in C, does not.
 */
final class Share {

    /** Fewer of anything would tell nothing, unless there are fewer anyway. */
    private static final int LEAST = 50;

    private static final double SHARE = parse(System.getenv("BENCH_SHARE"));

    private Share() {
    }

    /** @throws IllegalArgumentException for anything but a number above 0 and at most 1; null stands for 1 */
    static double parse(String value) {
        double share = value == null ? 1 : Double.parseDouble(value);
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("BENCH_SHARE is above 0 and at most 1, not " + value);
        }
        return share;
    }

    /** The part of a time, in its unit. */
    static long ofTime(long time) {
        return Math.max(1, Math.round(time * SHARE));
    }

    /** The part of a number of samples, but so many that they tell something. */
    static int ofCount(int count) {
        return ofCount(count, SHARE);
    }

    static int ofCount(int count, double share) {
        return (int) Math.max(Math.min(count, LEAST), Math.round(count * share));
    }
}
