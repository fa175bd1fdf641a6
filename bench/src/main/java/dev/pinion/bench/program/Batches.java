package dev.pinion.bench.program;

import java.util.Arrays;

/** Measures work that comes in units: warms up, finds how many units fill a window, then times windows. */
final class Batches {

    static final long WARM_UP_NANOS = 500_000_000L;
    static final long WINDOW_NANOS = Share.ofTime(100_000_000L);
    static final int WINDOWS = 7;

    /** Work that can be done any number of times. */
    interface Batch {
        /** Does {@code units} units and returns when all of it has ended. Called on the main platform thread. */
        void run(int units) throws InterruptedException;
    }

    private Batches() {
    }

    /** Measures a batch and reports {@code op}: nanoseconds an operation, {@code operationsPerUnit} of them a unit. */
    static void measure(Report report, int operationsPerUnit, Batch batch) throws InterruptedException {
        int units = warmUp(batch);
        double[] perOperation = new double[WINDOWS];
        ResourceUsage before = ResourceUsage.now();
        for (int window = 0; window < WINDOWS; window++) {
            long started = System.nanoTime();
            batch.run(units);
            perOperation[window] = (System.nanoTime() - started) / ((double) units * operationsPerUnit);
        }
        report.usage(ResourceUsage.now().since(before), (long) WINDOWS * units * operationsPerUnit);
        report.metric("op", median(perOperation));
    }

    /** Runs ever larger batches for the warm-up's time; returns how many units fill a window now that code is compiled. */
    private static int warmUp(Batch batch) throws InterruptedException {
        long end = System.nanoTime() + WARM_UP_NANOS;
        long units = 1;
        while (true) {
            long started = System.nanoTime();
            batch.run((int) units);
            long ended = System.nanoTime();
            double perUnit = Math.max(1, ended - started) / (double) units;
            long fitting = Math.clamp((long) (WINDOW_NANOS / perUnit), 1L, 1_000_000_000L);
            if (ended >= end && fitting <= 2 * units) {
                return (int) fitting;
            }
            units = Math.min(fitting, 2 * units);
        }
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
