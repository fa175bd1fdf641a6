package dev.pinion.sched;

import dev.pinion.queue.SpinLock;

/**
 * The locked Gs that are ready to run and wait for this P, first in, first out. Nobody steals from it. Linked through the Gs themselves:
 * making a G ready takes no memory.
 */
final class LockedReady {
    private final SpinLock lock = new SpinLock(Sched.RELAX);
    private LockedG first;
    private LockedG last;
    private boolean closed;

    /** Under the lock; read without it as the queues' sizes are, with a fence of the reader's (native/pinion.h, 2 and 11). */
    private volatile boolean empty = true;

    boolean isEmpty() {
        return empty;
    }

    /** Any thread. @return false: the P is out of service, the G goes to another */
    boolean push(LockedG g) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            if (first == null) {
                first = g;
            } else {
                last.nextReady = g;
            }
            last = g;
            empty = false;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the one that waits longest, or null. By the owner of the P, who gives it the P. */
    LockedG poll() {
        if (empty) {
            return null;
        }
        lock.lock();
        try {
            return first == null ? null : take();
        } finally {
            lock.unlock();
        }
    }

    /** Takes {@code g} if it is the only one. By its M, which owns the P. */
    boolean takeIfAlone(LockedG g) {
        if (empty) {
            return false;
        }
        lock.lock();
        try {
            if (first != g || last != g) {
                return false;
            }
            take();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private LockedG take() {
        LockedG g = first;
        first = g.nextReady;
        g.nextReady = null;
        empty = first == null;
        return g;
    }

    /** By the owner of a P that goes. From now on {@link #push} refuses, and what is left can be polled. */
    void close() {
        lock.lock();
        closed = true;
        lock.unlock();
    }

    void reopen() {
        lock.lock();
        closed = false;
        lock.unlock();
    }
}
