package dev.pinion.sched;

import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import dev.pinion.netpoll.Epoll;
import dev.pinion.netpoll.Netpoll;

/**
 * Where the scheduler meets {@link Netpoll}: who looks, when, and who sleeps in the epoll.
 *
 * <ul>
 *   <li>While nobody waits for a file descriptor: nobody looks.
 *   <li>A P without Gs looks before it steals; only if it is the last one without, it goes to sleep at once, since it sleeps in the epoll.
 *   <li>A busy P looks by time: after 50 us, after up to 200 us when there was nothing. The clock is the one that its timers read too.
 *   <li>One M sleeps in the epoll: that of the last P to go idle, or of any while no busy P has looked of late. All others sleep on their
 *       futex. Were each idle P to sleep there while others run, each event would wake one of them, and the busy P finds nothing
 *       (half the rate, when it was tried).
 *   <li>sysmon sees to it that somebody looks within a millisecond, whatever the Ps compute: it sends an idle P, which then stays in the epoll, or
 *       looks itself.
 * </ul>
 *
 * <p>What is ready goes to the tail of the looking P's queue in the order it came, never to runnext, where a burst would starve the rest; then one
 * searcher is woken if more is queued there than the P runs next. An M that sleeps in the epoll and has lost its P to others pushes to the global queue.
 *
 * <p>How the sleeper is woken is race 12 of native/pinion.h. Its timers and its patience are those of {@link M}'s sleep.
 */
final class Network implements Netpoll.Owner {
    private static final long MIN_GAP_NANOS = 50_000;
    private static final long MAX_GAP_NANOS = 200_000;

    /** A busy P that has looked so lately will do so again. More than {@link #MAX_GAP_NANOS}. */
    private static final long FRESH_NANOS = 300_000;

    /** sysmon sees to it that nobody waits longer for a look; less than a millisecond, which is the promise. */
    static final long OVERDUE_NANOS = 700_000;

    /** sysmon leaves off after so many looks without anybody that waits. */
    private static final int QUIET_LOOKS = 8;

    /** So long a P stays asleep when a stranger has closed what would wake it. */
    private static final long SLEEP_NANOS = 1_000_000_000;

    private final Sched sched;
    private final Netpoll netpoll;

    /** This and the next three are hints, written by whoever looks. */
    private volatile long lastLook;

    private volatile long lastBusyLook;
    private volatile long gap = MIN_GAP_NANOS;
    private volatile int lastCount;
    private boolean repairSaid;

    /** For which last look sysmon has sent an idle P, when, and which were idle then. */
    private long sentFor = Long.MIN_VALUE;

    private long sentAt;
    private final IdleView idleThen;

    /** Under which sleeper, and last look, sysmon has seen events in the epoll, and when. */
    private Thread sleptThrough;

    private long sleptThroughFor;
    private long sleptThroughSince;

    private LostEdges lostEdges;

    /** So many looks without anybody that waits. By sysmon. */
    private int quietLooks;

    /** Tests have no M look or sleep in the epoll, to see that it is noticed. */
    volatile boolean deaf;

    /** sysmon has seen that nobody waits, and comes back late. Cleared by who sees that somebody does, and a P computes. */
    private volatile boolean unwatched;

    Network(Sched sched, boolean on) {
        this.sched = sched;
        netpoll = on ? new Netpoll(this) : null;
        idleThen = new IdleView(sched);
    }

    /** Null: switched off. */
    Netpoll netpoll() {
        return netpoll;
    }

    private Epoll epoll() {
        return netpoll == null ? null : netpoll.epoll();
    }

    /** Whether a G waits for a file descriptor. Exact for who looks after a fence. */
    boolean waits() {
        Epoll e = epoll();
        return e != null && e.anyWaits();
    }

    /** Somebody waits, and no M sleeps in the epoll. A hint. */
    boolean lacksSleeper() {
        Epoll e = epoll();
        return e != null && e.anyWaits() && !e.hasSleeper();
    }

    /** Between two Gs of a busy P, which has just read the clock. With the P in SCHED; it may be lost afterwards. */
    void onClock(M m, long now) {
        if (now - lastLook < gap) {
            return;
        }
        int woken = look(m, now);
        lastBusyLook = now;
        gap = woken == 0 ? Math.min(2 * gap, MAX_GAP_NANOS) : MIN_GAP_NANOS;
    }

    /** A P has nothing to run. As {@link #onClock}. */
    void beforeIdle(M m) {
        if (!m.p.idleSpin.maySpin() && lastCount <= 1 && sched.idle.count() >= sched.procs() - 1) {
            return; // it sleeps in the epoll next, which looks first
        }
        long now = System.nanoTime();
        if (look(m, now) > 0) {
            lastBusyLook = now;
            gap = MIN_GAP_NANOS;
        }
    }

