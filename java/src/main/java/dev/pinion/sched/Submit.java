package dev.pinion.sched;

import dev.pinion.vthread.VThreads;

/**
 * Where a G goes that became runnable (Go: ready, newproc, goschedImpl): to runnext of the P that made it so; after a yield to the tail of
 * its queue; from a thread that holds no P to the global queue. Then somebody is woken, if nobody searches already.
 *
 * <p>This runs on the G that unparks another, with the continuation pinned: it parks, logs and loads nothing.
 */
final class Submit {
    private Submit() {}

    static void submit(Sched s, Runnable task) {
        Thread carrier = VThreads.currentCarrier();
        if (carrier instanceof M m && m.sched == s && (m.inSched || m.enter())) {
            local(s, m, task, Thread.currentThread() == carrier);
        } else {
            foreign(s, task);
        }
    }

    private static void local(Sched s, M m, Runnable task, boolean unmounted) {
        P p = m.p;
        boolean nested = unmounted && m.currentId == 0; // called by the run loop itself: timers
        Thread thread = VThreads.threadOf(task);
        if (thread != null && VThreads.hasYielded(thread)) {
            if (p.queue.isEmpty() && s.global.size() != 0) {
                s.global.push(task); // behind everybody, as the JDK's tests want it; with nobody there the lock would be all there is to it
            } else {
                p.queue.push(task);
            }
            return; // the yield is the last thing its M does: the word stays in SCHED for the run loop
        }
        boolean lone = thread != null && p.queue.isEmpty();
        int fresh = thread == null || VThreads.isFresh(thread) ? 1 : 0;
        p.spawned += fresh; // before the push: it may end before the next line, and the count must not seem to reach zero
        try {
            if (fresh != 0 && thread != null) {
                s.plainThreads.started(p, thread);
            }
            if (m.polling) {
                p.queue.push(task); // what the network brings runs in its order, behind what is there
            } else {
                p.queue.pushNext(task);
            }
        } catch (OutOfMemoryError e) {
            p.spawned -= fresh;
            if (!nested) {
                m.leave(); // nothing was changed; the JDK tries again
            }
            throw e;
        }
        if (nested) {
            return; // the run loop looks at the queue next, and wakes another M once for the batch
        }
        if (s.procs() == 1) {
            m.leave(); // there is no P to wake
            return;
        }
        if (lone && p.skipLoneWake()) {
            m.leave();
            return;
        }
        m.leaveFenced();
        if (s.idle.any()) {
            s.wake(p.id);
        }
    }

    private static void foreign(Sched s, Runnable task) {
        Thread thread = VThreads.threadOf(task);
        boolean fresh = thread == null || VThreads.isFresh(thread) && !s.container.holds(thread);
        if (fresh) {
            s.foreignSpawned.increment();
            s.fence(); // pairs with the closer's between its phase and its second look at the count
            if (s.lifetime.refuses()) {
                s.foreignSpawned.decrement();
                throw s.lifetime.refusal(thread == null ? "go" : "the start of a thread");
            }
        }
        try {
            if (fresh && thread != null) {
                s.plainThreads.startedOutside(thread);
            }
            s.global.push(task);
        } catch (OutOfMemoryError e) {
            if (fresh) {
                s.foreignSpawned.decrement();
            }
            throw e;
        }
        s.fence();
        s.wake(0);
    }
}
