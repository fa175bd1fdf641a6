package dev.pinion.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The queue all Ps share: overflow, submissions from threads that hold no P, and the Gs of Ps that go. First in, first out; any thread.
 *
 * <p>A growing circular array under a {@link SpinLock}, as Go's is a list under {@code sched.lock}. Rejected: a linked lock-free queue,
 * which allocates at each push (a push may be the unpark of a G, which must not fail), and JCTools' chunked queues, which allow one
 * consumer only.
 *
 * <p>{@link #size} is read without the lock. Whoever pushes and then looks for idle Ps, and whoever goes idle and then looks here, puts
 * a full fence between the two; the essay is in {@code native/pinion.h}.
 */
public final class GlobalRunQueue implements Overflow {
    private static final VarHandle SIZE;

    static {
        try {
            SIZE = MethodHandles.lookup().findVarHandle(GlobalRunQueue.class, "size", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SpinLock lock;
    private Runnable[] slots = new Runnable[1024];
    private int head;
    private volatile int size;

    public GlobalRunQueue(Runnable relax) {
        lock = new SpinLock(relax);
    }

    /** Appends one task. @throws OutOfMemoryError before anything changed */
    public void push(Runnable task) {
        lock.lock();
        try {
            int n = size;
            reserve(n + 1);
            slots[(head + n) & (slots.length - 1)] = task;
            SIZE.setRelease(this, n + 1);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void overflow(Runnable[] ring, int from, int count, Runnable last) {
        lock.lock();
        try {
            int n = size;
            reserve(n + count + 1);
            RingCopy.copy(ring, from, slots, head + n, count);
            slots[(head + n + count) & (slots.length - 1)] = last;
            SIZE.setRelease(this, n + count + 1);
        } finally {
            lock.unlock();
        }
    }

    /** Takes the oldest task, or null. */
    public Runnable poll() {
        if (size == 0) {
            return null;
        }
        lock.lock();
        try {
            return size == 0 ? null : take();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a P's fair share, {@code min(max, size / sharers + 1)}: the first is returned, the rest go to the P's own queue. Executed by
     * the owner of {@code local}, which has room for {@code max}. (Go: globrunqgetbatch.)
     */
    public Runnable pollBatch(LocalRunQueue local, int max, int sharers) {
        if (size == 0) {
            return null;
        }
        lock.lock();
        try {
            int n = Math.min(Math.min(max, size), size / sharers + 1);
            if (n == 0 || size == 0) {
                return null;
            }
            Runnable first = slots[head];
            local.append(slots, head + 1, n - 1);
            RingCopy.clear(slots, head, n);
            head = (head + n) & (slots.length - 1);
            SIZE.setRelease(this, size - n);
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** The oldest task, or null. A hint: it may be gone at the next moment. Waits for nobody. */
    public Runnable peek() {
        Runnable[] now = slots;
        return size == 0 ? null : now[head & (now.length - 1)];
    }

    /** Tasks queued now. A hint. */
    public int size() {
        return size;
    }

    private Runnable take() {
        Runnable task = slots[head];
        slots[head] = null;
        head = (head + 1) & (slots.length - 1);
        SIZE.setRelease(this, size - 1);
        return task;
    }

    private void reserve(int wanted) {
        if (wanted > slots.length) {
            Runnable[] larger = new Runnable[Integer.highestOneBit(wanted - 1) << 1];
            RingCopy.copy(slots, head, larger, 0, size);
            slots = larger;
            head = 0;
        }
    }
}
