package dev.pinion;

import dev.pinion.sched.GTask;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The one G. Small, because a spawn is little more than its allocation: the task's field later holds the result, waiters and names are
 * made only when asked for.
 */
final class TaskG<T> extends GTask implements G<T> {
    private static final int FRESH = 0;
    private static final int STARTED = 1;
    /** Somebody is interrupting: the end of the task waits, so that the interrupt cannot reach the next one. */
    private static final int INTERRUPTING = 2;
    private static final int DONE = 3;
    private static final int FAILED = 4;
    private static final int FRESH_INTERRUPTED = 5;

    private static final AtomicLong IDS = new AtomicLong();
    private static final VarHandle STATE;
    private static final VarHandle WAITERS;
    private static final VarHandle ID;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(TaskG.class, "state", int.class);
            WAITERS = lookup.findVarHandle(TaskG.class, "waiters", Waiter.class);
            ID = lookup.findVarHandle(TaskG.class, "id", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private record Waiter(Thread thread, Waiter next) {}

    private final Scheduler scheduler;

    /** The Runnable or Callable; the thread while it runs is in {@link #host}; then the result or the exception. */
    private Object payload;

    /** Written before {@link #state} says STARTED, and only read when it does. */
    private Thread host;

    private volatile String name;
    private volatile Waiter waiters;
    private volatile int state;
    private volatile long id;

    TaskG(Scheduler scheduler, Object task) {
        this.scheduler = scheduler;
        payload = task;
    }

    /** Takes it back, for a scheduler that has ended. @return false: it runs or has run */
    boolean refuse() {
        return STATE.compareAndSet(this, FRESH, FAILED);
    }

    @Override
    protected void runOn(Thread thread) {
        host = thread;
        if (!STATE.compareAndSet(this, FRESH, STARTED)) {
            if (state == FAILED) {
                return; // refused
            }
            thread.interrupt();
            state = STARTED;
        }
        if (name != null) {
            thread.setName(name);
        }
        Object task = payload;
        payload = null; // what the task refers to may be garbage while it runs
        int end = DONE;
        Object result = null;
        try {
            if (task instanceof Callable<?> callable) {
                result = callable.call();
            } else {
                ((Runnable) task).run();
            }
        } catch (Throwable e) {
            end = FAILED;
            result = e;
            if (task instanceof Runnable) {
                scheduler.uncaught(thread, e);
            }
        }
        payload = result;
        while (!STATE.compareAndSet(this, STARTED, end)) {
            Thread.onSpinWait(); // an interrupt is being delivered
        }
        host = null;
        // The CAS above is a full fence, and so is a waiter's enqueuing before it looks at the state: one of the two sees the other.
        for (Waiter w = waiters; w != null; w = w.next) {
            LockSupport.unpark(w.thread);
        }
    }

    @Override
    public long id() {
        long mine = id;
        if (mine == 0) {
            // Given out on demand: most Gs are never asked, and a shared counter would be what all cores meet at.
            ID.compareAndSet(this, 0L, IDS.incrementAndGet());
            mine = id;
        }
        return mine;
    }

    @Override
    public String name() {
        String mine = name;
        return mine == null ? "g-" + id() : mine;
    }

    @Override
    public G<T> name(String newName) {
        if (newName == null) {
            throw new NullPointerException("a G's name is a string, not null");
        }
        name = newName;
        if (STATE.compareAndSet(this, STARTED, INTERRUPTING)) {
            host.setName(newName);
            state = STARTED;
        }
        return this;
    }

    @Override
    public State state() {
        return switch (state) {
            case FRESH, FRESH_INTERRUPTED -> State.FRESH;
            case DONE -> State.DONE;
            case FAILED -> State.FAILED;
            default -> State.STARTED;
        };
    }

    private boolean isOver() {
        int s = state;
        return s == DONE || s == FAILED;
    }

    @Override
    public void join() throws InterruptedException {
        await(Long.MAX_VALUE);
    }

    @Override
    public boolean join(long timeout, TimeUnit unit) throws InterruptedException {
        return await(unit.toNanos(timeout));
    }

    /** @param nanos {@link Long#MAX_VALUE}: for ever */
    private boolean await(long nanos) throws InterruptedException {
        Thread self = Thread.currentThread();
        if (state == STARTED && self == host) {
            throw new IllegalStateException(name() + " waits for itself, which would never end; join it from another G or thread.");
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Patience patience = new Patience(nanos);
        Waiter mine = null;
        while (!isOver()) {
            if (mine == null) {
                Waiter head = waiters;
                Waiter candidate = new Waiter(self, head);
                if (WAITERS.compareAndSet(this, head, candidate)) {
                    mine = candidate;
                }
                continue;
            }
            if (!patience.park(this)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        await(Long.MAX_VALUE);
        return result();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (!join(timeout, unit)) {
            throw new TimeoutException(name() + " is not over after " + timeout + " " + unit);
        }
        return result();
    }

    @SuppressWarnings("unchecked")
    private T result() throws ExecutionException {
        if (state == FAILED) {
            throw new ExecutionException((Throwable) payload);
        }
        return (T) payload;
    }

    @Override
    public void interrupt() {
        while (true) {
            int s = state;
            if (s == FRESH) {
                if (STATE.compareAndSet(this, FRESH, FRESH_INTERRUPTED)) {
                    return;
                }
            } else if (s == STARTED) {
                if (STATE.compareAndSet(this, STARTED, INTERRUPTING)) {
                    host.interrupt();
                    state = STARTED;
                    return;
                }
            } else if (s == INTERRUPTING) {
                Thread.onSpinWait();
            } else {
                return;
            }
        }
    }

    @Override
    public String toString() {
        return "G[" + name() + "," + state() + "]";
    }
}
