package dev.pinion;

import dev.pinion.sched.GTask;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The one G. Small, because a spawn is little more than its allocation: the task's field later holds the result, waiters and names are
 * made only when asked for.
 */
final class TaskG<T> extends GTask implements G<T> {
    private static final int FRESH = 0;
    private static final int STARTED = 1;
    /** Somebody is interrupting or naming its thread: the end of the task waits, so that neither can reach the next one. */
    private static final int HELD = 2;
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

    /** Who waits for the end. */
    private static final class Waiter {
        /** Null: it has given up. */
        volatile Thread thread;

        volatile Waiter next;

        Waiter(Thread thread, Waiter next) {
            this.thread = thread;
            this.next = next;
        }
    }

    private final Scheduler scheduler;

    /** The Runnable or Callable; the thread while it runs is in {@link #host}; then the result or the exception. */
    private Object payload;

    /** Written before {@link #state} says STARTED, and only read when it does, or says HELD. */
    private Thread host;

    private volatile String name;
    private volatile Waiter waiters;
    private volatile int state;
    private volatile long id;

    TaskG(Scheduler scheduler, Object task) {
        this.scheduler = scheduler;
        payload = task;
    }

    /** Loads this class, which a timer may not do: it makes its G in the run loop. */
    static void load() {}

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
            if (task instanceof Callable<?>) {
                result = Unheard.of(this, e, scheduler, thread);
            } else {
                result = e;
                scheduler.uncaught(thread, e);
            }
        }
        payload = result;
        while (!STATE.compareAndSet(this, STARTED, end)) {
            Thread.yield(); // an interrupt is being delivered, perhaps by a G of this P
        }
        host = null;
        // The CAS above is a full fence, and so is a waiter's enqueuing before it looks at the state: one of the two sees the other.
        if (waiters != null) {
            wakeAll((Waiter) WAITERS.getAndSet(this, null));
        }
    }

    private static void wakeAll(Waiter first) {
        for (Waiter w = first; w != null; w = w.next) {
            Thread thread = w.thread;
            if (thread != null) {
                LockSupport.unpark(thread);
            }
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
        Objects.requireNonNull(newName, "the name is null");
        name = newName; // a task that is yet to start will read it
        onThread(thread -> thread.setName(newName));
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
        return await(Objects.requireNonNull(unit, "the unit is null").toNanos(timeout));
    }

    /** @param nanos {@link Long#MAX_VALUE}: for ever */
    private boolean await(long nanos) throws InterruptedException {
        Thread self = Thread.currentThread();
        int s = state;
        if ((s == STARTED || s == HELD) && self == host) {
            throw new IllegalStateException(name() + " waits for itself, which would never end; join it from another G or thread.");
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (isOver()) {
            return true;
        }
        Patience patience = new Patience(nanos);
        Waiter mine = enqueue(self);
        try {
            while (!isOver()) {
                if (!patience.park(this)) {
                    return false;
                }
            }
            return true;
        } finally {
            if (!isOver()) { // else the end takes the whole chain
                giveUp(mine);
            }
        }
    }

    private Waiter enqueue(Thread self) {
        Waiter mine = new Waiter(self, null);
        do {
            mine.next = waiters;
        } while (!WAITERS.compareAndSet(this, mine.next, mine));
        return mine;
    }

    /**
     * Unlinks everybody who has given up (java.util.concurrent.FutureTask.removeWaiter): only what is marked is ever passed over, so a race
     * with another one can bring a marked one back but lose nobody.
     */
    private void giveUp(Waiter mine) {
        mine.thread = null;
        retry:
        while (true) {
            Waiter before = null;
            for (Waiter w = waiters; w != null; w = w.next) {
                if (w.thread != null) {
                    before = w;
                } else if (before != null) {
                    before.next = w.next;
                    if (before.thread == null) {
                        continue retry; // it was unlinked meanwhile, and what was written to it is not in the chain
                    }
                } else if (!WAITERS.compareAndSet(this, w, w.next)) {
                    continue retry;
                }
            }
            return;
        }
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
            Throwable error = payload instanceof Unheard unheard ? unheard.hear() : (Throwable) payload;
            Reference.reachabilityFence(this); // else it may be garbage, and its exception unheard, before the line above
            throw new ExecutionException(error);
        }
        return (T) payload;
    }

    @Override
    public void interrupt() {
        if (!STATE.compareAndSet(this, FRESH, FRESH_INTERRUPTED)) {
            onThread(Thread::interrupt);
        }
    }

    /**
     * Does something to the thread of a running task while the task cannot end. What it throws is the caller's: an interrupt runs code of
     * a channel.
     */
    private void onThread(Consumer<Thread> action) {
        while (true) {
            int s = state;
            if (s == HELD) {
                Thread.yield();
            } else if (s != STARTED) {
                return;
            } else if (STATE.compareAndSet(this, STARTED, HELD)) {
                try {
                    action.accept(host);
                } finally {
                    state = STARTED;
                }
                return;
            }
        }
    }

    @Override
    public String toString() {
        return "G[" + name() + "," + state() + "]";
    }
}
