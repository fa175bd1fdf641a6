package dev.pinion.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A P's run queue: a ring and a runnext slot before it. One owner pushes and polls, any thread steals.
 *
 * <p><b>Source.</b> Go's {@code runqput}, {@code runqget}, {@code runqgrab} (proc.go): head and tail run freely and are taken
 * modulo the capacity; the owner moves the tail with a release store, everybody moves the head with a CAS.
 *
 * <p><b>Why a slot may be read before the CAS that claims it.</b> A thief copies slots {@code [h, h+n)} and then moves the head from
 * {@code h} with a CAS. The owner reuses slot {@code h} only after it has seen a head beyond {@code h}, so if any copied slot was
 * overwritten the head has moved, and the CAS fails. A head that has moved by a whole turn of 2^32 between the read and the CAS would
 * defeat this; four thousand million tasks within one copy of at most 128 slots is not a case.
 *
 * <p><b>Who is the owner.</b> The M that holds the P, and only in SCHED (see {@code native/pinion.h}); ownership moves with the P's
 * word, whose CAS orders everything the last owner wrote before anything the next one reads.
 *
 * <p>A slot keeps its last task until it is written again: the owner clears what it polls, a thief cannot, for the slot may be the owner's
 * again. So the owner forgets the rest when it has nothing to do ({@link #forget}); until then a ring's worth of dead tasks is reachable.
 */
public final class LocalRunQueue extends LocalRunQueueTailPad implements StealEnd {
    /** Go's size; half of it overflows at a time. */
    public static final int CAPACITY = 256;

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Runnable[].class);

    private final Runnable[] slots;
    private final int mask;
    private final Overflow overflow;

    /** Up to here {@link #forget} has come. The owner's. */
    private int forgotten;

    public LocalRunQueue(Overflow overflow) {
        this(CAPACITY, overflow);
    }

    /** @param capacity a power of two from 2 on; small ones let a checker see every interleaving */
    public LocalRunQueue(int capacity, Overflow overflow) {
        if (capacity < 2 || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity " + capacity + " is not a power of two of at least 2");
        }
        slots = new Runnable[capacity];
        mask = capacity - 1;
        this.overflow = overflow;
    }

    /**
     * Appends. Executed only by the owner P. When the ring is full, half of it and the task go to the {@link Overflow}.
     *
     * @throws OutOfMemoryError from the {@link Overflow}; the task is not queued then, and what was queued still is
     */
    public void push(Runnable task) {
        while (true) {
            int h = (int) HEAD.getAcquire(this); // pairs with the head CAS of thieves: their reads of the slot are over
            int t = (int) TAIL.get(this);
            if (t - h < slots.length) {
                SLOT.setOpaque(slots, t & mask, task);
                TAIL.setRelease(this, t + 1); // pairs with the acquire of thieves
                return;
            }
            if (pushSlow(task, h, t)) {
                return;
            }
        }
    }

    /** Go's runqputslow. False when a thief made room meanwhile. */
    private boolean pushSlow(Runnable task, int h, int t) {
        int n = (t - h) / 2;
        if (!HEAD.compareAndSet(this, h, h + n)) {
            return false;
        }
        try {
            overflow.overflow(slots, h, n, task); // only the owner writes slots: those it has just claimed still hold their tasks
        } catch (OutOfMemoryError e) {
            // Nothing may be lost: what was taken goes back, behind the rest. The ring was full, so the places behind the tail are the very
            // places they still stand in.
            TAIL.setRelease(this, t + n);
            throw e;
        }
        return true;
    }

    /** Clears what thieves have left behind. Executed only by the owner P, when the ring is empty. */
    public void forget() {
        int t = (int) TAIL.get(this);
        if (t != forgotten && (int) HEAD.getAcquire(this) == t) {
            int n = t - forgotten; // below zero after 2^31 tasks without a rest
            RingCopy.clear(slots, forgotten, n < 0 ? slots.length : Math.min(n, slots.length));
            forgotten = t;
        }
    }

    /** Appends tasks from another ring. Executed only by the owner P, which has seen that there is room. */
    void append(Runnable[] ring, int from, int count) {
        int h = (int) HEAD.getAcquire(this);
        int t = (int) TAIL.get(this);
        if (t - h + count > slots.length) {
            throw new IllegalStateException("no room for " + count + " tasks: the ring must be empty enough before a batch is fetched");
        }
        RingCopy.copy(ring, from, slots, t, count);
        TAIL.setRelease(this, t + count);
    }

    /** Takes the oldest task of the ring, or null. Executed only by the owner P. */
    public Runnable poll() {
        while (true) {
            int h = (int) HEAD.getAcquire(this);
            int t = (int) TAIL.get(this);
            if (t == h) {
                return null;
            }
            int slot = h & mask;
            Runnable task = (Runnable) SLOT.getOpaque(slots, slot);
            if (HEAD.compareAndSet(this, h, h + 1)) {
                SLOT.setOpaque(slots, slot, null);
                return task;
            }
        }
    }

    @Override
    public Runnable peek() {
        int h = (int) HEAD.getAcquire(this);
        return (int) TAIL.getAcquire(this) == h ? null : (Runnable) SLOT.getOpaque(slots, h & mask);
    }

    @Override
    public boolean steal(Runnable expected) {
        int h = (int) HEAD.getAcquire(this);
        return (int) TAIL.getAcquire(this) != h && SLOT.getOpaque(slots, h & mask) == expected && HEAD.compareAndSet(this, h, h + 1);
    }

    /**
     * Puts a task where it runs next; what lay there moves to the tail. Executed only by the owner P.
     *
     * @throws OutOfMemoryError from the {@link Overflow}; the task is not queued then, and what was queued still is
     */
    public void pushNext(Runnable task) {
        if (NEXT.getOpaque(this) == null) {
            NEXT.setRelease(this, task); // only the owner fills the slot, so it is still empty; pairs with a thief's peekNext
            return;
        }
        Runnable kicked = (Runnable) NEXT.getAndSet(this, task); // a thief may be taking it: exactly one of us gets it
        if (kicked == null) {
            return;
        }
        try {
            push(kicked);
        } catch (OutOfMemoryError e) {
            if (NEXT.compareAndSet(this, task, kicked)) {
                throw e;
            }
            NEXT.setRelease(this, kicked); // a thief has the task, so it is queued and there is room for the other
        }
    }

    /**
     * Sends everything to the {@link Overflow}, in the order in which it would have run. Executed only by the owner P.
     *
     * @throws OutOfMemoryError from the {@link Overflow}; what it did not take is still queued
     */
    public void drain() {
        Runnable next = pollNext();
        if (next != null) {
            try {
                overflow.overflow(slots, 0, 0, next);
            } catch (OutOfMemoryError e) {
                NEXT.setRelease(this, next); // only the owner fills the slot
                throw e;
            }
        }
        while (true) {
            int h = (int) HEAD.getAcquire(this);
            int t = (int) TAIL.get(this);
            if (t == h) {
                forget();
                return;
            }
            Runnable last = (Runnable) SLOT.getOpaque(slots, (t - 1) & mask);
            if (HEAD.compareAndSet(this, h, t)) {
                try {
                    overflow.overflow(slots, h, t - h - 1, last);
                } catch (OutOfMemoryError e) {
                    putBack(h, t);
                    throw e;
                }
            }
        }
    }

    /** What was claimed from {@code h} to {@code t} stands behind the tail again: each place written has been read by then. */
    private void putBack(int h, int t) {
        for (int i = 0; i < t - h; i++) {
            SLOT.setOpaque(slots, (t + i) & mask, (Runnable) SLOT.getOpaque(slots, (h + i) & mask));
        }
        TAIL.setRelease(this, t + (t - h));
    }

    /** Takes the runnext task, or null. Executed only by the owner P. */
    public Runnable pollNext() {
        return NEXT.getOpaque(this) == null ? null : (Runnable) NEXT.getAndSet(this, (Runnable) null);
    }

    /** True when ring and runnext are empty. Exact for the owner, a hint for others. */
    public boolean isEmpty() {
        return size() == 0 && NEXT.getAcquire(this) == null;
    }

    @Override
    public int size() {
        int h = (int) HEAD.getAcquire(this);
        int n = (int) TAIL.getAcquire(this) - h;
        return n < 0 ? 0 : Math.min(n, slots.length); // the two reads are not one
    }

    @Override
    public Runnable peekNext() {
        return (Runnable) NEXT.getAcquire(this);
    }

    @Override
    public boolean stealNext(Runnable expected) {
        return NEXT.compareAndSet(this, expected, (Runnable) null);
    }

    @Override
    public Runnable stealInto(LocalRunQueue thief) {
        while (true) {
            int h = (int) HEAD.getAcquire(this); // pairs with other thieves' CAS
            int t = (int) TAIL.getAcquire(this); // pairs with the owner's release: the slots below it are written
            int n = t - h;
            n -= n / 2;
            if (n <= 0) {
                return null;
            }
            if (n > slots.length / 2) {
                continue; // head and tail were read at different times
            }
            int thiefTail = (int) TAIL.get(thief);
            if (thiefTail + n - 1 - (int) HEAD.getAcquire(thief) > thief.slots.length) {
                throw new IllegalStateException("a thief's own queue must be empty");
            }
            RingCopy.copy(slots, h, thief.slots, thiefTail, n - 1);
            Runnable last = (Runnable) SLOT.getOpaque(slots, (h + n - 1) & mask);
            if (HEAD.compareAndSet(this, h, h + n)) {
                if (n > 1) {
                    TAIL.setRelease(thief, thiefTail + n - 1); // pairs with the acquire of those who steal from the thief
                }
                return last;
            }
        }
    }
}
