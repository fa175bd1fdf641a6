package dev.pinion.sched;

import dev.pinion.queue.SpinLock;

/**
 * A scheduler's locked Gs by their thread: a hash table of our own, because it is searched by whoever makes such a G ready, who may not
 * park, and walked when the heap is full. Any thread.
 */
final class LockedGs {
    private final SpinLock lock = new SpinLock(Sched.RELAX);
    private LockedG[] chains = new LockedG[16];
    private int size;

    /** @throws OutOfMemoryError before anything changed */
    void add(LockedG g) {
        lock.lock();
        try {
            if (size == chains.length) {
                grow();
            }
            int i = index(chains, g.thread);
            g.nextInTable = chains[i];
            chains[i] = g;
            size++;
        } finally {
            lock.unlock();
        }
    }

    private void grow() {
        LockedG[] larger = new LockedG[2 * chains.length];
        for (LockedG g : chains) {
            while (g != null) {
                LockedG next = g.nextInTable;
                int i = index(larger, g.thread);
                g.nextInTable = larger[i];
                larger[i] = g;
                g = next;
            }
        }
        chains = larger;
    }

    private static int index(LockedG[] table, Thread thread) {
        return (int) thread.threadId() & table.length - 1;
    }

    void remove(LockedG gone) {
        lock.lock();
        try {
            int i = index(chains, gone.thread);
            LockedG before = null;
            for (LockedG g = chains[i]; g != gone; g = g.nextInTable) {
                before = g;
            }
            if (before == null) {
                chains[i] = gone.nextInTable;
            } else {
                before.nextInTable = gone.nextInTable;
            }
            size--;
        } finally {
            lock.unlock();
        }
    }

    /** Null: this thread is not locked. */
    LockedG find(Thread thread) {
        lock.lock();
        try {
            LockedG g = chains[index(chains, thread)];
            while (g != null && g.thread != thread) {
                g = g.nextInTable;
            }
            return g;
        } finally {
            lock.unlock();
        }
    }

    /** Makes the sleeping Ms look around. */
    void nudge() {
        lock.lock();
        for (LockedG chain : chains) {
            for (LockedG g = chain; g != null; g = g.nextInTable) {
                g.m.nudge();
            }
        }
        lock.unlock();
    }

    /** Ms that sleep until it is their G's turn (Go: nmidlelocked). A hint. */
    int asleep() {
        int n = 0;
        lock.lock();
        for (LockedG chain : chains) {
            for (LockedG g = chain; g != null; g = g.nextInTable) {
                n += g.asleep ? 1 : 0;
            }
        }
        lock.unlock();
        return n;
    }

    /** Locked Gs whose M is of this P and has one of its idle slots. */
    int withSlot(P home) {
        int n = 0;
        lock.lock();
        for (LockedG chain : chains) {
            for (LockedG g = chain; g != null; g = g.nextInTable) {
                n += g.m.home == home && g.m.slot >= 0 ? 1 : 0;
            }
        }
        lock.unlock();
        return n;
    }
}
