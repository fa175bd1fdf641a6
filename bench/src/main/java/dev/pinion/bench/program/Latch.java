package dev.pinion.bench.program;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A count-down for one waiter, made for the thread that creates it: one atomic decrement an arrival and one unpark at the
 * end, so that a workload measures the scheduler and not a general-purpose latch.
 */
final class Latch {

    private final Thread waiter = Thread.currentThread();
    private final AtomicInteger left = new AtomicInteger();

    Latch(int count) {
        left.set(count);
    }

    /** For the next round; only by the waiter, and only after {@link #await} returned. */
    void reset(int count) {
        left.set(count);
    }

    /** Any thread. */
    void countDown() {
        if (left.decrementAndGet() == 0) {
            LockSupport.unpark(waiter);
        }
    }

    /** How many have not arrived; any thread. */
    int left() {
        return left.get();
    }

    /** Only the thread that made the latch. Parks again when woken early. */
    void await() {
        while (left.get() > 0) {
            LockSupport.park(this);
        }
    }
}
