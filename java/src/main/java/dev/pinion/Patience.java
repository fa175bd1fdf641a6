package dev.pinion;

import java.util.concurrent.locks.LockSupport;

/** How long a caller of a blocking method waits. Made when the call begins; by the calling thread only. */
final class Patience {
    private final long start = System.nanoTime();
    private final long nanos;

    /** @param nanos {@link Long#MAX_VALUE}: for ever */
    Patience(long nanos) {
        this.nanos = nanos;
    }

    /**
     * Parks once, which may end for no reason: look at what was waited for, and come back.
     *
     * @return false, at once: the time is over
     * @throws InterruptedException if the thread was interrupted meanwhile
     */
    boolean park(Object blocker) throws InterruptedException {
        if (nanos == Long.MAX_VALUE) {
            LockSupport.park(blocker);
        } else {
            long left = nanos - (System.nanoTime() - start);
            if (left <= 0) {
                return false;
            }
            LockSupport.parkNanos(blocker, left);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return true;
    }
}
