package dev.pinion;

import dev.pinion.sched.Sched;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

/** A timer that starts a G. Small, for there may be a million. */
final class AfterFunc extends Timer {
    /** What a P's timers run. */
    private record Start(Scheduler scheduler, Runnable task) implements Runnable {
        /** In the run loop. On a scheduler that is closed it does nothing. */
        @Override
        public void run() {
            scheduler.startDue(new TaskG<>(scheduler, task));
        }
    }

    private final Start start;

    /** Set last. Null: it was to fire at once. Under the monitor of this, which the run loop never takes. */
    private dev.pinion.timer.Timer set;

    AfterFunc(Scheduler scheduler, long nanos, Runnable task) {
        TaskG.load();
        start = new Start(scheduler, task);
        synchronized (this) { // whoever hears of this timer through a race sees what is set
            set(nanos, "afterFunc");
        }
    }

    /**
     * On a scheduler that closes after the one look at it, the task never runs, as if that had closed later still.
     *
     * @return whether what was set before was active
     * @throws RejectedExecutionException if the scheduler is closed; nothing changed then, nor after an OutOfMemoryError
     */
    private boolean set(long nanos, String what) {
        start.scheduler.checkOpen(what);
        dev.pinion.timer.Timer next = null;
        if (nanos > 0) {
            next = new dev.pinion.timer.Timer(Sched.deadline(nanos), start);
            start.scheduler.sched.set(next);
        } else {
            start.run();
        }
        boolean active = stop();
        set = next;
        return active;
    }

    @Override
    public synchronized boolean stop() {
        return set != null && set.cancel(false);
    }

    @Override
    public synchronized boolean reset(Duration delay) {
        return set(nanos(delay), "reset");
    }

    @Override
    public boolean await() {
        throw new UnsupportedOperationException(
                "a timer of afterFunc is not waited for: stop, reset and the start of its task would all look alike; "
                        + "let the task tell that it runs, by a latch for instance, or use Timer.after, whose await returns when it fires");
    }
}