    private int look(M m, long now) {
        Epoll e = epoll();
        lastLook = now;
        int count = deaf ? 0 : e.await(m.memory + SharedLayout.M_READY, 0);
        return count <= 0 ? brokenOr0(e) : deliver(m, e, count);
    }

    private int brokenOr0(Epoll e) {
        if (e.tellsBroken()) {
            sched.sysmon.wake();
        }
        return 0;
    }

    /** What is ready goes to the tail of the queue of the M's P, or to the global one if it has none. */
    private int deliver(M m, Epoll e, int count) {
        lastCount = count;
        m.polling = true;
        int woken = e.deliver(m.memory + SharedLayout.M_READY, count, m);
        m.polling = false;
        if (woken > 0 && m.p != null && m.p.hasMoreThanNext() && sched.procs() > 1) { // without a P each went to the global queue, with its wake
            sched.fence(); // before the look for an idle P: the idler's other half
            sched.wake(m.home.id); // one wake for the whole batch
        }
        return woken;
    }

    /** An M whose P sleeps: whether it sleeps in the epoll and not on its futex. Then it must call {@link #sleep}. */
    boolean claimsSleep(M m) {
        Epoll e = epoll();
        return e != null && e.anyWaits() && (sched.allIdle() || System.nanoTime() - lastBusyLook > FRESH_NANOS)
                && !e.isBroken() && !deaf && e.claimSleep(m);
    }

    /** Sleeps in the epoll. On return it may hold its P, because something became ready. @return as {@code futexWait} */
    int sleep(M m, long timeoutNanos) {
        Epoll e = epoll();
        long futex = m.memory + SharedLayout.M_FUTEX;
        long ready = m.memory + SharedLayout.M_READY;
        int count = 0;
        if (SharedMemory.casInt(futex, SharedLayout.M_ASLEEP, SharedLayout.M_POLLING)) {
            long left = timeoutNanos;
            do {
                count = e.await(ready, Math.min(left, SLEEP_NANOS));
                left -= SLEEP_NANOS;
            } while (count == 0 && left > 0 && SharedMemory.intAcquire(futex) == SharedLayout.M_POLLING);
            SharedMemory.casInt(futex, SharedLayout.M_POLLING, SharedLayout.M_ASLEEP);
            if (count > 0 && e.isWoken(ready, count)) {
                e.drain();
            }
        }
        m.polling = count > 0; // before it is the sleeper no more: the watchdog asks who has events in his hands
        e.endSleep();
        boolean given = SharedMemory.intAcquire(futex) != SharedLayout.M_ASLEEP;
        if (count > 0) {
            lastLook = System.nanoTime();
            if (!given && sched.idle.tryTake(m.home.id)) {
                m.resume(false);
                lastBusyLook = lastLook;
            }
            deliver(m, e, count);
        } else if (count < 0) {
            brokenOr0(e);
        }
        return count == 0 ? -Sched.ETIMEDOUT : 0;
    }

    /** An M that slept in the epoll sleeps on its futex, or ends: somebody else must sleep there. After {@link #sleep}; it holds no P. */
    void sleeperLeft(P home) {
        sched.fence(); // pairs with the idler's between its ticket and its look for a sleeper
        if (lacksSleeper()) {
            sched.wake(home.id);
        }
    }

    /** Wakes the M that sleeps in the epoll. */
    void wakeSleeper() {
        epoll().wake();
    }

    /** By sysmon. @return in how many nanoseconds it must look again, at most */
    long watch(long now, long memory) {
        Epoll e = epoll();
        if (e == null || e.anyWaits()) {
            quietLooks = 0;
        } else if (quietLooks < QUIET_LOOKS && ++quietLooks < QUIET_LOOKS) {
            return OVERDUE_NANOS; // one that waits again and again must not wake sysmon each time
        }
        if (netpoll != null && (e == null || !e.anyWaits())) {
            unwatched = true;
            sched.fence(); // pairs with the one of whoever begins to wait and reads it afterwards
            e = epoll();
        }
        if (e == null || !e.anyWaits()) {
            forget();
            return Long.MAX_VALUE;
        }
        unwatched = false;
        if (e.isBroken()) {
            if (e.repair() < 0) {
                return OVERDUE_NANOS;
            }
        }
        if (e.repairs() != 0 && !repairSaid) {
            repairSaid = true;
            Warnings.say("something in this process has closed a file descriptor of Pinion's, by which the scheduler '" + sched.name()
                    + "' hears of its sockets; it has new ones.");
        }
        return Math.min(watchWaits(e, now, memory), edges(e, now, memory));
    }

