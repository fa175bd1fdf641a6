package dev.pinion.sched;

import static dev.pinion.nativelib.SharedLayout.STATE_DEAD;

import dev.pinion.nativelib.Natives;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * GOMAXPROCS while Gs run (Go stops the world for it; here nothing stops). A P that goes is marked; then its owner gives it up at its
 * next look, or it is taken from its M, or from the idle list, here. Its Gs go to the global queue, its timers to P0, which never goes.
 */
final class Resize {
    private final Sched sched;
    private final ReentrantLock lock = new ReentrantLock();

    Resize(Sched sched) {
        this.sched = sched;
    }

    /** @return the former value. Any thread but one in scheduler code. */
    int set(int wanted) {
        lock.lock();
        try {
            int old = sched.procs();
            if (wanted != old) {
                sched.growTo(wanted);
                sched.setProcs(wanted);
                for (int i = old; i < wanted; i++) {
                    revive(sched.allPs()[i]);
                }
                for (int i = wanted; i < old; i++) {
                    sched.allPs()[i].retired = true;
                }
                for (int i = wanted; i < old; i++) {
                    takeOut(sched.allPs()[i]);
                }
                sched.sysmon.wakeIfDeep(); // it may have taken those for idle ones of fewer
            }
            return old;
        } finally {
            lock.unlock();
        }
    }

    /** Runs it, unless GOMAXPROCS is being changed at this moment: sysmon may not wait for that. @return whether it ran */
    boolean unlessChanging(Runnable action) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            action.run();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** What {@code look} sees while no P comes, goes or is rescued. Any thread but one in scheduler code. */
    <T> T unchanged(Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }

    private void revive(P p) {
        while (PWord.stateAcquire(p.word) != STATE_DEAD) {
            if (sched.closed) {
                return; // nobody gives up a P any more
            }
            Natives.schedYield(); // its last owner is about to give it up
        }
        p.retired = false;
        p.timers.reopen();
        p.lockedReady.reopen();
        PWord.transitionRevive(p.word);
        sched.idle.add(p.id); // full fence
        HandOff.startIfWanted(p); // the last of the others to go idle may have counted on this one, which was not idle yet, to sleep in the epoll
    }

    private void takeOut(P p) {
        while (PWord.stateAcquire(p.word) != STATE_DEAD && !sched.closed) {
            long epoch = sched.idle.tryTake(p.id) ? PWord.transitionAcquire(p.word) : PWord.transitionTake(p.word);
            if (epoch < 0) {
                Natives.schedYield(); // in SCHED: its owner sees the mark at its next look, or is back in RUNNING
            } else if (!retire(p, epoch)) {
                HandOff.give(p, epoch, false); // it stays in service until there is memory
                sched.napForMemory();
            }
        }
    }

    /**
     * By the owner of a retired P, in SCHED; afterwards it is dead.
     *
     * @return false: there was no memory to move its Gs and timers; none is lost, and the caller still owns it
     */
    boolean retire(P p, long epoch) {
        try {
            p.queue.drain();
            p.timers.moveTo(sched.allPs()[0].timers);
        } catch (OutOfMemoryError e) {
            return false;
        }
        sched.plainThreads.moveOutside(p);
        p.lockedReady.close();
        PWord.transitionKill(p.word, epoch); // full fence
        sched.lockedMs.moveFrom(p);
        sched.wake(0);
        sched.timerAdded(sched.allPs()[0]);
        for (M m : p.idleSlots) {
            if (m != null) {
                m.nudge();
            }
        }
        return true;
    }
}
