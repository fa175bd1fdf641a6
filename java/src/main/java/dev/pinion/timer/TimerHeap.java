package dev.pinion.timer;

import dev.pinion.queue.SpinLock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * A P's timers: a 4-ary heap by deadline (Go's time.go), under a {@link SpinLock} because thieves run the timers of a P whose M is busy.
 * {@link #nextWhen} is read without the lock.
 *
 * <p>The deadlines lie in an array of their own, as in Go: among a million timers each look at one would else be a miss of the cache, and a
 * timer that is due passes forty. A timer that waits costs its 32 bytes and a place, 12 bytes and, before the arrays have filled, up to as
 * much again.
 *
 * <p>One that is cancelled stays as a zombie until it comes to the top or a quarter of the heap is such; then whoever cancels or adds sweeps.
 * That takes some 10 ns for each timer, some milliseconds of a million, in which the P's other timers wait: Go does the same. Removed at
 * once, each would have to know its place, which each of the timers that pass would write down on its own line of the cache.
 *
 * <p>The zombies are counted without the lock, and never as fewer than there are, or they would pile up. Whoever cancels marks the timer, and
 * then counts it in the heap that it lies in; whoever puts one into a heap writes that down, and then looks for the mark (a Dekker pair: one of the two
 * counts it there, and perhaps both do). The count is taken back for one that comes to the top only if it says of itself that it was counted, and a
 * sweep begins with zero before it looks at the first. What is counted too much lasts to the next sweep.
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

    /** Fewer zombies than these are not worth a sweep, and fewer places not worth giving back. */
    private static final int FEW = 64;

    private final Runnable relax;
    private final SpinLock lock;
    private Timer[] heap = new Timer[FEW];

    /** Of the timer at the same index. */
    private long[] whens = new long[FEW];

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
        if (wantsSweep()) {
            sweep();
        }
        if (size == heap.length) {
            resize(2 * size);
        } else if (size < heap.length / 8 && heap.length > FEW) {
            giveBack();
        }
        timer.heap = this;
        up(size++, timer, timer.when());
        nextWhen = whens[0]; // volatile, as the heap is: a full fence before the look at the mark
        if (timer.isCancelled()) { // counted or not: that may have been in the heap that it comes from
            count(timer);
        }
    }

    /** Half of the places. A full heap is no reason to refuse a timer for which there is room. */
    private void giveBack() {
        try {
            resize(heap.length / 2);
        } catch (OutOfMemoryError e) {
            return; // the next add tries again
        }
    }

    private void resize(int length) {
        Timer[] newHeap = new Timer[length];
        long[] newWhens = new long[length];
        System.arraycopy(heap, 0, newHeap, 0, size);
        System.arraycopy(whens, 0, newWhens, 0, size);
        heap = newHeap;
        whens = newWhens;
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
            if (size == 0 || whens[0] > now) {
                return null;
            }
            Timer first = heap[0];
            if (first.isCounted()) {
                ZOMBIES.getAndAdd(this, -1);
            }
            first.heap = null;
            Timer last = heap[--size];
            heap[size] = null;
            if (size > 0) {
                down(0, last, whens[size]);
            }
            nextWhen = size == 0 ? NEVER : whens[0];
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
            } else if (last.isCounted()) {
                ZOMBIES.getAndAdd(this, -1);
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
            nextWhen = whens[0];
        } finally {
            lock.unlock();
        }
    }

    /** What is in it, in no order. Any thread; holds the lock while it copies. */
    public Timer[] snapshot() {
        lock.lock();
        try {
            return Arrays.copyOf(heap, size);
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

    /** One of its timers was cancelled. Any thread; waits for no lock, for whoever has it puts off the sweep to the next. */
    void cancelled(Timer timer) {
        count(timer);
        if (wantsSweep() && lock.tryLock()) {
            try {
                if (!closed && wantsSweep()) { // closed: somebody moves what is in the arrays
                    sweep();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void count(Timer timer) {
        ZOMBIES.getAndAdd(this, 1);
        timer.counted(); // second: it may be taken back then
    }

    /** Of those in the heap, those that are cancelled; perhaps more. Exact while nothing happens, if nothing happened at once. */
    int zombies() {
        return zombies;
    }

    /** A quarter (Go: zombies &gt; len/4). Without the lock, a hint. */
    private boolean wantsSweep() {
        int z = (int) ZOMBIES.getOpaque(this);
        return z >= FEW / 4 && z > size / 4;
    }

    private void sweep() {
        int kept = 0;
        ZOMBIES.setVolatile(this, 0); // first: one that is cancelled behind this look is counted after it
        for (int i = 0; i < size; i++) {
            if (!heap[i].isCancelled()) {
                heap[kept] = heap[i];
                whens[kept++] = whens[i];
            }
        }
        for (int i = kept; i < size; i++) {
            heap[i] = null;
        }
        size = kept;
        for (int i = (size - 2) / 4; i >= 0 && size > 1; i--) {
            down(i, heap[i], whens[i]);
        }
        nextWhen = size == 0 ? NEVER : whens[0];
    }

    /** Puts a timer at {@code i}, which is free, or above it. */
    private void up(int i, Timer timer, long when) {
        while (i > 0) {
            int parent = (i - 1) / 4;
            if (whens[parent] <= when) {
                break;
            }
            heap[i] = heap[parent];
            whens[i] = whens[parent];
            i = parent;
        }
        heap[i] = timer;
        whens[i] = when;
    }

    /** Puts a timer at {@code i}, whose own has gone, or below it. */
    private void down(int i, Timer timer, long when) {
        while (true) {
            int child = 4 * i + 1;
            if (child >= size) {
                break;
            }
            int least = child;
            for (int c = child + 1; c < Math.min(child + 4, size); c++) {
                if (whens[c] < whens[least]) {
                    least = c;
                }
            }
            if (whens[least] >= when) {
                break;
            }
            heap[i] = heap[least];
            whens[i] = whens[least];
            i = least;
        }
        heap[i] = timer;
        whens[i] = when;
    }
}