    /** Nobody waits: what was looked at before must not keep threads alive. */
    private void forget() {
        sleptThrough = null;
        if (lostEdges != null) {
            lostEdges.rest();
        }
    }

    private long edges(Epoll e, long now, long memory) {
        if (lostEdges == null) {
            lostEdges = new LostEdges(sched, sched.watchdog);
        }
        return lostEdges.look(e, now, memory);
    }

    private long watchWaits(Epoll e, long now, long memory) {
        if (e.hasSleeper()) {
            if (isSleptThrough(e, now, memory)) {
                return Watchdog.PROOF_NANOS;
            }
            return sched.allIdle() ? Long.MAX_VALUE : OVERDUE_NANOS; // the sleeper may leave with a G that computes
        }
        long age = now - lastLook;
        if (age < OVERDUE_NANOS) {
            return OVERDUE_NANOS - age;
        }
        boolean sent = lastLook == sentFor && idleThen.isUnchanged();
        boolean wanted = sched.idle.any() && sched.spinning.get() == 0;
        if (sent && wanted && now - sentAt >= Watchdog.PROOF_NANOS) { // a start of one would show, whether its M has got a CPU or not
            sentFor = now; // not this again
            if (lookNow(memory) > 0) {
                unpolled("sysmon's call for one of the idle Ps (" + idleThen + ") to look had no effect", now, now - sentAt);
            }
        } else if (wanted) {
            if (!sent && idleThen.take()) {
                sentFor = lastLook;
                sentAt = now;
            }
            if (sched.wake(0)) {
                sentFor = Long.MIN_VALUE;
            }
        } else {
            lookNow(memory);
        }
        return OVERDUE_NANOS;
    }

    /**
     * Events lie in the epoll of a sleeper that does not take them. One that was woken and gets no CPU is helped in silence; one that the kernel says to
     * be asleep is a fault.
     */
    private boolean isSleptThrough(Epoll e, long now, long memory) {
        Thread sleeper = e.sleeper();
        if (sleeper == null || !e.holdsEvents(memory)) {
            sleptThrough = null;
            return false;
        }
        if (sleeper != sleptThrough || sleptThroughFor != lastLook) {
            sleptThrough = sleeper;
            sleptThroughFor = lastLook;
            sleptThroughSince = now;
            return true;
        }
        long age = now - sleptThroughSince;
        if (age >= Watchdog.PROOF_NANOS) {
            boolean asleep = LostEdges.sleepsIn((M) sleeper);
            sleptThrough = null;
            if (lookNow(memory) > 0 && asleep && e.sleeper() == sleeper) {
                unpolled(sleeper.getName() + " slept on", now, age);
            }
        }
        return true;
    }

    private void unpolled(String reason, long now, long age) {
        Watchdog watchdog = sched.watchdog;
        watchdog.counts.unpolled();
        if (watchdog.unpolledLine.isDue(now)) {
            watchdog.say("sockets were ready and nobody looked for " + age / 1000 + " us: " + reason + "; counted as searching: " + sched.spinning.get()
                    + "; asleep in the epoll: " + watchdog.sleeper() + ". sysmon has looked (" + watchdog.counts.ofUnpolled() + " such so far).");
        }
    }

    /** By sysmon: takes out what lies there, and passes it on. @return how many threads */
    int lookNow(long memory) {
        Epoll e = epoll();
        int woken = 0;
        int count;
        do {
            lastLook = System.nanoTime();
            count = e.await(memory, 0);
            woken += count > 0 ? e.deliver(memory, count, sched.sysmon) : 0;
        } while (count == SharedLayout.READY_MAX);
        return woken;
    }

    /** Who sleeps in the epoll; null: nobody. */
    Thread sleeper() {
        Epoll e = epoll();
        return e == null ? null : e.sleeper();
    }

    /** A P runs a G while somebody waits: sysmon is to know, for the G may compute. By its M; allocates nothing. */
    void runsBeside() {
        if (unwatched) {
            unwatched = false;
            sched.sysmon.wake();
        }
    }

    @Override
    public void waitBegun() {
        M m = M.current();
        P p = m == null ? null : m.p;
        if (p == null || !m.stillHolds(p)) {
            sched.fence(); // pairs with the idler's between its ticket and its look
            runsBeside(); // the others, for all that is known here
            if (lacksSleeper()) {
                sched.wake(0);
            }
        }
    }

    @Override
    public void refused(String reason) {
        Warnings.say("the sockets of scheduler '" + sched.name() + "' wait in the JDK's own way: " + reason + ".");
    }

    void close() {
        Epoll e = epoll();
        if (e != null) {
            e.close();
        }
    }
}
