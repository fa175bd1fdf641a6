package dev.pinion.sched;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * No more Ms than this (Go: SetMaxThreads; there the program dies). A P that gets none keeps its owner, which is sysmon for that time: its Gs
 * go to the global queue, where Ps that have an M find them, and it waits for the first M that comes back to it, for a locked G of its own that
 * becomes ready, or for room: idle Ms of other Ps end at once while one lacks an M.
 *
 * <p>The race: an M comes back (its bit among the idle ones), or ends (the count of Ms), and then looks whether a P lacks one; sysmon says that
 * one does, and then looks at the bits and the count again. All four are volatile, so one of the two sees the other.
 *
 * <p>By sysmon, unless said.
 */
final class ThreadLimit {
    /** Go's. */
    static final int DEFAULT = 10_000;

    /** The kernel has no more threads than this (PID_MAX_LIMIT). */
    static final int MOST = 1 << 22;

    private final Sched sched;
    private final int max;

    /** Ps that lack an M. */
    private final AtomicInteger lacking = new AtomicInteger();

    private boolean said;

    ThreadLimit(Sched sched, int max) {
        this.sched = sched;
        this.max = max;
    }

    boolean isReached() {
        return sched.machines.alive() >= max;
    }

    boolean isAnyLacking() {
        return lacking.get() != 0;
    }

    /** An M is idle or has ended. Any thread, afterwards. */
    void cameBack() {
        if (isAnyLacking()) {
            sched.sysmon.wake();
        }
    }

    /** Whether an idle M of this P should end so that another P can have one. Any thread. */
    boolean wantsRoom(P home) {
        return isAnyLacking() && !home.lacksM;
    }

    /** There is no M for a P that has no other owner. */
    void lack(P p, long epoch, boolean spinning) {
        p.wantedEpoch = epoch;
        p.lacksM = true;
        lacking.incrementAndGet();
        if (spinning) {
            sched.spinning.decrementAndGet(); // others relied on its search: what they queued is looked for below
        }
        try {
            p.queue.drain();
        } catch (OutOfMemoryError e) {
            // what could not be moved waits here
        }
        sched.fence();
        if (sched.anyStealable(p)) {
            sched.wake(p.id);
        }
        sched.sysmon.endAll(); // so that idle Ms of other Ps look whether they should go
        if (!said) {
            said = true;
            Warnings.say("all Ms that maxthreads=" + max + " allows are there and busy; Gs wait until one of them comes back.");
        }
    }

    /** Looks what there is for the Ps that lack an M. @throws RuntimeException or Error when a thread could not be made; the P still lacks one */
    void serve() {
        if (!isAnyLacking()) {
            return;
        }
        for (P p : sched.allPs()) {
            if (p.lacksM) {
                serve(p);
            }
        }
    }

    private void serve(P p) {
        long epoch = p.wantedEpoch;
        if (p.retired && sched.resize.retire(p, epoch)) {
            found(p);
            return;
        }
        LockedG locked = p.retired ? null : p.lockedReady.poll();
        if (locked != null) {
            found(p);
            locked.giveTurn(p, epoch);
            return;
        }
        M idle = p.popIdle();
        if (idle != null) {
            found(p);
            idle.give(epoch, false);
        } else if (!isReached()) {
            sched.machines.start(p, epoch, false);
            found(p); // nothing can have been asked of sysmon meanwhile but to itself
        }
    }

    private void found(P p) {
        lacking.decrementAndGet(); // first: an M of this P must not believe that it is another P that lacks one
        p.lacksM = false;
    }
}
