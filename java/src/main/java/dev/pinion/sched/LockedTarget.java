package dev.pinion.sched;

import dev.pinion.vthread.SchedulerPool;
import dev.pinion.vthread.VThreads;
import java.util.concurrent.ScheduledFuture;

/**
 * The scheduler as a locked G's thread sees it: what makes that G ready comes here. Threads that a locked G starts inherit it with the
 * thread's scheduler, so anything else goes where it always goes.
 */
final class LockedTarget implements SchedulerPool.Target {
    private final Sched sched;

    LockedTarget(Sched sched) {
        this.sched = sched;
    }

    @Override
    public void execute(Runnable task) {
        Thread thread = VThreads.threadOf(task);
        LockedG g = thread == null ? null : sched.lockedMs.all.find(thread);
        if (g == null) {
            sched.execute(task);
        } else {
            sched.lockedMs.ready(g);
        }
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delayNanos) {
        return sched.schedule(command, delayNanos);
    }

    @Override
    public int parallelism() {
        return sched.parallelism();
    }

    @Override
    public int setParallelism(int parallelism) {
        return sched.setParallelism(parallelism);
    }

    @Override
    public int machines() {
        return sched.machines();
    }

    @Override
    public int mounted() {
        return sched.mounted();
    }

    @Override
    public long queuedLocally() {
        return sched.queuedLocally();
    }

    @Override
    public int queuedGlobally() {
        return sched.queuedGlobally();
    }

    @Override
    public long steals() {
        return sched.steals();
    }

    @Override
    public long delayed() {
        return sched.delayed();
    }

    @Override
    public String describe() {
        return sched.describe();
    }
}
