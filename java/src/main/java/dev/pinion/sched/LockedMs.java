package dev.pinion.sched;

import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.vthread.SchedulerPool;
import dev.pinion.vthread.VThreads;

/**
 * Gs that are locked to their Ms (Go: LockOSThread, stoplockedm, startlockedm). Such a G runs on its M only, and its M runs nothing else.
 * While the G waits, the M holds no P and sleeps. When the G becomes ready it goes to the {@link LockedReady} list of its M's home P, where
 * nobody can steal it; whoever holds that P gives it to the M, and the M gives it on when the G unmounts. Two thread switches a turn, as in Go.
 *
 * <p>The run loop pays one look at a field of the P for it ({@link FindRunnable#next}); what makes a locked G ready never comes through
 * {@link Submit}, because the thread's scheduler is another one while it is locked ({@link LockedTarget}).
 *
 * <p>If the home P is out of service another P serves the G, and the M is bound to that one's CPU: it lodges there until its home is back.
 *
 * <p>Rejected: to leave a locked G in the ordinary queues, as Go does, and have whoever finds it give its P. Each M would have to look at
 * each G it runs, thieves would carry it off to cores where its M is not, and a P must not leave its core.
 */
final class LockedMs {
    /** Locked Ms of a P that keep their idle slot. The others leave it to Ms that the P can be given to. */
    private static final int WITH_SLOT = P.IDLE_SLOTS / 2;

    final LockedGs all = new LockedGs();
    private final Sched sched;
    private SchedulerPool pool;

    LockedMs(Sched sched) {
        this.sched = sched;
    }

    /** The scheduler of a locked thread; null when there was none yet. */
    synchronized SchedulerPool pool() {
        return pool;
    }

    /** What may park its caller, before {@link #lock}. On the G. */
    synchronized SchedulerPool prepare() {
        if (pool == null) {
            pool = new SchedulerPool(new LockedTarget(sched));
        }
        return pool;
    }

    /** On the G, which is mounted on the M and is not locked. @throws OutOfMemoryError before anything changed */
    void lock(LockedG g, M m, SchedulerPool lockedPool) {
        g.m = m;
        all.add(g);
        m.home.servesLocked = true;
        VThreads.setScheduler(g.thread, lockedPool);
        m.locked = g;
    }

    /** On the G: it and its M are ordinary ones again. */
    void unlock(M m) {
        LockedG g = m.locked;
        all.remove(g);
        VThreads.setScheduler(g.thread, sched.pool);
        m.locked = null;
        if (g.lodges) {
            bind(m, m.home);
            if (m.enter()) {
                HandOff.release(m);
            }
            Thread.yield(); // to be queued, since its M may hold no P but its own
        }
    }

    /** A locked G can run. Any thread, also in scheduler code. */
    void ready(LockedG g) {
        P p = g.m.home;
        if (!p.lockedReady.push(g)) {
            P[] ps = sched.allPs();
            p = ps[p.id % sched.procs()];
            p.servesLocked = true;
            if (!p.lockedReady.push(g)) {
                p = ps[0]; // GOMAXPROCS is being changed; P0 never goes
                p.servesLocked = true;
                p.lockedReady.push(g);
            }
        }
        sched.fence(); // pairs with the idler's between its ticket and its look at the list
        if (sched.idle.tryTake(p.id)) {
            HandOff.start(p, false);
        } else if (p.lacksM) {
            sched.sysmon.wake();
        }
    }

    /** The P of these is dead. By who has killed it. */
    void moveFrom(P p) {
        LockedG g;
        while ((g = p.lockedReady.poll()) != null) {
            ready(g);
        }
    }

    /**
     * What an M does with a P that serves locked Gs, in SCHED: its own G's turn, or another's.
     *
     * @return its own G; null: if it still has the P it goes on as always
     */
    static Runnable next(M m) {
        LockedG own = m.locked;
        if (own != null) {
            return turnOf(m, own);
        }
        P p = m.p;
        LockedG g = take(p);
        if (g == null) {
            p.lockedServed = false;
            return null;
        }
        Sched s = m.sched;
        boolean searched = m.spinning;
        FindRunnable.stopSpinning(m);
        long epoch = PWord.transitionHandOff(p.word, m.epoch);
        p.counters.handedOff();
        m.lose(); // first, so that the P comes back to this M
        g.giveTurn(p, epoch);
        if (searched && s.anyStealable(p)) {
            s.wake(p.id); // the chain, as in FindRunnable.next
        }
        return null;
    }

    private static Runnable turnOf(M m, LockedG own) {
        P p = m.p;
        if (own.hasTurn) {
            own.hasTurn = false;
            if (own.lodges || p != m.home) {
                own.lodges = p != m.home;
                bind(m, p);
            }
        } else if (!isFree(p) || !p.lockedReady.takeIfAlone(own)) { // else it has yielded, and nobody else waits
            HandOff.release(m);
            return null;
        }
        p.schedTick++;
        p.nextHops = 0;
        return own.continuation;
    }

    private static boolean isFree(P p) {
        return p.queue.isEmpty() && p.sched.global.size() == 0;
    }

    /** The next locked G of a P: every other turn is for the others, while there are some. By the owner of the P. */
    private static LockedG take(P p) {
        if (p.lockedReady.isEmpty() || p.lockedServed && !isFree(p)) {
            return null;
        }
        p.lockedServed = true;
        return p.lockedReady.poll();
    }

    /** Gives a P to the M of a locked G that is ready for it. By the owner of the P. @return false: there is none, or others come first */
    static boolean give(P p, long epoch) {
        LockedG g = p.retired ? null : take(p);
        if (g == null) {
            return false;
        }
        g.giveTurn(p, epoch);
        return true;
    }

    /** A locked M has lost the P, or given it up. On the M. */
    static void lost(LockedG own) {
        if (own.hasTurn) {
            own.hasTurn = false;
            own.m.sched.lockedMs.ready(own); // the P went out of service before the G ran
        }
    }

    /** Until it is the G's turn. On its M. @return false: the M ends */
    static boolean sleep(M m) {
        LockedG own = m.locked;
        Sched s = m.sched;
        if (VThreads.isTerminated(own.thread)) {
            s.lockedMs.all.remove(own);
            return false; // its thread is no longer what it was to others: Go ends it too
        }
        if (!own.settled) {
            own.settled = true;
            if (m.slot >= 0 && s.lockedMs.all.withSlot(m.home) > WITH_SLOT) {
                s.machines.leaveSlot(m);
            }
        }
        own.asleep = true;
        while (!m.taken()) {
            if (s.closed) {
                return false;
            }
            if (Exit.begun()) {
                Exit.stayOutOfTheWay();
            }
            Natives.futexWait(m.memory + SharedLayout.M_FUTEX, SharedLayout.M_ASLEEP, -1);
        }
        own.asleep = false;
        return true;
    }

    private static void bind(M m, P p) {
        int r = p.cpu < 0 ? 0 : Natives.rebind(m.memory, p.cpu);
        if (r < 0) {
            m.sched.machines.bindRefused(m, r);
        }
    }
}
