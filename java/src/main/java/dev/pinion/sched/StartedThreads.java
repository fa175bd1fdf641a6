package dev.pinion.sched;

import dev.pinion.vthread.VThreads;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Plain virtual threads that were started and have not ended, for thread dumps, in place of the JDK's own set of all threads: a concurrent
 * hash table that every start and every end goes through, a sixth of a spawn's time and 40 bytes of each thread.
 *
 * <p>Nothing is taken out when a thread ends. The ended ones are dropped when the array is full; when its owner has nothing to do, of those that
 * came last ({@link #tidy}); and now and then by sysmon, once half of all may have ended ({@link #sweep}). So, but for the time between two
 * sweeps, about as many ended threads are kept as there are living ones and {@value #FIRST} more at most, also where the owner never comes again.
 * The owner looks at {@value #FIRST} when it rests and no more: a million are a million cache misses, while its P serves nobody and submitters
 * may count on it as a searcher.
 *
 * <p>One owner adds and tidies. Any thread may look ({@link #living}), and sees an array as it was at some moment: compaction makes a new one.
 * A sweep changes a slot from an ended thread to null, and the owner writes to null slots only, so the two need no lock.
 */
final class StartedThreads {
    private static final int FIRST = 256;

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Thread[].class);

    /** How many plain threads have ended in the scheduler so far, more or less. */
    private final LongSupplier ended;

    /** What is listed; null: free, or dropped. */
    volatile Thread[] slots = new Thread[FIRST];
    private int next;
    private int tidied;
    private long endedAtCompaction;

    /** By who sweeps. */
    private long endedAtSweep;

    StartedThreads(LongSupplier ended) {
        this.ended = ended;
    }

    /** By the owner. @throws OutOfMemoryError before anything changed */
    void add(Thread thread) {
        if (next == slots.length) {
            makeRoom();
        }
        SLOT.setRelease(slots, next++, thread);
    }

    private void makeRoom() {
        if (mayHaveEnded(endedAtCompaction, next)) {
            compact();
        } else {
            slots = Arrays.copyOf(slots, 2 * next); // to look at each thread would be a cache miss each
        }
    }

    /** Whether so many ended in the scheduler since this list was looked through that half of {@code listed} may be among them. */
    private boolean mayHaveEnded(long endedThen, int listed) {
        return ended.getAsLong() - endedThen > listed / 2;
    }

    private void compact() {
        endedAtCompaction = ended.getAsLong();
        Thread[] old = slots;
        int living = 0;
        for (Thread thread : old) {
            if (thread != null && !VThreads.isTerminated(thread)) {
                living++;
            }
        }
        Thread[] fresh = new Thread[Math.max(FIRST, 2 * living)];
        int n = 0;
        for (Thread thread : old) {
            if (thread != null && !VThreads.isTerminated(thread)) { // more may have ended since they were counted, not fewer
                fresh[n++] = thread;
            }
        }
        next = n;
        tidied = n;
        slots = fresh;
    }

    /** Drops those that ended of the last that came. By the owner, when it has nothing to do; allocates nothing. */
    void tidy() {
        Thread[] threads = slots;
        for (int i = Math.max(tidied, next - FIRST); i < next; i++) {
            Thread thread = threads[i];
            if (thread != null && VThreads.isTerminated(thread)) {
                SLOT.setOpaque(threads, i, null);
            }
        }
        while (next > 0 && threads[next - 1] == null) {
            next--;
        }
        tidied = next;
    }

    /** Drops all that ended, if half may have. By one thread, the owner or not; allocates nothing. */
    void sweep() {
        long endedNow = ended.getAsLong();
        if (endedNow == endedAtSweep) {
            return;
        }
        Thread[] threads = slots;
        int listed = 0;
        for (int i = 0; i < threads.length; i++) {
            listed += SLOT.getOpaque(threads, i) == null ? 0 : 1;
        }
        if (!mayHaveEnded(endedAtSweep, listed)) {
            return;
        }
        endedAtSweep = endedNow;
        for (int i = 0; i < threads.length; i++) {
            Thread thread = (Thread) SLOT.getAcquire(threads, i);
            if (thread != null && VThreads.isTerminated(thread)) {
                SLOT.compareAndSet(threads, i, thread, null); // the owner may have dropped it and filled the place again
            }
        }
    }

    /**
     * Adds all of another's, whose owner the caller is too; that one is empty then. Goes through the array by hand, because it runs in
     * scheduler code, where no class is loaded and nothing is linked for the first time.
     *
     * @throws OutOfMemoryError before anything changed
     */
    void moveFrom(StartedThreads other) {
        Thread[] theirs = other.slots;
        Thread[] none = new Thread[FIRST];
        if (slots.length - next < other.next) {
            slots = Arrays.copyOf(slots, 2 * (next + other.next));
        }
        for (int i = 0; i < other.next; i++) {
            Thread thread = theirs[i];
            if (thread != null && !VThreads.isTerminated(thread)) {
                add(thread);
            }
        }
        other.next = 0;
        other.tidied = 0;
        other.slots = none;
    }

    /** Those that live, more or less. Any thread. */
    Stream<Thread> living() {
        Thread[] threads = slots;
        Stream.Builder<Thread> found = Stream.builder();
        for (int i = 0; i < threads.length; i++) {
            Thread thread = (Thread) SLOT.getAcquire(threads, i);
            if (thread != null && !VThreads.isTerminated(thread)) {
                found.add(thread);
            }
        }
        return found.build();
    }
}
