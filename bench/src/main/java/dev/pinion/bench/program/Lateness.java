package dev.pinion.bench.program;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** How late things happen on an otherwise idle scheduler: the end of a sleep, and the run after an unpark from outside. */
final class Lateness {

    private static final long HIGHEST_NANOS = 60_000_000_000L;
    private static final int DIGITS = 3;
    static final int WAKES = 1_000;

    private Lateness() {
    }

    /** Nanoseconds beyond the time asked for. Operation: one sleep. */
    static void sleep(Report report) throws InterruptedException {
        SleepLateness late = new SleepLateness();
        ResourceUsage[] before = new ResourceUsage[1];
        Spawner.runAndWait(() -> {
            for (int i = 0; i < SleepLateness.WARM_UP_TIMES; i++) {
                sleep(SleepLateness.WARM_UP_LENGTH);
            }
            before[0] = ResourceUsage.now();
            for (SleepLateness.Length length : SleepLateness.Length.values()) {
                for (int i = 0; i < length.times(); i++) {
                    late.record(length, sleep(length.duration()));
                }
            }
        });
        report.usage(ResourceUsage.now().since(before[0]), late.count());
        late.report(report);
    }

    /** @return how many nanoseconds too late it ended */
    private static long sleep(Duration length) {
        long due = System.nanoTime() + length.toNanos();
        try {
            Thread.sleep(length);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this", e);
        }
        return System.nanoTime() - due;
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
