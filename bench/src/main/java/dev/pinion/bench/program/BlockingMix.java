package dev.pinion.bench.program;

import java.util.SplittableRandom;

/**
 * A share of 64 tasks is always in native calls that block for 1 us to 100 ms, the logarithm spread evenly; the rest computes for 10 us and
 * yields, again and again: what becomes of the rest's throughput.
 */
final class BlockingMix {
    static final int TASKS = 64;
    private static final int[] PERCENT_BLOCKING = {0, 10, 50};
    private static final double LEAST_NANOS = 1_000;
    private static final double MOST_NANOS = 100_000_000;
    static final long WARM_UP_MILLIS = 500;
    static final long MEASURE_MILLIS = Share.ofTime(1_000);

    /** Each share is compared with none of the same round: the machine has its moods. */
    private static final int ROUNDS = 3;

    private BlockingMix() {
    }

    /** All tasks, for the time of one measurement. */
    interface Crowded {
        /** @return nanoseconds an operation of those that compute while so many block; see {@link Counts#nanosPerOperation} */
        double nanosPerOperation(int blocking) throws InterruptedException;
    }

    /** Operation: 10 us of computing and a yield. */
    static void run(Report report) throws InterruptedException {
        run(report, BlockingMix::nanosPerOperation);
    }

    static void run(Report report, Crowded crowded) throws InterruptedException {
        int shares = PERCENT_BLOCKING.length;
        double[][] nanos = new double[shares][ROUNDS];
        double[][] slower = new double[shares][ROUNDS];
        double operations = 0;
        ResourceUsage before = ResourceUsage.now();
        for (int round = 0; round < ROUNDS; round++) {
            for (int share = 0; share < shares; share++) {
                nanos[share][round] = crowded.nanosPerOperation(TASKS * PERCENT_BLOCKING[share] / 100);
                slower[share][round] = nanos[share][round] / nanos[0][round];
                operations += (WARM_UP_MILLIS + MEASURE_MILLIS) * 1e6 / nanos[share][round];
            }
        }
        report.usage(ResourceUsage.now().since(before), (long) Math.ceil(operations));
        for (int share = 0; share < shares; share++) {
            report.metric("op-" + PERCENT_BLOCKING[share], Batches.median(nanos[share]));
            if (share > 0) {
                report.metric("slower-" + PERCENT_BLOCKING[share], Batches.median(slower[share]));
            }
        }
    }

    private static double nanosPerOperation(int blocking) throws InterruptedException {
        Crowd crowd = new Crowd(TASKS);
        crowd.start(task -> {
            if (task < blocking) {
                block(crowd, task);
            } else {
                compute(crowd, task);
            }
        });
        Thread.sleep(WARM_UP_MILLIS);
        double nanos = crowd.nanosPerOperation(blocking, MEASURE_MILLIS);
        crowd.stop(() -> { });
        return nanos;
    }

    private static void block(Crowd crowd, int task) {
        SplittableRandom random = new SplittableRandom(task);
        while (!crowd.isStopped()) {
            Sleeps.nanosleep(lengthNanos(random));
            Thread.yield(); // or the one that blocks would have the JDK's only carrier for ever
        }
    }

    /** How long the next call blocks. */
    static long lengthNanos(SplittableRandom random) {
        return (long) (LEAST_NANOS * Math.pow(MOST_NANOS / LEAST_NANOS, random.nextDouble()));
    }

    private static void compute(Crowd crowd, int task) {
        long value = task + 1;
        while (!crowd.isStopped()) {
            value = Work.steps(value, Work.MICROS_10);
            crowd.count(task);
            Thread.yield();
        }
        Work.keep(value);
    }
}
