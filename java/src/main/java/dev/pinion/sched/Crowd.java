package dev.pinion.sched;

import dev.pinion.observe.Cause;
import dev.pinion.timer.Timer;
import dev.pinion.vthread.VThreads;

/**
 * The Ms of one core that compute on without its P, each under a G that has had its slice. A few share the core fairly, as the kernel does it; a
 * thousand would be a thousand threads with their stacks, among which each G of the core has a thousandth. So beyond {@value #MOST} of
 * them a G that has never run waits among the scheduler's newcomers: until some core has fewer, or for 10 ms, and twice as long for each
 * further one. Newcomers still come in some time, since not to run them at all would stop a program whose long Gs wait for one of
 * them. A G that has parked before always runs, and always gets its P.
 *
 * <p>The newcomers are a queue of their own: in the P's or the global one they would keep the P awake, with nothing that it may run.
 */
final class Crowd {
    /** Ms that compute without the P before newcomers wait. */
    static final int MOST = 16;

    /** The wait is doubled so often at most: 10 s. */
    private static final int MOST_DOUBLINGS = 10;

    private final P p;
    private final Runnable letsOneIn = new LetsOneIn(this);

    /** A timer is about to let one in. */
    private volatile boolean timed;

    /** On its way in. By who runs the one timer there is. */
    private Runnable comesIn;

    /** A newcomer that is not to be held back again. By the owner of the P. */
    private Runnable admitted;

    /** As counted last. A hint to everybody. */
    int size;

    Crowd(P p) {
        this.p = p;
    }

    /** How many there are. By sysmon, by the owner of the P, by one that leaves. */
    int count() {
        int n = 0;
        for (M m : p.idleSlots) {
            if (m != null && m.loss == Cause.SLICE && !p.offersIdle(m)) {
                n++;
            }
        }
        size = n;
        return n;
    }

    /** Whether newcomers run here. A hint. */
    boolean hasRoom() {
        return size < MOST;
    }

    /** Whether the G that has had its slice may join them. By sysmon. @param age how long it has run, nanoseconds */
    boolean admits(boolean parkedWaits, long age) {
        int n = count();
        return n < MOST || parkedWaits || age >= patience(n);
    }

    private long patience(int n) {
        return p.sched.slice() << Math.clamp(n - MOST, 0, MOST_DOUBLINGS);
    }

    /**
     * The P would run {@code task} next. If that has never run, and too many compute already, it is put among the newcomers. On the M, in SCHED.
     *
     * @return false: run it
     */
    boolean holdsBack(Runnable task) {
        if (count() < MOST || task == admitted || !isFresh(task) || p.retired) {
            return false;
        }
        Sched s = p.sched;
        try {
            s.newcomers.push(task);
        } catch (OutOfMemoryError e) {
            return false; // nothing was changed
        }
        s.fence(); // pairs with the one in LetsOneIn: either this sees that no timer is left, or that one sees the newcomer
        if (!timed) {
            arms();
        }
        s.wake(p.id); // another core may have room
        return true;
    }

    /** Without memory or heap for a timer nobody comes in by time: the next one that is held back tries again. */
    private void arms() {
        timed = true; // first: a thief may fire it before this goes on
        boolean added = false;
        try {
            added = p.timers.add(new Timer(System.nanoTime() + patience(size), letsOneIn));
        } catch (OutOfMemoryError e) {
            // as if the heap were closed
        }
        if (!added) {
            timed = false;
        }
    }

    /** One that computed without the P has finished. On its M, which holds no P. */
    void left() {
        if (!hasRoom() && count() < MOST && p.sched.newcomers.size() != 0) {
            p.sched.wake(p.id);
        }
    }

    /** A task that has never run. */
    static boolean isFresh(Runnable task) {
        if (task instanceof GTask) {
            return true;
        }
        Thread thread = VThreads.threadOf(task);
        return thread != null && VThreads.isFresh(thread);
    }

    /** Among the timers. */
    private record LetsOneIn(Crowd crowd) implements Runnable {
        /** On an M, in SCHED. */
        @Override
        public void run() {
            Sched s = crowd.p.sched;
            P here = M.current().p; // perhaps a thief's
            Runnable task = crowd.comesIn;
            if (task == null) {
                task = s.newcomers.poll();
            }
            if (task != null) {
                crowd.comesIn = task; // not to be lost if there is no memory for the next line: the timer is set again then
                here.crowd.admitted = task;
                here.queue.push(task); // not submitted: it was counted as started when it first came
                crowd.comesIn = null;
            }
            crowd.timed = false;
            s.fence();
            if (s.newcomers.size() != 0) {
                crowd.count();
                crowd.arms();
            }
        }
    }
}
