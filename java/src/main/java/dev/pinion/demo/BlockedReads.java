package dev.pinion.demo;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * When each read of one G began and ended, and when another G ran first after it began: seen from the program, so the same way on every scheduler.
 * Times are {@code System.nanoTime()}, which is taken as never 0.
 */
final class BlockedReads {
    private final AtomicLongArray starts;
    private final AtomicLongArray ends;
    private final AtomicLongArray nexts;

    /** Published last, so a read that is counted has its start. */
    private volatile int begun;

    /** Of the reads that are over. */
    private final AtomicLong nanos = new AtomicLong();

    /** @param most reads there may be */
    BlockedReads(int most) {
        starts = new AtomicLongArray(most);
        ends = new AtomicLongArray(most);
        nexts = new AtomicLongArray(most);
    }

    /** By the G that reads. */
    void begins() {
        starts.set(begun, System.nanoTime());
        begun++;
    }

    /** By the G that reads. */
    void ends() {
        long end = System.nanoTime();
        nanos.addAndGet(end - starts.get(begun - 1));
        ends.set(begun - 1, end);
    }

    /** By each of the others, whenever it gets to run. */
    void anotherRan() {
        int last = begun - 1;
        if (last >= 0 && nexts.get(last) == 0) {
            nexts.compareAndSet(last, 0, System.nanoTime());
        }
    }

    /** How long there was a read until {@code now}; any thread. One that ends at this moment may be missing. */
    long blockedNanos(long now) {
        long over = nanos.get();
        int last = begun - 1;
        return last >= 0 && ends.get(last) == 0 ? over + now - starts.get(last) : over;
    }

    /** Reads during which another G ran. */
    int noticed() {
        int count = 0;
        for (int i = 0; i < begun; i++) {
            if (nexts.get(i) != 0 && (ends.get(i) == 0 || nexts.get(i) - ends.get(i) < 0)) {
                count++;
            }
        }
        return count;
    }

    /** Of each read, nanoseconds from its begin until another G ran, or until {@code end}, if none had by then. */
    long[] untilAnotherRan(long end) {
        long[] waits = new long[begun];
        for (int i = 0; i < waits.length; i++) {
            waits[i] = (nexts.get(i) != 0 ? nexts.get(i) : end) - starts.get(i);
        }
        return waits;
    }
}
