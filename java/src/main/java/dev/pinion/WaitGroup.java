package dev.pinion;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for a number of Gs to end (Go: sync.WaitGroup). Any thread may call any method; add before the G that will call {@link #done} is
 * started. It can be used again once every {@link #await} has returned.
 */
public final class WaitGroup {
    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(WaitGroup.class, "count", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused")
    private volatile long count;

    /** Stands in the queue for one waiting thread, until it is released or gives up. */
    private static final class Waiter {
        final Thread thread = Thread.currentThread();
        volatile boolean released;
    }

    /**
     * Each waiter enqueues itself and then looks at the count again; who brings the count to 0 then empties the queue. It may be late and
     * meet waiters of the next round: those see that they were taken out, and enqueue themselves anew.
     */
    private final ConcurrentLinkedQueue<Waiter> waiters = new ConcurrentLinkedQueue<>();

    /** With the counter at zero. */
    public WaitGroup() {}

    /**
     * Adds {@code delta}, which may be negative.
     *
     * @throws IllegalStateException if the counter would go below zero; it then stays as it was
     */
    public void add(int delta) {
        long before;
        do {
            before = count;
            if (before + delta < 0) {
                throw new IllegalStateException("negative WaitGroup counter: it is " + before + ", and " + delta
                        + " was added; call add before the G starts and done once for each.");
            }
        } while (!COUNT.compareAndSet(this, before, before + delta));
        if (before + delta == 0 && delta != 0) {
            for (Waiter waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
                waiter.released = true;
                LockSupport.unpark(waiter.thread);
            }
        }
    }

    /** Takes one off. @throws IllegalStateException if the counter is zero */
    public void done() {
        add(-1);
    }

    /** Starts {@code task} on the default scheduler, counted: {@code add(1)} before it, {@code done()} after it, however it ends. */
    public G<Void> go(Runnable task) {
        return go(Pinion.scheduler(), task);
    }

    /** As {@link #go(Runnable)}, on another scheduler. */
    public G<Void> go(Scheduler scheduler, Runnable task) {
        Objects.requireNonNull(scheduler, "the scheduler is null");
        Objects.requireNonNull(task, "the task is null");
        add(1);
        try {
            return scheduler.go(() -> {
                try {
                    task.run();
                } finally {
                    done();
                }
            });
        } catch (Throwable e) {
            done();
            throw e;
        }
    }

    /** Waits until the counter is zero. @throws InterruptedException if the calling thread is interrupted first */
    public void await() throws InterruptedException {
        await(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }

    /** As {@link #await()}, for a limited time. @return whether the counter was seen at zero */
    public boolean await(long timeout, TimeUnit unit) throws InterruptedException {
        Objects.requireNonNull(unit, "the unit is null");
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (count == 0) {
            return true;
        }
        Patience patience = new Patience(unit.toNanos(timeout));
        Waiter self = new Waiter();
        waiters.add(self);
        try {
            while (count != 0) {
                if (self.released) {
                    self = new Waiter();
                    waiters.add(self);
                    continue;
                }
                if (!patience.park(this)) {
                    return false;
                }
            }
            return true;
        } finally {
            waiters.remove(self);
        }
    }
}
