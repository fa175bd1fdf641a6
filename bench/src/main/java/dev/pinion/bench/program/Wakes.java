package dev.pinion.bench.program;

import java.util.concurrent.locks.LockSupport;

/**
 * A G wakes another while it goes on computing itself, so that the other must run on another P, which has had nothing to do for 0.3 ms:
 * whether that P is parked or still spins is up to the side's idle strategy. From before the unpark to the woken G's next instruction.
 */
final class Wakes {
    private static final int WARM_UP = 500;
    private static final int WAKES = 2_000;
    private static final long PAUSE_NANOS = 300_000;

    private final Latencies latencies = new Latencies();
    private volatile Thread sleeper;
    private volatile long wokenAtNanos;
    private volatile int asked;
    private volatile int answered;

    private Wakes() {
    }

    /** Operation: one wake, the pause before it included. */
    static void run(Report report) throws InterruptedException {
        Wakes wakes = new Wakes();
        ResourceUsage before = ResourceUsage.now();
        Spawner.runAndWait(() -> {
            Latch ended = new Latch(1);
            Spawner.start(() -> {
                wakes.sleep();
                ended.countDown();
            });
            while (wakes.sleeper == null) {
                Thread.yield();
            }
            wakes.wake();
            ended.await();
        });
        report.usage(ResourceUsage.now().since(before), WARM_UP + WAKES);
        wakes.latencies.report(report);
    }

    private void sleep() {
        sleeper = Thread.currentThread();
        for (int seen = 0; seen < WARM_UP + WAKES; seen++) {
            while (asked == seen) {
                LockSupport.park(this);
            }
            long late = System.nanoTime() - wokenAtNanos;
            if (seen >= WARM_UP) {
                latencies.record(late);
            }
            answered = seen + 1;
        }
    }

    private void wake() {
        for (int i = 0; i < WARM_UP + WAKES; i++) {
            spinUntil(System.nanoTime() + PAUSE_NANOS);
            wokenAtNanos = System.nanoTime();
            asked = i + 1;
            LockSupport.unpark(sleeper);
            while (answered != i + 1) {
                Thread.onSpinWait();
            }
        }
    }

    private static void spinUntil(long nanos) {
        while (System.nanoTime() - nanos < 0) {
            Thread.onSpinWait();
        }
    }
}
