package dev.pinion.bench.program;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** How late things happen on an otherwise idle scheduler: the end of a sleep, and the run after an unpark from outside. */
final class Lateness {

    private static final long HIGHEST_NANOS = 60_000_000_000L;
    private static final int DIGITS = 3;
    private static final int WAKES = 1_000;

    private Lateness() {
    }

    /** Nanoseconds beyond the time asked for; some tenths of a second of each length. Operation: one sleep. */
    static void sleep(Report report) throws InterruptedException {
        Histogram micros50 = new Histogram(HIGHEST_NANOS, DIGITS);
        Histogram micros200 = new Histogram(HIGHEST_NANOS, DIGITS);
        Histogram millis1 = new Histogram(HIGHEST_NANOS, DIGITS);
        ResourceUsage[] before = new ResourceUsage[1];
        Spawner.runAndWait(() -> {
            lateness(Duration.ofNanos(200_000), 500, new Histogram(HIGHEST_NANOS, DIGITS));
            before[0] = ResourceUsage.now();
            lateness(Duration.ofNanos(50_000), Share.ofCount(3_000), micros50);
            lateness(Duration.ofNanos(200_000), Share.ofCount(1_500), micros200);
            lateness(Duration.ofMillis(1), Share.ofCount(400), millis1);
        });
        report.usage(ResourceUsage.now().since(before[0]), micros50.getTotalCount() + micros200.getTotalCount() + millis1.getTotalCount());
        report.percentiles("50us-", micros50);
        report.percentiles("200us-", micros200);
        report.percentiles("1ms-", millis1);
    }

    private static void lateness(Duration length, int times, Histogram histogram) {
        for (int i = 0; i < times; i++) {
            long due = System.nanoTime() + length.toNanos();
            try {
                Thread.sleep(length);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this", e);
            }
            histogram.recordValue(Math.clamp(System.nanoTime() - due, 0, HIGHEST_NANOS));
        }
    }

    /**
     * From a platform thread's unpark to the G's next instruction, half a millisecond after it went to sleep, so that no P
     * spins any more. Operation: one wake.
     */
    static void wake(Report report) throws InterruptedException {
        Sleeper sleeper = new Sleeper();
        Latch ended = new Latch(1);
        Spawner.start(() -> {
            sleeper.run();
            ended.countDown();
        });
        for (int i = 0; i < WAKES / 2; i++) {
            sleeper.wake();
        }
        sleeper.histogram.reset();
        ResourceUsage before = ResourceUsage.now();
        for (int i = 0; i < WAKES; i++) {
            sleeper.wake();
        }
        report.usage(ResourceUsage.now().since(before), WAKES);
        sleeper.stop();
        ended.await();
        report.percentiles("", sleeper.histogram);
    }

    private static final class Sleeper implements Runnable {

        /** Written by the sleeper, read by the waker only after it saw the sleeper's answer. */
        private final Histogram histogram = new Histogram(HIGHEST_NANOS, DIGITS);
        private volatile Thread thread;
        private volatile long wokenAtNanos;
        private volatile int asked;
        private volatile int answered;
        private volatile boolean stopped;

        @Override
        public void run() {
            thread = Thread.currentThread();
            while (!stopped) {
                while (asked == answered && !stopped) {
                    LockSupport.park(this);
                }
                if (!stopped) {
                    histogram.recordValue(Math.clamp(System.nanoTime() - wokenAtNanos, 0, HIGHEST_NANOS));
                    answered = asked;
                }
            }
        }

        /** Only the waker: wakes the sleeper once it sleeps, and waits for its answer. */
        void wake() {
            LockSupport.parkNanos(500_000);
            while (thread == null || thread.getState() != Thread.State.WAITING) {
                LockSupport.parkNanos(50_000);
            }
            wokenAtNanos = System.nanoTime();
            asked++;
            LockSupport.unpark(thread);
            while (answered != asked) {
                LockSupport.parkNanos(20_000);
            }
        }

        void stop() {
            stopped = true;
            LockSupport.unpark(thread);
        }
    }
}
