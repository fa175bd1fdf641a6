package dev.pinion;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A task started by {@code go}: Go's goroutine, with a handle. Any thread may call any method.
 *
 * <p>The virtual thread under it is used again when the task is over. So hold on to the G, not to {@code Thread.currentThread()}:
 * {@link #interrupt} reaches this task only, an interrupt through the kept thread might reach a later one.
 *
 * @param <T> the result; {@code Void} for a Runnable
 */
public interface G<T> {
    /** Where a G stands. */
    enum State {
        /** In a run queue, never run. */
        FRESH,
        /** Running, or waiting for something. */
        STARTED,
        /** Over, with a result. */
        DONE,
        /** Over, with an exception. */
        FAILED
    }

    /** Unique in the process, from 1 on. */
    long id();

    /** {@code g-17}, or what {@link #name(String)} set. */
    String name();

    /** Names it, and its thread while it runs. @return this */
    G<T> name(String name);

    State state();

    /**
     * Waits until it is over, however it ended.
     *
     * @throws InterruptedException if the calling thread is interrupted first
     * @throws IllegalStateException if it is called by the G itself
     */
    void join() throws InterruptedException;

    /** As {@link #join()}, for a limited time. @return whether it is over */
    boolean join(long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * Waits for the result. An exception of a Callable that nobody gets here goes to the uncaught exception handler, once the G is garbage or the
     * JVM ends; one of a Runnable has gone there at once.
     *
     * @throws ExecutionException with the exception that ended it as the cause
     */
    T get() throws InterruptedException, ExecutionException;

    /** As {@link #get()}, for a limited time. */
    T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException;

    /** Interrupts the task if it runs; a fresh one will start interrupted; one that is over is left alone. */
    void interrupt();
}
