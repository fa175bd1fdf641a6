package dev.pinion.sched;

import dev.pinion.nativelib.SharedMemory;
import dev.pinion.observe.Cause;
import dev.pinion.observe.Recorder;
import dev.pinion.timer.TimerHeap;

/** A P changes its M: given by its owner, started by who won its idle ticket, or taken. Afterwards the caller has no say over it. */
final class HandOff {
    private HandOff() {}

    /** Gives the P to another M. By its owner, in SCHED. */
    static void give(P p, long epoch, boolean spinning) {
        long next = PWord.transitionHandOff(p.word, epoch);
        p.counters.handedOff();
        assign(p, next, spinning);
    }

    /** Starts a P whose idle ticket the caller has won. */
    static void start(P p, boolean spinning) {
        assign(p, PWord.transitionAcquire(p.word), spinning);
        p.sched.sysmon.wakeIfDeep(); // second: somebody waits for the P
    }

    /** An idle M of the P's core gets it, or one that is yet to be born; or the M of a locked G whose turn it is. */
    private static void assign(P p, long epoch, boolean spinning) {
        if (!spinning && p.servesLocked && LockedMs.give(p, epoch)) {
            return;
        }
        M m = p.popIdle();
        if (m != null) {
            m.give(epoch, spinning);
        } else {
            p.sched.machines.request(p, epoch, spinning);
        }
    }

    /**
     * Takes a P from the M that runs a G on it, or is in a call with it, and gives it to another. Any thread that holds no P in SCHED.
     *
     * @return false: it was idle, dead, or its M was just scheduling
     */
    static boolean take(P p, Cause cause) {
        return take(p, SharedMemory.longAcquire(p.word), cause);
    }

    /** As {@link #take(P, Cause)}; also false when the word is no longer {@code seen}. */
    static boolean take(P p, long seen, Cause cause) {
        return take(p, seen, cause, null);
    }

    /** As {@link #take(P, long, Cause)}. @param rescue what is done with the P before it is given on, by its owner in SCHED; null: nothing */
    static boolean take(P p, long seen, Cause cause, Rescue rescue) {
        long epoch = seize(p, seen, cause, System.nanoTime());
        if (epoch < 0) {
            return false;
        }
        Taken untold = p.untold;
        p.untold = null;
        if (rescue != null) {
            rescue.moveWork(p);
        }
        give(p, epoch, false);
        if (untold != null) {
            untold.tell();
        }
        return true;
    }

    /**
     * Takes a P away and leaves it to the caller, in SCHED. What is to be recorded of that is in {@link P#untold} then: to be told by who holds no P in
     * SCHED. Any thread that holds no P in SCHED.
     *
     * @param since {@code System.nanoTime()} of the reason
     * @return the new epoch; -1: the word is no longer {@code seen}, or the P cannot be taken
     */
    static long seize(P p, long seen, Cause cause, long since) {
        M m = p.holderAt(seen);
        long loser = SharedMemory.longAcquire(p.holder);
        Taken untold = m == null || Recorder.current() == null ? null : Taken.of(p, m, seen, cause);
        Object event = Recorder.handOffBegins();
        if (m != null && cause.isFoundBlock()) {
            m.blocks.found(since);
        }
        long epoch = PWord.transitionTake(p.word, seen);
        if (epoch >= 0) {
            p.counters.changesM(cause, since, event);
            p.untold = untold;
            KernelSlice.lengthen(loser); // before somebody else can give that M this P again
            if (m != null) { // else it has no idle slot
                m.loss = cause; // second: the M undoes both when it sees this
            }
        }
        return epoch;
    }

    /** The JDK says that the mounted G will block. With work the P goes on under a spare M; without, it is idle. On the G. */
    static boolean beforeBlock(M m) {
        if (m.announced) {
            return false;
        }
        Object blockEvent = Recorder.blockBegins();
        Object handOffEvent = Recorder.handOffBegins();
        long since = System.nanoTime();
        if (!m.enter()) {
            return false;
        }
        m.blocks.announced(since, blockEvent);
        m.announced = true;
        m.p.counters.announced();
        release(m, since, handOffEvent);
        return true;
    }

    /** Gives up the P: with work it goes on under another M; without, it is idle. By its M, in SCHED. */
    static void release(M m) {
        release(m, 0, null);
    }

    /** @param since of the announced block that is the reason; 0: there is none */
    private static void release(M m, long since, Object handOffEvent) {
        P p = m.p;
        Sched s = m.sched;
        long epoch = m.epoch;
        m.p = null;
        m.inSched = false;
        if (p.retired || !p.queue.isEmpty() || p.timers.size() > 0 || p.hasLockedReady() || s.network.lacksSleeper()) {
            if (since != 0) {
                p.counters.changesM(Cause.ANNOUNCED, since, handOffEvent);
            }
            give(p, epoch, false);
            return;
        }
        PWord.transitionIdle(p.word, epoch);
        s.idle.add(p.id); // full fence
        startIfWanted(p);
    }

    /**
     * A P has gone idle and nobody sleeps with it, so nobody would wait for a timer that was added, or in the epoll for who began to wait there, before
     * the ticket was there to be taken. After the full fence of that.
     */
    static void startIfWanted(P p) {
        Sched s = p.sched;
        if ((p.retired || s.wants(p) || p.timers.nextWhen() != TimerHeap.NEVER || s.network.lacksSleeper()) && s.idle.tryTake(p.id)) {
            start(p, false);
        }
    }

    /** The announced call is over: the own P if it is idle; else the G runs on without one until it unmounts. */
    static void afterBlock(M m) {
        if (!m.announced) {
            return;
        }
        m.announced = false;
        P p = m.home;
        p.counters.blockedFor(m.blocks.announcedFor());
        if (m.p != null || !m.sched.idle.tryTake(p.id)) {
            p.counters.returnedWithoutP();
        } else {
            m.hold(p, PWord.transitionAcquire(p.word));
            p.counters.returnedWithP();
            m.leave();
            m.sched.sysmon.wakeIfDeep();
        }
    }
}
