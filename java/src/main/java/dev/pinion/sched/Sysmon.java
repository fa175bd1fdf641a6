package dev.pinion.sched;

import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import dev.pinion.netpoll.Epoll;
import dev.pinion.timer.TimerHeap;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/**
 * The one thread that holds no P (Go: sysmon): sees what a P that computes cannot see itself, gives birth to Ms, prints the trace. Its
 * periods are Go's: 20 us, doubling after 50 rounds without a find, 10 ms at most; and a deep sleep while every P is idle.
 */
final class Sysmon extends Thread implements Epoll.Sink {
    private static final long MIN_NANOS = 20_000;
    private static final long MAX_NANOS = 10_000_000;
    private static final int IDLE_ROUNDS = 50;

    /** A timer that is so late is one that its P does not come to. */
    static final long OVERDUE_NANOS = 20_000;

    /**
     * A P that runs one short G and sleeps again is not worth fifty looks, a millisecond of them, and neither is a searcher that was sent, which servers
     * under load are all the time: fifty took 4 % of a core there. Go does not count a searcher at all.
     */
    private static final int ROUNDS_AFTER_CALL = 3;

    /** Where a P is watched closely, so many looks at idle Ps alone are enough for a deep sleep, out of which the next start wakes it. */
    private static final int CLOSE_IDLE_LOOKS = 3;

    private static final long SECOND_NANOS = 1_000_000_000;

    /** {@link #sleepsUntil} while it looks round: a timer that is set now may come too late for the look. */
    private static final long AWAKE = Long.MAX_VALUE;

    /** What a look at all Ps came to. */
    private enum Found {
        NOTHING,
        /** Queued work beside an idle P, for which a searcher was sent. */
        WORK_FOR_ANOTHER,
        P_TAKEN
    }

    private final Sched sched;
    private final long futex;
    private final Retake retake;
    private final Tripwires tripwires;
    private int[] lastTick = new int[0];
    private Runnable[] lastNext = new Runnable[0];

    /** Some G has run since the last check of each second, or there has been none: an idle process has nothing new to look at. */
    private boolean newsForCheck = true;

    private final long startNanos = System.nanoTime();
    private boolean firstPassBegun;

    /** Until when it sleeps, {@code System.nanoTime()}; {@link #AWAKE}: it has not said so yet. */
    private volatile long sleepsUntil = AWAKE;

    private volatile boolean deep;

    /** How long it sleeps while every P is idle. Tests make it longer than they wait. */
    volatile long deepNanos = 1_000_000_000;

    /** How long it sleeps while some P is not, and nothing is near. Tests make it longer than they wait. */
    volatile long longestNanos = MAX_NANOS;

    private volatile long traceNanos;
    private volatile boolean traceDetail;
    private volatile Runnable second;
    private volatile Rehomer rehomer;
    private volatile boolean checkWanted;
    private volatile boolean tripwiresEnded;

    /** @param tripwires null: none are wanted */
    Sysmon(Sched sched, Retake retake, Tripwires tripwires) {
        super(systemGroup(), null, sched.threadPrefix + "-sysmon", 0, false);
        this.sched = sched;
        this.retake = retake;
        this.tripwires = tripwires;
        setDaemon(true);
        futex = Natives.mapShared(SharedLayout.M_SIZE);
        if (futex < 0) {
            throw new OutOfMemoryError("no memory for sysmon: errno " + -futex);
        }
    }

