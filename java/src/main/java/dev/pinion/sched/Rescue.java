package dev.pinion.sched;

import dev.pinion.nativelib.SharedMemory;
import dev.pinion.observe.Cause;

/**
 * What waits at a P whose core somebody of a higher class has (a real-time thread, an interrupt storm, a hypervisor). Another M of that core would
 * get no CPU either, and Ps that have work of their own do not steal. So the Gs go to the global queue and the timers to another P's heap; the P
 * goes on, empty, under another M, which runs, and finds work as any other, when the core is free again. The G that ran there waits for that.
 *
 * <p>Only a P in RUNNING or SYSCALL can be helped so. What lies at one in SCHED is for thieves.
 *
 * <p>By sysmon, which does not wait for the heap's lock: its holder can be the very M that gets no CPU. For the global queue's it does wait, which an M
 * holds for a push; one that is kept off the core in the middle of that holds up everybody who pushes there, until it goes on.
 */
final class Rescue implements Runnable {
    /** Tries to move the timers: what holds their lock, if it has a CPU, is through with it within one of them. */
    private static final int TRIES = 100;

    private final Sched sched;
    private final long[] words = new long[SchedConfig.MAX_PROCS];
    private final int[] ticks = new int[SchedConfig.MAX_PROCS];
    private P p;
    private P heir;
    private long seen;
    private boolean taken;

    Rescue(Sched sched) {
        this.sched = sched;
    }

    /** Whether anything but the global queue waits for it, which others see to. */
    static boolean isWanted(P p, long now) {
        return !p.queue.isEmpty() || p.timers.nextWhen() < now;
    }

    /** @return whether it was taken: not if its word has changed, nor if no other P could take over what it has */
    boolean take(P stalled, long word) {
        p = stalled;
        seen = word;
        taken = false;
        return sched.resize.unlessChanging(this) && taken; // so that the heir does not go meanwhile
    }

    /** Under the GOMAXPROCS lock. */
    @Override
    public void run() {
        heir = heirOf(p);
        if (heir == null || !HandOff.take(p, seen, Cause.STALLED, this)) {
            return;
        }
        taken = true;
        words[p.id] = SharedMemory.longAcquire(p.word);
        ticks[p.id] = p.schedTick;
        sched.fence(); // race 5: what was moved is a submission like any other
        sched.wake(heir.id);
        sched.timerAdded(heir);
    }

    /** By the owner of the P, in SCHED. Where memory or a lock cannot be had, what is left stays with the P. */
    void moveWork(P from) {
        try {
            from.queue.drain();
            for (int i = 0; i < TRIES && !from.timers.spillTo(heir.timers); i++) {
                Sched.RELAX.run();
            }
        } catch (OutOfMemoryError e) {
            return; // none is lost
        }
    }

    /** Its new M has not come to run anything since it was taken. */
    private boolean isStalled(P other) {
        long word = SharedMemory.longAcquire(other.word);
        return PWord.isSched(word) && word == words[other.id] && other.schedTick == ticks[other.id];
    }

    private P heirOf(P stalled) {
        P[] ps = sched.allPs();
        int n = sched.procs();
        for (int i = 1; i < n; i++) {
            P other = ps[(stalled.id + i) % n];
            if (!other.retired && !isStalled(other)) {
                return other;
            }
        }
        return null;
    }
}
