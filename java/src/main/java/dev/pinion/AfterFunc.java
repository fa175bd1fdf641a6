package dev.pinion;

import dev.pinion.sched.Sched;
import java.time.Duration;

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
        set(nanos);
    }

    private void set(long nanos) {
        start.scheduler.checkOpen("afterFunc");
        if (nanos <= 0) {
            set = null;
            start.run();
            return;
        }
        var timer = new dev.pinion.timer.Timer(Sched.deadline(nanos), start);
        start.scheduler.sched.set(timer);
        set = timer;
    }

    @Override
    public synchronized boolean stop() {
        return set != null && set.cancel(false);
    }

    @Override
    public synchronized boolean reset(Duration delay) {
        long nanos = nanos(delay);
        start.scheduler.checkOpen("reset");
        boolean active = stop();
        set(nanos);
        return active;
    }

    @Override
    public boolean await() {
        throw new UnsupportedOperationException("a timer that starts a task is not waited for; let the task tell that it ran.");
    }
}
