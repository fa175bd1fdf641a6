package dev.pinion.sched;

import dev.pinion.queue.StealEnd;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Work stealing: half of another P's ring, four passes over all of them; runnext and timers of others only in the last (Go: stealWork).
 *
 * <p>runnext is not simply stealable: a woken G runs within a hundred nanoseconds on the P that woke it, and a thief only takes it away
 * from a warm cache (tokio lost 30 % so). It is taken when it has lain there,
 * under one tick of that P, for {@link #NEXT_PATIENCE_NANOS}: then the waker computes on and the woken one would wait for it.
 */
final class Stealing {
    private static final int PASSES = 4;

    /**
     * Some two hundred hand-offs of its own P, and less than a sleeping core takes to come back. A guess; Go backs off for 3 us before it takes
     * runnext, fifty of its channel operations. The thief spins so long only while nothing moves there: what the own P takes ends it at once.
     */
    private static final long NEXT_PATIENCE_NANOS = 20_000;

    private Stealing() {}

    /** Searches the other Ps. @return a G, or null; the M may be spinning afterwards */
    static Runnable search(M m) {
        Sched s = m.sched;
        if (!m.spinning) {
            int busy = s.procs() - s.idle.count();
            if (2 * s.spinning.get() >= busy) {
                return null; // as many search as are worth it
            }
            m.spinning = true;
            s.spinning.incrementAndGet();
        }
        for (int pass = 0; pass < PASSES; pass++) {
            Runnable g = once(m, pass == PASSES - 1);
            if (g != null) {
                m.p.steals++;
                return g;
            }
        }
        return null;
    }

    private static Runnable once(M m, boolean last) {
        P[] ps = m.sched.allPs();
        P mine = m.p;
        int[] order = m.sched.stealOrder(mine.id);
        int start = order.length == 0 ? 0 : ThreadLocalRandom.current().nextInt(order.length);
        // Near Ps first would be one fixed order for all thieves of a cache: they start at a random one and go round.
        for (int i = 0; i < order.length; i++) {
            int index = order[(start + i) % order.length];
            if (index >= ps.length) {
                continue;
            }
            P victim = ps[index];
            Runnable g = victim.queue.stealInto(mine.queue);
            if (g != null) {
                return g;
            }
            if (last) {
                if (runTimers(m, victim)) {
                    Runnable fired = mine.queue.pollNext();
                    if (fired != null) {
                        return fired;
                    }
                    fired = mine.queue.poll();
                    if (fired != null) {
                        return fired;
                    }
                }
                g = stealNext(victim);
                if (g != null) {
                    return g;
                }
            }
        }
        return m.sched.global.size() == 0 ? null : m.sched.global.poll();
    }

    private static boolean runTimers(M m, P victim) {
        try {
            return victim.timers.runExpired(System.nanoTime(), m.sched.refuge()) > 0;
        } catch (OutOfMemoryError e) {
            return true; // some, perhaps; the one that failed is set again
        }
    }

    private static Runnable stealNext(P victim) {
        StealEnd end = victim.queue;
        Runnable next = end.peekNext();
        if (next == null) {
            return null;
        }
        int tick = victim.schedTick;
        long start = System.nanoTime();
        do {
            Thread.onSpinWait();
            if (end.peekNext() != next || victim.schedTick != tick) {
                return null; // its own P is about to run it
            }
        } while (System.nanoTime() - start < NEXT_PATIENCE_NANOS);
        if (!end.stealNext(next)) {
            return null;
        }
        victim.loneStolen = true;
        return next;
    }
}
