package dev.pinion.bench.program;

/** Something to compute that no JIT removes, and that takes as long on every side. */
final class Work {
    /** Steps of about 10 us. */
    static final int MICROS_10 = 5_000;

    @SuppressWarnings("unused")
    private static volatile long sink;

    private Work() {
    }

    /** Marsaglia's xorshift, so many times over; a {@code value} of 0 stays 0. */
    static long steps(long value, int steps) {
        long x = value;
        for (int step = 0; step < steps; step++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
        }
        return x;
    }

    static void keep(long value) {
        sink = value;
    }
}
