package dev.pinion.doctor;

import dev.pinion.nativelib.NativeCallException;
import java.util.Arrays;

/**
 * How long a wake takes between two bound threads, from before the ring to after the sleep. Before each ring the ringer spins for 200 us:
 * the waiter is asleep by then, and its CPU as deep in its idle states as it goes in a pause of that length.
 */
final class WakeProbe {
    private static final long PAUSE_NANOS = 200_000;
    private static final long FOR_NANOS = 300_000_000;
    private static final int MOST = 1000;
    private static final int LEAST = 50;

    private final Bell bell;
    private final int from;
    private final int to;
    private final long[] delays = new long[MOST];

    /** Rounds that the waiter is about to sleep for, and that it was woken in; when the round's bell was rung. */
    private volatile int waiting;
    private volatile int woken;
    private volatile long rungNanos;
    private volatile boolean over;
    private volatile String problem;

    /** No figure, in one sentence. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;

        Failed(String sentence) {
            super(sentence);
        }
    }

    WakeProbe(Bell bell, int from, int to) {
        this.bell = bell;
        this.from = from;
        this.to = to;
    }

    Measured.Wake run() throws Failed, InterruptedException {
        Thread waiter = start(this::await, "doctor-waiter");
        Thread ringer = start(this::ring, "doctor-ringer");
        ringer.join();
        waiter.join();
        if (problem != null) {
            throw new Failed(problem);
        }
        int count = woken;
        if (count < LEAST) {
            throw new Failed("only " + count + " wakes from CPU " + from + " to CPU " + to + " came in time, too few for a figure");
        }
        long[] sorted = Arrays.copyOf(delays, count);
        Arrays.sort(sorted);
        return new Measured.Wake(from, to, count, sorted[count / 2] / 1e3, sorted[count * 99 / 100] / 1e3);
    }

    private Thread start(Runnable action, String name) {
        Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (NativeCallException e) {
                problem = e.getMessage();
            } finally {
                over = true;
                bell.ring();
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void await() {
        Probes.bind(to);
        for (int round = 1; round <= MOST; round++) {
            waiting = round;
            bell.await();
            long now = System.nanoTime();
            if (over) {
                return;
            }
            delays[round - 1] = now - rungNanos;
            woken = round;
        }
    }

    private void ring() {
        Probes.bind(from);
        long end = System.nanoTime() + FOR_NANOS;
        for (int round = 1; round <= MOST && System.nanoTime() < end && !over; round++) {
            long limit = System.nanoTime() + Bell.LIMIT_NANOS;
            while (waiting < round && !over && System.nanoTime() < limit) {
                Thread.onSpinWait();
            }
            long pause = System.nanoTime() + PAUSE_NANOS;
            while (System.nanoTime() < pause) {
                Thread.onSpinWait();
            }
            rungNanos = System.nanoTime();
            bell.ring();
            while (woken < round && !over && System.nanoTime() < limit) {
                Thread.onSpinWait();
            }
        }
    }
}