    /** Not the application's, which may count its threads. */
    private static ThreadGroup systemGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }

    /** A short-lived thread for what must not hold up sysmon; it inherits nothing. Unstarted. */
    static Thread helper(String name, Runnable task) {
        Thread thread = new Thread(systemGroup(), task, name, 0, false);
        thread.setDaemon(true);
        return thread;
    }

    /** A thread that waited for a file descriptor can go on. By sysmon. */
    @Override
    public void ready(Thread waiter) {
        LockSupport.unpark(waiter);
    }

    /** Makes it look now. Any thread; allocates nothing. */
    void wake() {
        SharedMemory.getAndSetInt(futex, 1);
        Natives.futexWake(futex, 1);
    }

    /** The word that {@link #wake} sets and wakes on; others may do the same to it. */
    long futex() {
        return futex;
    }

    /** A word that stays 0, for short naps of others: nobody is woken on it. */
    long nap() {
        return futex + SharedLayout.M_P;
    }

    /** By whoever made an idle P busy, after its ticket was taken and counted: sysmon says that it is deep and then counts once more. */
    void wakeIfDeep() {
        if (deep) {
            wake();
        }
    }

    /**
     * The first timer of a P that computes, or may. If sysmon sleeps on long after that is due, it is to look sooner: it alone sees
     * that the P does not come to it. Any thread, after a full fence that follows the adding; allocates nothing.
     *
     * @param when {@link TimerHeap#NEVER}: there is none
     */
    void timerAdded(long when) {
        if (when == TimerHeap.NEVER) {
            return;
        }
        long until = sleepsUntil;
        if (!deep && (until == AWAKE ? when - System.nanoTime() < longestNanos : until - when > Retake.WAITED_FOR_NANOS)) {
            wake();
        }
    }

    boolean isDeep() {
        return deep;
    }

    /** Nanoseconds until it wakes by itself; less than nothing: it is awake. */
    long sleepsFor() {
        long until = sleepsUntil;
        return until == AWAKE ? -1 : until - System.nanoTime();
    }

    void traceEvery(long millis, boolean detail) {
        traceDetail = detail;
        traceNanos = millis * 1_000_000;
        wake();
    }

    void eachSecond(Runnable check) {
        second = check;
    }

    /** What is done each second is due at once. Any thread. */
    void checkNow() {
        checkWanted = true;
        wake();
    }

    void keepHomes(Rehomer keeper) {
        rehomer = keeper;
    }

    @Override
    public void run() {
        try {
            Natives.setTimerSlack(1);
            KernelSlice.shorten();
            while (!survives()) {
                sched.napForMemory();
            }
            if (tripwires != null) {
                tripwires.stop();
            }
            sched.network.close();
            Rehomer keeper = rehomer;
            if (keeper != null) {
                keeper.close();
            }
        } catch (Throwable e) {
            Fatal.schedulerError(sched, e);
        }
    }

    /** @return false: the program's heap is full; sysmon outlives that and begins anew */
    private boolean survives() {
        try {
            loop();
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    /** An odd file of the kernel's is no reason to end the process. @return how long it may be until the next look, in nanoseconds */
    private long lookAtHomes(long now) {
        Rehomer keeper = rehomer;
        if (keeper != null) {
            try {
                keeper.look(now);
                return keeper.pauseNanos();
            } catch (RuntimeException e) {
                rehomer = null;
                keeper.close();
                Warnings.say("the look at how busy the Ps' cores are failed (" + e + "); from now on Ps stay where they are.");
            }
        }
        return Rehomer.LOOK_NANOS;
    }

    private void endTripwires() {
        try {
            if (tripwires != null) {
                tripwires.end();
            }
        } catch (OutOfMemoryError e) {
            // then the process takes as long as it takes
        }
        tripwiresEnded = true;
    }

    /** The end of the JVM need not wait for it any longer. */
    boolean hasEndedTripwires() {
        return tripwiresEnded || !isAlive();
    }

    /** By itself, since sockets want a look also where the heap is too full for the rest. @return in how many nanoseconds it must look again, at most */
    private long watchNetwork(long now) {
        try {
            return sched.network.watch(now, futex + SharedLayout.M_READY);
        } catch (OutOfMemoryError e) {
            return Network.OVERDUE_NANOS; // a new beginning would put off what is done each second, again and again
        }
    }

    private void loop() {
        long delay = MIN_NANOS;
        int idleRounds = 0;
        int allIdleLooks = 0;
        long nextSecond = System.nanoTime() + SECOND_NANOS;
        long nextHomes = System.nanoTime();
        long lastTrace = System.nanoTime();
        long due = lastTrace;
        while (!sched.closed || sched.machines.alive() > 0) {
            if (Exit.begun()) {
                endTripwires();
                Exit.stayOutOfTheWay();
            }
            boolean served = false;
            Found found = Found.NOTHING;
            long now = System.nanoTime();
            long trace = traceNanos;
            try {
                sched.machines.serve();
                sched.machines.makeSpares();
                served = true;
                retake.woke(due, now);
                found = look();
                if (!firstPassBegun && (!sched.allIdle() || now - startNanos > FirstPass.AFTER_NANOS)) {
                    firstPassBegun = true;
                    FirstPass.begin(sched);
                }
                if (now - nextHomes >= 0) {
                    nextHomes = now + lookAtHomes(now);
                    Recordings.look();
                }
                if (newsForCheck && now - nextSecond >= 0 || checkWanted) {
                    nextSecond = now + SECOND_NANOS;
                    newsForCheck = false;
                    Runnable check = second;
                    if (check != null) {
                        checkWanted = false;
                        check.run();
                    }
                }
                if (trace != 0 && now - lastTrace >= trace) {
                    lastTrace = now;
                    Natives.writeStderr((sched.trace(traceDetail) + "\n").getBytes(StandardCharsets.UTF_8));
                }
            } catch (OutOfMemoryError e) {
                served = false; // the program's heap is full; sysmon outlives that and tries again
            }
            if (found == Found.P_TAKEN || !served) {
                idleRounds = 0;
                delay = MIN_NANOS;
            } else if (found == Found.WORK_FOR_ANOTHER) {
                idleRounds = Math.min(idleRounds + 1, IDLE_ROUNDS - ROUNDS_AFTER_CALL); // what is left of fifty after a P was taken is not cut short
                delay = MIN_NANOS;
            } else if (++idleRounds > IDLE_ROUNDS) {
                delay = Math.min(delay * 2, MAX_NANOS);
            }
            if (sched.closed) {
                endAll();
                delay = MAX_NANOS / 10;
            }
            long network = Math.min(watchNetwork(now), sched.watchdog.nextLook());
            allIdleLooks = sched.allIdle() ? allIdleLooks + 1 : 0;
            boolean nothingNear = delay == MAX_NANOS && retake.hurry() > MAX_NANOS && network == Long.MAX_VALUE;
            deep = (nothingNear || retake.watchesClosely() && allIdleLooks > CLOSE_IDLE_LOOKS) && allIdleLooks > 0 && firstPassBegun && !sched.closed;
            long usual = delay == MAX_NANOS ? longestNanos : delay;
            long most = deep ? deepNanos : retake.watchesClosely() ? Math.min(usual, Retake.CLOSE_IDLE_NANOS) : usual;
            long sleep = Math.min(Math.min(most, network), retake.hurry());
            if (deep && (!sched.allIdle() || sched.machines.requested())) {
                deep = false; // a P started before it could see the flag
                sleep = delay;
            }
            if (trace != 0) {
                sleep = Math.min(sleep, Math.max(MIN_NANOS, lastTrace + trace - now));
            }
            due = System.nanoTime() + sleep;
            sleepsUntil = due;
            Natives.futexWait(futex, 0, sleep);
            sleepsUntil = AWAKE; // before the look at the Ps' timers: pairs with the fence of whoever adds one
            boolean called = SharedMemory.getAndSetInt(futex, 0) != 0;
            if (deep && called) { // by a P that starts; after a mere second of sleep nothing has changed (Go keeps its delay then too)
                delay = MIN_NANOS;
                idleRounds = IDLE_ROUNDS - ROUNDS_AFTER_CALL;
            }
            deep = false;
        }
    }

    /** Queued work beside an idle P, a runnext that waits for a long G, timers that are overdue: sends a searcher. */
    private Found look() {
        P[] ps = sched.allPs();
        if (lastTick.length < ps.length) {
            lastTick = new int[ps.length];
            lastNext = new Runnable[ps.length];
        }
        boolean took = false;
        boolean wanted = sched.global.size() != 0;
        int near = 0;
        newsForCheck |= !sched.allIdle();
        long now = System.nanoTime();
        for (int i = 0; i < ps.length; i++) {
            P p = ps[i];
            Runnable next = p.queue.peekNext();
            int tick = p.schedTick;
            boolean idle = sched.idle.contains(i);
            if (idle && Retake.isKeptOff(p, now)) {
                int other = idleBeside(i);
                wanted |= other >= 0;
                near = Math.max(near, other);
            }
            if (p.queue.size() != 0
                    || next != null && next == lastNext[i] && tick == lastTick[i]
                    || p.timers.nextWhen() < now - OVERDUE_NANOS && !idle) {
                wanted = true;
            }
            wanted |= sched.newcomers.size() != 0 && p.crowd.hasRoom() && idle;
            newsForCheck |= tick != lastTick[i];
            if (tripwires != null) {
                lookAtTripwire(p, idle, tick == lastTick[i], now);
            }
            took |= retake.look(p, tick, isShared(p), now);
            lastNext[i] = next;
            lastTick[i] = tick;
        }
        sched.watchdog.look(now);
        if (took) {
            return Found.P_TAKEN;
        }
        if (wanted && sched.idle.any() && sched.spinning.get() == 0) {
            sched.watchdog.called(sched.wake(near));
            return Found.WORK_FOR_ANOTHER;
        }
        return Found.NOTHING;
    }

    /** @return -1: there is none */
    private int idleBeside(int id) {
        for (int i = 0; i < sched.procs(); i++) {
            if (i != id && sched.idle.contains(i)) {
                return i;
            }
        }
        return -1;
    }

    private void lookAtTripwire(P p, boolean idle, boolean same, long now) {
        if (tripwires.sawLate(p)) {
            retake.foundLate(p, now);
        }
        if (!idle) {
            tripwires.arm(p, same || retake.isClose(p, now));
        }
    }

    /** Somebody else computes on its core: the Ms that lost it, or strangers. */
    private boolean isShared(P p) {
        Rehomer keeper = rehomer;
        return p.crowd.size != 0 || keeper != null && keeper.isShared(p);
    }

    /** Makes all sleeping Ms look around. */
    void endAll() {
        for (P p : sched.allPs()) {
            for (M m : p.idleSlots) {
                if (m != null) {
                    m.nudge();
                }
            }
        }
        sched.lockedMs.all.nudge();
    }
}
