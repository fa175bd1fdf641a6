package dev.pinion.sched;

import dev.pinion.timer.TimerHeap;

/**
 * Which G an M runs next (Go: findRunnable; the order and the numbers are Go's): expired timers make Gs runnable; every 61st tick the
 * global queue first; runnext; the ring; a share of the global queue; other Ps; sleep. Unlike Go's a P at work looks after the others now and
 * then, too ({@link Relief}).
 */
final class FindRunnable {
    /** Go: "check the global runnable queue once in a while to ensure fairness". */
    static final int GLOBAL_TICK = 61;

    /** A P's share of the global queue at once: half a ring (Go). */
    private static final int GLOBAL_BATCH = 128;

    /** As tokio's: a pair of Gs that wake each other yields to the ring after so many hops. */
    static final int NEXT_HOPS = 3;

    /** The clock is read as often as keeps timers about this exact, nanoseconds: {@code nanoTime} costs a tenth of a G's switch. */
    private static final long CLOCK_GRAIN_NANOS = 5_000;

    private static final int CLOCK_GAP_MAX = 64;

    private FindRunnable() {}

    /** The next G, with the P in SCHED; or null after the M has lost its P or has slept. */
    static Runnable next(M m) {
        P p = m.p;
        Sched s = m.sched;
        if (p.retired && leavesService(m)) {
            return null;
        }
        boolean net = s.network.waits();
        if ((net || s.procs() > 1 || p.timers.nextWhen() != TimerHeap.NEVER) && !onClock(m, net)) {
            return null;
        }
        if (p.servesLocked) {
            Runnable turn = LockedMs.next(m);
            if (turn != null || m.p == null) {
                return turn;
            }
        }
        Runnable g = local(p, s);
        if (g == null) {
            g = s.global.pollBatch(p.queue, GLOBAL_BATCH, s.procs());
        }
        if (g == null && s.newcomers.size() != 0 && p.crowd.hasRoom()) {
            g = s.newcomers.poll();
        }
        if (g == null && net) {
            s.network.beforeIdle(m);
            if (m.p == null) {
                return null;
            }
            g = p.queue.poll();
        }
        if (g == null && s.procs() > 1) {
            g = Stealing.search(m);
        }
        if (g == null) {
            if (p.timers.nextWhen() <= System.nanoTime()) {
                p.clockTicks = p.clockGap;
                return null; // one more round, which runs them
            }
            Idle.sleep(m);
            return null;
        }
        if (!p.crowd.hasRoom() && p.crowd.holdsBack(g)) {
            return null;
        }
        if (net) {
            s.network.runsBeside();
        }
        s.sysmon.timerAdded(p.timers.nextWhen()); // whoever set it parked, and this one may compute when it is due
        if (m.spinning) {
            stopSpinning(m);
            // The chain: whoever finds work sees to it that somebody searches for more. Submitters who saw it spinning relied on that; but
            // what they pushed before it lowered the count is visible here, and later ones wake somebody themselves. So it is enough to
            // look (Go wakes always: each lone request then costs a second M's wake-up).
            if (s.anyStealable(p)) {
                s.wake(p.id);
            }
        }
        return g;
    }

    /** @return false: there is no memory to hand its Gs on, so it runs one and tries again */
    private static boolean leavesService(M m) {
        P p = m.p;
        stopSpinning(m);
        if (m.sched.resize.retire(p, m.epoch)) {
            m.lose();
            return true;
        }
        if (!p.queue.isEmpty()) {
            return false;
        }
        m.napForMemory();
        return true;
    }

    /** Tick, runnext, ring: what a P takes without looking beyond itself. */
    private static Runnable local(P p, Sched s) {
        if (p.schedTick % GLOBAL_TICK == 0 && s.global.size() != 0) {
            Runnable g = s.global.poll();
            if (g != null) {
                p.schedTick++;
                return g;
            }
        }
        if (p.nextHops < NEXT_HOPS) {
            Runnable g = p.queue.pollNext();
            if (g != null) {
                p.nextHops++; // it shares its waker's tick
                return g;
            }
        }
        p.schedTick++;
        p.nextHops = 0;
        Runnable g = p.queue.poll();
        return g != null ? g : p.queue.pollNext();
    }

    /** Timers, other Ps and the network, as often as the clock is read. @return false: the M has lost its P */
    private static boolean onClock(M m, boolean net) {
        P p = m.p;
        Sched s = m.sched;
        if (++p.clockTicks < p.clockGap) {
            return true;
        }
        long now = System.nanoTime();
        long perTick = (now - p.clockRead) / p.clockTicks;
        p.clockRead = now;
        p.clockTicks = 0;
        p.clockGap = perTick <= 0 ? CLOCK_GAP_MAX : Math.clamp(CLOCK_GRAIN_NANOS / perTick, 1, CLOCK_GAP_MAX);
        if (s.procs() > 1) {
            p.relief.look(p, perTick, now);
        }
        if (net) {
            s.network.onClock(m, now);
            if (m.p == null) {
                return false;
            }
        }
        return p.timers.nextWhen() == TimerHeap.NEVER || runTimers(m, now);
    }

    /** @return false: the M has lost its P */
    private static boolean runTimers(M m, long now) {
        P p = m.p;
        Sched s = m.sched;
        boolean full = false;
        int fired;
        try {
            fired = p.timers.runExpired(now, s.refuge());
        } catch (OutOfMemoryError e) {
            full = true;
            fired = Integer.MAX_VALUE; // some, perhaps
        }
        if (fired > 1) {
            s.fence(); // before the look for an idle P: the idler's other half
            s.wake(p.id); // one wake for the whole batch
        }
        if (full) {
            stopSpinning(m);
            m.napForMemory(); // then the Gs that can run do, whatever becomes of the timers: they may be what gives up memory
        }
        return m.p != null;
    }

    static void stopSpinning(M m) {
        if (m.spinning) {
            m.spinning = false;
            m.sched.spinning.decrementAndGet();
        }
    }
}
