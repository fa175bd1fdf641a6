package dev.pinion.sched;

import dev.pinion.queue.LocalRunQueue;
import dev.pinion.queue.StealEnd;

/**
 * A P at work takes over from one that does not move. A thief without work would, but where all Ps are busy there is none; and what keeps a P for
 * milliseconds is often not its G but the kernel, which gives the core to a thread of the JIT or the collector until its next tick, 1 to 10 ms:
 * a pinned M cannot go elsewhere, and what is queued behind it need not wait for that.
 *
 * <p>Not moving means that it has begun no G for {@value #STUCK_NANOS} ns although some are queued, but for the few in a row that come by runnext. Half of
 * them are taken then, and half of the rest at each further look. Only by a P that comes round its own queue sooner: otherwise two Ps with long Gs would
 * send the same ones back and forth, each time to the tail.
 *
 * <p>Of each P, by its owner, in SCHED.
 */
final class Relief {
    static final long STUCK_NANOS = 250_000;

    private static final long LOOK_NANOS = 50_000;

    private long looked;
    private int victim;
    private int tick;
    private long since;

    /** @param perG how long the caller's P takes for a G, nanoseconds */
    void look(P own, long perG, long now) {
        if (now - looked < LOOK_NANOS) {
            return;
        }
        looked = now;
        P[] ps = own.sched.allPs();
        P other = victim < ps.length ? ps[victim] : own;
        if (other == own || other.schedTick != tick || !hasQueued(other)) {
            watchNext(own, ps, now);
            return;
        }
        if (now - since < STUCK_NANOS || own.queue.size() * perG >= STUCK_NANOS || own.queue.size() >= LocalRunQueue.CAPACITY / 2) {
            return;
        }
        Runnable last = take(other.queue, own.queue);
        if (last != null) {
            own.queue.push(last); // there is room: half a ring at most was there before, and half a ring has come
            own.steals++;
        }
    }

    private static boolean hasQueued(P p) {
        return p.queue.size() != 0 || p.queue.peekNext() != null;
    }

    private static Runnable take(StealEnd stuck, LocalRunQueue own) {
        Runnable last = stuck.stealInto(own);
        if (last != null) {
            return last;
        }
        Runnable next = stuck.peekNext();
        return next != null && stuck.stealNext(next) ? next : null;
    }

    private void watchNext(P own, P[] ps, long now) {
        int procs = Math.min(own.sched.procs(), ps.length);
        victim = victim + 1 < procs ? victim + 1 : 0;
        if (victim == own.id && procs > 1) {
            victim = victim + 1 < procs ? victim + 1 : 0;
        }
        tick = ps[victim].schedTick;
        since = now;
    }
}
