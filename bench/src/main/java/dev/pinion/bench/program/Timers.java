package dev.pinion.bench.program;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Many timers: what each costs while it is pending. */
final class Timers {
    private static final int MILLION = Integer.getInteger("bench.timers", 1_000_000);
    private static final long HOUR_NANOS = 3_600_000_000_000L;

    /** A prime: cancelled in steps of it, they go in no order that a heap would like. */
    private static final int STRIDE = 7_919;

    private Timers() {
    }

    /** What sets timers. */
    interface Setter {
        /** @return what {@link #cancel} takes */
        Object set(Runnable task, long nanos);

        void cancel(Object timer);
    }

    private static Setter of(ScheduledExecutorService executor) {
        return new Setter() {
            @Override
            public Object set(Runnable task, long nanos) {
                return executor.schedule(task, nanos, TimeUnit.NANOSECONDS);
            }

            @Override
            public void cancel(Object timer) {
                ((Future<?>) timer).cancel(false);
            }
        };
    }

    private static ScheduledExecutorService ofTheJdk() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(Spawner.PROCS);
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    /** Timers that start a G; a {@code ScheduledThreadPoolExecutor} where there are none. */
    static void million(Report report) throws InterruptedException {
        if (Spawner.isGo()) {
            million(report, GoTimers.afterFunc());
        } else {
            tasks(report);
        }
    }

    /** Delayed tasks of a scheduled executor. */
    static void tasks(Report report) throws InterruptedException {
        try (ScheduledExecutorService executor = Spawner.isGo() ? GoTimers.executor() : ofTheJdk()) {
            million(report, of(executor));
            executor.shutdownNow();
        }
    }

    /** Set and cancelled by one G, the last of three times. Operation: one timer. */
    private static void million(Report report, Setter setter) throws InterruptedException {
        double[] figures = new double[4];
        ResourceUsage[] before = new ResourceUsage[1];
        for (int round = 0; round < 3; round++) {
            Object[] pending = new Object[MILLION];
            Runnable nothing = () -> { };
            long empty = Parked.liveBytes();
            before[0] = ResourceUsage.now();
            Spawner.runAndWait(() -> {
                long start = System.nanoTime();
                for (int i = 0; i < pending.length; i++) {
                    pending[i] = setter.set(nothing, HOUR_NANOS + (long) i * STRIDE % MILLION * 1_000);
                }
                figures[0] = (System.nanoTime() - start) / (double) MILLION;
            });
            long full = Parked.liveBytes();
            Spawner.runAndWait(() -> {
                long start = System.nanoTime();
                for (int i = 0; i < pending.length; i++) {
                    setter.cancel(pending[(int) ((long) i * STRIDE % MILLION)]);
                }
                figures[1] = (System.nanoTime() - start) / (double) MILLION;
                Arrays.fill(pending, null);
            });
            long after = Parked.liveBytes();
            figures[2] = (full - empty) / (double) MILLION;
            figures[3] = Math.max(0, after - empty) / (double) MILLION;
            Reference.reachabilityFence(pending);
        }
        report.usage(ResourceUsage.now().since(before[0]), MILLION);
        report.metric("set", figures[0]);
        report.metric("cancel", figures[1]);
        report.metric("bytes", figures[2]);
        report.metric("left", figures[3]);
    }
}
