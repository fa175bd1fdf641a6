package dev.pinion.vthread;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The face a scheduler shows to {@code VirtualThread}: it must be a {@code ForkJoinPool}, because only to one does the JDK send its timed
 * parks, and because the JDK's management bean asks one. No thread of the pool's own is ever started.
 */
public final class SchedulerPool extends ForkJoinPool {
    /** What the pool passes on. All methods may be called by any thread, on virtual threads too. */
    public interface Target {
        /**
         * Makes a task runnable. May throw nothing but OutOfMemoryError, and RejectedExecutionException for a thread that starts when the
         * scheduler has ended, and these only before it changed anything.
         */
        void execute(Runnable task);

        /** Runs {@code command} on an M after the delay. */
        ScheduledFuture<?> schedule(Runnable command, long delayNanos);

        int parallelism();

        int setParallelism(int parallelism);

        int machines();

        int mounted();

        long queuedLocally();

        int queuedGlobally();

        String describe();
    }

    private final Target target;

    public SchedulerPool(Target target) {
        super(1, defaultForkJoinWorkerThreadFactory, null, true, 0, 1, 0, null, 60, TimeUnit.SECONDS);
        this.target = target;
    }

    @Override
    public void execute(Runnable task) {
        target.execute(task);
    }

    @Override
    public void execute(ForkJoinTask<?> task) {
        target.execute(VThreads.unwrap(task));
    }

    @Override
    public <T> ForkJoinTask<T> externalSubmit(ForkJoinTask<T> task) {
        target.execute(VThreads.unwrap(task));
        return task;
    }

    @Override
    public <T> ForkJoinTask<T> lazySubmit(ForkJoinTask<T> task) {
        target.execute(VThreads.unwrap(task));
        return task;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return target.schedule(command, unit.toNanos(delay));
    }

    @Override
    public int getParallelism() {
        return target.parallelism();
    }

    @Override
    public int setParallelism(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("parallelism " + size + " is below 1");
        }
        return target.setParallelism(size);
    }

    @Override
    public int getPoolSize() {
        return target.machines();
    }

    @Override
    public int getActiveThreadCount() {
        return target.mounted();
    }

    @Override
    public long getQueuedTaskCount() {
        return target.queuedLocally();
    }

    @Override
    public int getQueuedSubmissionCount() {
        return target.queuedGlobally();
    }

    @Override
    public String toString() {
        return target == null ? "Pinion" : target.describe();
    }
}
