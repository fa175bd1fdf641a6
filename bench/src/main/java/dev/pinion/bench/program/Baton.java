package dev.pinion.bench.program;

import java.util.concurrent.locks.LockSupport;

/**
 * A wake-up for one task that is not lost when it comes early: a channel of one without a value. The plain park permit would
 * do, were it not that a park may return for no reason.
 */
final class Baton {

    private volatile Thread owner;
    private volatile boolean here;

    /** Names the task that waits here; before its first {@link #await}. */
    void claim() {
        owner = Thread.currentThread();
    }

    /** Any thread; several passes before the owner looks count as one. */
    void pass() {
        here = true;
        LockSupport.unpark(owner);
    }

    /** Only the owner: waits for the baton and takes it. */
    void await() {
        while (!here) {
            LockSupport.park(this);
        }
        here = false;
    }
}
