package dev.pinion.vthread;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The face a scheduler shows to {@code VirtualThread}: it must be a {@code ForkJoinPool}, because only to one does the JDK send its timed
 * parks, and because the JDK's management bean asks one. No thread of the pool's own is ever started: what is submitted runs on an M, as what
 * is executed does. As the common pool it cannot be shut down.
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

        long steals();

        /** Timers that are set. */
        long delayed();

        String describe();
    }

    /** {@code invokeAll} and {@code invokeAny}, whose own ones put tasks into queues of the pool. */
    private final class Invoker extends AbstractExecutorService {
        @Override
        public void execute(Runnable task) {
            SchedulerPool.this.execute(task);
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return false;
        }
    }

    private static final long QUIESCENCE_LOOK_NANOS = 1_000_000;

    private final Target target;
    private final Invoker invoker = new Invoker();

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
    public <T> ForkJoinTask<T> submit(ForkJoinTask<T> task) {
        return externalSubmit(task);
    }

    @Override
    public <T> ForkJoinTask<T> submit(Callable<T> task) {
        return externalSubmit(ForkJoinTask.adaptInterruptible(task));
    }

    @Override
    public <T> ForkJoinTask<T> submit(Runnable task, T result) {
        return externalSubmit(ForkJoinTask.adaptInterruptible(task, result));
    }

    @Override
    public ForkJoinTask<?> submit(Runnable task) {
        return task instanceof ForkJoinTask<?> is ? externalSubmit(is) : externalSubmit(ForkJoinTask.adaptInterruptible(task));
    }

    @Override
    public <T> T invoke(ForkJoinTask<T> task) {
        return externalSubmit(task).join();
    }

    @Override
    public <T> List<Future<T>> invokeAllUninterruptibly(Collection<? extends Callable<T>> tasks) {
        List<Future<T>> futures = new ArrayList<>(tasks.size());
        for (Callable<T> task : tasks) {
            futures.add(submit(task));
        }
        for (Future<T> future : futures) {
            ((ForkJoinTask<T>) future).quietlyJoin();
        }
        return futures;
    }

    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) throws InterruptedException {
        return invoker.invokeAll(tasks);
    }

    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException {
        return invoker.invokeAll(tasks, timeout, unit);
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks) throws InterruptedException, ExecutionException {
        return invoker.invokeAny(tasks);
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return invoker.invokeAny(tasks, timeout, unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw notOffered("schedule(Callable)");
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw notOffered("scheduleAtFixedRate");
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        throw notOffered("scheduleWithFixedDelay");
    }

    @Override
    public <V> ForkJoinTask<V> submitWithTimeout(
            Callable<V> callable, long timeout, TimeUnit unit, Consumer<? super ForkJoinTask<V>> timeoutAction) {
        throw notOffered("submitWithTimeout");
    }

    private static UnsupportedOperationException notOffered(String method) {
        return new UnsupportedOperationException("The scheduler of virtual threads offers no " + method + "; use an executor of your own.");
    }

    /** Nothing: there are no delayed tasks but those of virtual threads. */
    @Override
    public void cancelDelayedTasksOnShutdown() {}

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public void close() {}

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminating() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    /** As the common pool's: waits until nothing runs. @return false: it does not terminate */
    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        awaitQuiescence(timeout, unit);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return false;
    }

    @Override
    public boolean awaitQuiescence(long timeout, TimeUnit unit) {
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        while (!isQuiescent()) {
            if (deadline - System.nanoTime() <= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(this, QUIESCENCE_LOOK_NANOS);
        }
        return true;
    }

    @Override
    public boolean isQuiescent() {
        return target.queuedGlobally() == 0 && target.queuedLocally() == 0 && target.mounted() == 0;
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

    /** Ms in a blocking call are not told from those that compute. */
    @Override
    public int getRunningThreadCount() {
        return target.mounted();
    }

    @Override
    public long getStealCount() {
        return target.steals();
    }

    @Override
    public long getDelayedTaskCount() {
        return target.delayed();
    }

    @Override
    public boolean hasQueuedSubmissions() {
        return target.queuedGlobally() != 0;
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
