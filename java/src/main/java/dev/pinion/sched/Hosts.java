package dev.pinion.sched;

import dev.pinion.timer.TimerHeap;
import dev.pinion.vthread.ThreadRemains;
import dev.pinion.vthread.VThreads;
import java.util.concurrent.locks.LockSupport;

/** Brings fresh tasks and hosts together. */
final class Hosts {
    private Hosts() {}

    /**
     * Finds a host for a fresh task. On the M, in SCHED.
     *
     * @return what to run; null when the task will run elsewhere or later
     */
    static Runnable mount(M m, GTask task) {
        P p = m.p;
        Host host = p.deadHosts.pop();
        if (host != null) {
            host.give(task);
            if (VThreads.unparkWithoutSubmit(host.thread)) {
                return host.continuation;
            }
            // It is still on its way to park, or an unpark meant for its last task woke it: it will look at its task by itself.
            LockSupport.unpark(host.thread);
            return null;
        }
        try {
            host = new Host(m.sched);
            host.give(task);
            m.sched.hosts.add(host, p.id);
        } catch (OutOfMemoryError e) {
            keepInLine(m, task);
            return null;
        }
        VThreads.startWithoutSubmit(host.thread, m.sched.container);
        return host.continuation;
    }

    /**
     * The heap is full: the task goes to the end of the line, for which there may be no memory either. Until there is, the P is RUNNING, where
     * it may be taken. On the M, which may have lost it afterwards.
     */
    private static void keepInLine(M m, GTask task) {
        Sched s = m.sched;
        m.leave();
        do {
            s.napForMemory();
        } while (!queued(s, task) && !s.closed);
        if (!m.enter()) {
            m.lose();
            s.fence();
            s.wake(m.home.id);
        }
    }

    private static boolean queued(Sched s, GTask task) {
        try {
            s.global.push(task);
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    /** A task of this host is over. On the host. @return the fresh task to run next, or null: see {@link Host#parkedInCache} */
    static GTask ended(Sched sched, Host host) {
        host.parkedInCache = false;
        M m = M.current();
        m.countFinished();
        if (ThreadRemains.beyondRepair(host.thread)) {
            return null;
        }
        P p = m.p;
        boolean runLoop = false;
        if (p != null && p.servesLocked) {
            if (m.locked != null) {
                return null; // it ends locked, and its M with it
            }
            runLoop = !p.lockedReady.isEmpty();
        }
        if (!runLoop && m.seemsToHold(p) && !p.retired && !sched.closed) {
            GTask next = freshHead(p, sched);
            if (next != null) {
                host.give(next);
                return next;
            }
        }
        if (!m.enter()) {
            return null;
        }
        // The task must be null before the host can be found in the cache: whoever pops it sets it.
        host.give(null);
        host.parkedInCache = !sched.closed && m.p.deadHosts.push(host);
        m.leave();
        return null;
    }

    /**
     * The next task if it is a fresh one. Taken with the means of a thief, without entering the scheduler: that saves one of the seven atomic
     * operations of a spawn. If the P is taken at this very moment, the tick and hops of its next owner may be set back to this one's (hints:
     * the next look at the global queue comes up to 61 ticks late), and the task counts as the one this M was running when it lost the P.
     */
    private static GTask freshHead(P p, Sched sched) {
        if (p.schedTick % FindRunnable.GLOBAL_TICK == 0 && sched.global.size() != 0) {
            return null; // the run loop's turn
        }
        if (!p.crowd.hasRoom()) {
            return null; // likewise: it may have to hold the next one back
        }
        long due = p.timers.nextWhen();
        if (due != TimerHeap.NEVER && (p.schedTick & 15) == 0 && due <= System.nanoTime()) {
            return null;
        }
        Runnable head = p.queue.peekNext();
        if (head != null) {
            if (p.nextHops < FindRunnable.NEXT_HOPS) {
                if (head instanceof GTask fresh && p.queue.stealNext(head)) {
                    p.nextHops++;
                    return fresh;
                }
                return null;
            }
            if (p.queue.size() == 0) {
                p.nextHops = 0;
                p.schedTick++;
                return head instanceof GTask fresh && p.queue.stealNext(head) ? fresh : null;
            }
        }
        head = p.queue.peek();
        if (head instanceof GTask fresh && p.queue.steal(head)) {
            p.nextHops = 0;
            p.schedTick++;
            return fresh;
        }
        return null; // the run loop takes it, and keeps the counts
    }
}
