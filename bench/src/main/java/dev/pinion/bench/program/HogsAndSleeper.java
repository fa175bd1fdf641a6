package dev.pinion.bench.program;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Tasks that compute and never yield, beside one that sleeps 2 ms again and again: how late that one is. */
final class HogsAndSleeper {
    static final Duration SLEEP = Duration.ofMillis(2);
    private static final int FEW = 4;
    private static final int MANY = 200;
    private static final int SAMPLES = Share.ofCount(2_500);
    private static final long WARM_UP_NANOS = 500_000_000L;

    /** Endless hogs end after so long, whatever the sleeper has seen. */
    private static final long ENOUGH_NANOS = Share.ofTime(15_000_000_000L);

    /** Pieces of about 10 us: 100 ms. */
    private static final int PIECES = 10_000;

    /** Starts tasks, and returns at once. */
    interface Starter {
        void hog(Runnable hog);

        /** One that sleeps as long as {@link #wantsSleep}, tells of each by {@link #woke}, and of its end by {@link #sleptOut}. */
        void sleeper(HogsAndSleeper both);
    }

    private static final Starter THREADS = new Starter() {
        @Override
        public void hog(Runnable hog) {
            Spawner.start(hog);
        }

        @Override
        public void sleeper(HogsAndSleeper both) {
            Spawner.start(both::sleep);
        }
    };

    private final Latencies late = new Latencies();
    private final long startNanos = System.nanoTime();
    private final Latch sleeperEnded = new Latch(1);
    private final int samples;
    private volatile boolean sleptEnough;
    private volatile boolean hogsEnded;

    /** @param samples the sleeper ends after so many, or with the hogs */
    private HogsAndSleeper(int samples) {
        this.samples = samples;
    }

    /** Four that never end. Operation: one sleep. */
    static void endless(Report report) throws InterruptedException {
        endless(report, THREADS);
    }

    static void endless(Report report, Starter starter) throws InterruptedException {
        HogsAndSleeper both = new HogsAndSleeper(SAMPLES);
        ResourceUsage before = ResourceUsage.now();
        starter.sleeper(both);
        Latch hogsEnded = new Latch(FEW);
        for (int i = 1; i <= FEW; i++) {
            long seed = i;
            starter.hog(() -> {
                long value = seed;
                while (!both.hogsEnded) {
                    value = Work.steps(value, Work.MICROS_10);
                }
                Work.keep(value);
                hogsEnded.countDown();
            });
        }
        while (!both.sleptEnough && System.nanoTime() - both.startNanos < ENOUGH_NANOS) {
            Thread.sleep(5);
        }
        both.hogsEnded = true;
        hogsEnded.await();
        both.sleeperEnded.await();
        report.usage(ResourceUsage.now().since(before), both.late.count());
        both.late.report(report);
    }

    /** Two hundred of 100 ms each, the same number of steps on every side. Operation: one hog. */
    static void many(Report report) throws InterruptedException {
        many(report, THREADS);
    }

    static void many(Report report, Starter starter) throws InterruptedException {
        // Compiled before it counts, or the first of them are longer.
        Work.keep(pieces(1, PIECES / 2));
        HogsAndSleeper both = new HogsAndSleeper(Integer.MAX_VALUE);
        int threadsBefore = Threads.count();
        ResourceUsage before = ResourceUsage.now();
        starter.sleeper(both);
        AtomicInteger left = new AtomicInteger(MANY);
        long[] total = new long[1];
        long start = System.nanoTime();
        for (int i = 1; i <= MANY; i++) {
            long seed = i;
            starter.hog(() -> {
                Work.keep(pieces(seed, PIECES));
                if (left.decrementAndGet() == 0) {
                    total[0] = System.nanoTime() - start;
                    both.hogsEnded = true;
                }
            });
        }
        int threads = 0;
        while (!both.hogsEnded) {
            threads = Math.max(threads, Threads.count());
            Thread.sleep(5);
        }
        report.usage(ResourceUsage.now().since(before), MANY);
        both.sleeperEnded.await();
        both.late.report(report);
        report.metric("total", total[0]);
        report.metric("threads-most", Math.max(0, threads - threadsBefore));
    }

    private static long pieces(long seed, int pieces) {
        long value = seed;
        for (int i = 0; i < pieces; i++) {
            value = Work.steps(value, Work.MICROS_10);
        }
        return value;
    }

    private void sleep() {
        while (wantsSleep()) {
            long due = System.nanoTime() + SLEEP.toNanos();
            try {
                Thread.sleep(SLEEP);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this", e);
            }
            woke(due);
        }
        sleptOut();
    }

    /** Only the sleeper. */
    boolean wantsSleep() {
        return !hogsEnded && late.count() < samples;
    }

    /** Only the sleeper: after a sleep that was due at {@code dueNanos}. What is still to come when the hogs end was not seen beside them. */
    void woke(long dueNanos) {
        boolean alone = hogsEnded;
        long now = System.nanoTime();
        if (alone) {
            if (late.count() == 0) {
                late.recordGivenUp(now - dueNanos);
            }
        } else if (now - startNanos > WARM_UP_NANOS) {
            late.record(now - dueNanos);
        }
    }

    /** Only the sleeper, as the last thing. */
    void sleptOut() {
        sleptEnough = true;
        sleeperEnded.countDown();
    }
}
