package dev.pinion.timer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One deadline and what to run then. {@link #cancel} only marks it, as Go's deleted timers are: the heap drops it when it comes to the
 * top, or sweeps when a quarter of it is such zombies. 32 bytes, with the JVM's usual references of four.
 */
public final class Timer implements ScheduledFuture<Void> {
    private static final int WAITING = 0;
    private static final int FIRED = 1;
    private static final int CANCELLED = 2;
    /** Cancelled, and among the zombies of the heap that it lies in. */
    private static final int COUNTED = 3;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Timer.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long when;
    private Runnable command;
    private volatile int state;
    volatile TimerHeap heap;

    /** @param when a {@link System#nanoTime} value, nanoseconds */
    public Timer(long when, Runnable command) {
        this.when = when;
        this.command = command;
    }

    /** In {@link System#nanoTime} nanoseconds. */
    public long when() {
        return when;
    }

    /** What it is to run; null when it has fired or was cancelled. A hint. */
    public Runnable command() {
        return command;
    }

    /**
     * Runs the command unless it was cancelled. On an M, without any lock.
     *
     * @throws OutOfMemoryError out of the command; it has not fired then
     */
    void fire() {
        Runnable c = command;
        if (STATE.compareAndSet(this, WAITING, FIRED)) {
            command = null;
            try {
                c.run();
            } catch (OutOfMemoryError e) {
                command = c;
                state = WAITING;
                throw e;
            }
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!STATE.compareAndSet(this, WAITING, CANCELLED)) {
            return false;
        }
        command = null; // the G behind it must not live as long as the deadline
        TimerHeap h = heap; // second: whoever puts it into another heap writes that first, and then looks whether it is cancelled
        if (h != null) {
            h.cancelled(this);
        }
        return true;
    }

    /** It is cancelled, and among the zombies of its heap. */
    void counted() {
        state = COUNTED;
    }

    /** Whether some heap has it among its zombies. */
    boolean isCounted() {
        return state == COUNTED;
    }

    @Override
    public boolean isCancelled() {
        return state >= CANCELLED;
    }

    @Override
    public boolean isDone() {
        return state != WAITING;
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(when - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    /** Not offered: nothing waits for a timer. */
    @Override
    public Void get() {
        throw new UnsupportedOperationException("a timer has no result to wait for");
    }

    @Override
    public Void get(long timeout, TimeUnit unit) {
        return get();
    }
}
