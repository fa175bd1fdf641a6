package dev.pinion.timer;

import dev.pinion.queue.SpinLock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A P's timers: a 4-ary heap by deadline (Go's time.go), under a {@link SpinLock} because thieves run the timers of a P whose M is busy.
 * {@link #nextWhen} is read without the lock.
 */
public final class TimerHeap {
    /** {@link #nextWhen} of an empty heap. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final VarHandle ZOMBIES;

    static {
        try {
            ZOMBIES = MethodHandles.lookup().findVarHandle(TimerHeap.class, "zombies", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Timers that are moved under the two locks at a time: some microseconds. */
    private static final int SPILL = 64;

    private final Runnable relax;
    private final SpinLock lock;
    private Timer[] heap = new Timer[64];
    private int size;
    private boolean closed;
    private volatile long nextWhen = NEVER;

    @SuppressWarnings("unused")
    private volatile int zombies;

    public TimerHeap(Runnable relax) {
        this.relax = relax;
        lock = new SpinLock(relax);
    }

    /** The earliest deadline in {@link System#nanoTime} nanoseconds, or {@link #NEVER}. May be that of a cancelled timer. */
    public long nextWhen() {
        return nextWhen;
    }

    /** Timers in the heap, zombies included. A hint. */
    public int size() {
        return size;
    }

    /**
     * Any thread.
     *
     * @return false when the heap is closed: its P is gone, use another
     * @throws OutOfMemoryError before anything changed
     */
    public boolean add(Timer timer) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            put(timer);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private void put(Timer timer) {
        if (size > 64 && (int) ZOMBIES.getOpaque(this) > size / 4) {
            sweep();
        }
        if (size == heap.length) {
            Timer[] larger = new Timer[size * 2];
            System.arraycopy(heap, 0, larger, 0, size);
            heap = larger;
        }
        timer.heap = this;
        heap[size] = timer;
        up(size++);
        nextWhen = heap[0].when;
    }

    /**
     * Runs every timer whose deadline is not after {@code now}. On an M; the commands may make Gs runnable.
     *
     * @param refuge a heap that is never closed, for a timer that is to be set again when this one is
     * @return how many ran
     * @throws OutOfMemoryError out of a command; its timer is set again, and the command will run a second time
     */
    public int runExpired(long now, TimerHeap refuge) {
        int fired = 0;
        while (nextWhen <= now && nextWhen != NEVER) {
            Timer due = pop(now);
            if (due == null) {
                break;
            }
            if (!due.isCancelled()) {
                try {
                    due.fire();
                } catch (OutOfMemoryError e) {
                    restore(due, refuge);
                    throw e;
                }
                fired++;
            }
        }
        return fired;
    }

    /** There was room when it was taken out. Where others have filled that since, this waits for memory, as the JDK's submission of a G does. */
    private void restore(Timer timer, TimerHeap refuge) {
        while (true) {
            try {
                if (add(timer) || refuge.add(timer)) {
                    return;
                }
            } catch (OutOfMemoryError e) {
                relax.run();
            }
        }
    }

    private Timer pop(long now) {
        lock.lock();
        try {
            if (size == 0 || heap[0].when > now) {
                return null;
            }
            Timer first = heap[0];
            boolean zombie = first.isCancelled(); // read before the link goes: else the count could sink for good
            first.heap = null;
            Timer last = heap[--size];
            heap[size] = null;
            if (size > 0) {
                heap[0] = last;
                down(0);
            }
            if (zombie) {
                ZOMBIES.getAndAdd(this, -1);
            }
            nextWhen = size == 0 ? NEVER : heap[0].when;
            return first;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Closes the heap and moves its timers. By whoever takes the P away.
     *
     * @throws OutOfMemoryError when there is no room in the other heap; every timer is in one of the two then, and this one is open
     */
    public void moveTo(TimerHeap other) {
        Timer[] left;
        int count;
        lock.lock();
        try {
            closed = true;
            left = heap; // nobody but this thread touches it until the heap is open again
            count = size;
            size = 0;
            nextWhen = NEVER;
        } finally {
            lock.unlock();
        }
        try {
            while (count > 0) {
                if (!left[count - 1].isCancelled()) {
                    other.add(left[count - 1]);
                }
                left[--count] = null;
            }
            ZOMBIES.setVolatile(this, 0);
        } catch (OutOfMemoryError e) {
            putBack(count);
            throw e;
        }
    }

    /**
     * Moves its timers and stays open. Any thread, one at a time; waits for no lock, since that may be held by a thread that gets no CPU.
     *
     * @return true: it was empty at the end; false: a lock was held, or the other heap is closed, and what was not moved is still here
     * @throws OutOfMemoryError when there is no room in the other heap; every timer is in one of the two then
     */
    public boolean spillTo(TimerHeap other) {
        while (lock.tryLock()) {
            try {
                if (size == 0) {
                    return true;
                }
                if (!other.lock.tryLock()) { // nobody else holds two, so the order does not matter
                    return false;
                }
                try {
                    if (other.closed) {
                        return false;
                    }
                    spillSome(other);
                } finally {
                    other.lock.unlock();
                }
            } finally {
                lock.unlock();
            }
        }
        return false;
    }

    /** From the end of the array: what is left of it is a heap as it is. Under both locks. */
    private void spillSome(TimerHeap other) {
        for (int n = 0; n < SPILL && size > 0; n++) {
            Timer last = heap[size - 1];
            if (!last.isCancelled()) {
                other.put(last);
            }
            heap[--size] = null;
        }
        if (size == 0) {
            ZOMBIES.setVolatile(this, 0);
            nextWhen = NEVER;
        }
    }

    /** What is left of a move is the beginning of the array, and so a heap as it is. */
    private void putBack(int count) {
        lock.lock();
        try {
            size = count;
            closed = false;
            nextWhen = heap[0].when;
        } finally {
            lock.unlock();
        }
    }

    /** Lets a closed heap be used again. */
    public void reopen() {
        lock.lock();
        closed = false;
        lock.unlock();
    }

    void cancelled() {
        ZOMBIES.getAndAdd(this, 1);
    }

    private void sweep() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (!heap[i].isCancelled()) {
                heap[kept++] = heap[i];
            }
        }
        for (int i = kept; i < size; i++) {
            heap[i] = null;
        }
        size = kept;
        ZOMBIES.setVolatile(this, 0); // one that is cancelled at this moment is counted or not: only the next sweep's time depends on it
        for (int i = (size - 2) / 4; i >= 0 && size > 1; i--) {
            down(i);
        }
        nextWhen = size == 0 ? NEVER : heap[0].when;
    }

    private void up(int i) {
        Timer timer = heap[i];
        while (i > 0) {
            int parent = (i - 1) / 4;
            if (heap[parent].when <= timer.when) {
                break;
            }
            heap[i] = heap[parent];
            i = parent;
        }
        heap[i] = timer;
    }

    private void down(int i) {
        Timer timer = heap[i];
        while (true) {
            int child = 4 * i + 1;
            if (child >= size) {
                break;
            }
            int least = child;
            for (int c = child + 1; c < Math.min(child + 4, size); c++) {
                if (heap[c].when < heap[least].when) {
                    least = c;
                }
            }
            if (heap[least].when >= timer.when) {
                break;
            }
            heap[i] = heap[least];
            i = least;
        }
        heap[i] = timer;
    }
}
