package dev.pinion.sched;

import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import dev.pinion.netpoll.Epoll;
import dev.pinion.observe.Cause;
import dev.pinion.timer.TimerHeap;
import dev.pinion.vthread.Carrier;
import dev.pinion.vthread.VThreads;
import java.util.concurrent.locks.LockSupport;

/**
 * A machine: a platform thread of one P's core. While it holds that P it runs the P's Gs; without it, it finishes the G it runs and
 * sleeps until the P is given to it.
 *
 * <p>All fields but the offered ones are its own thread's: of its loop, or of the G mounted on it, which is the same thread.
 */
final class M extends Carrier implements Epoll.Sink {
    /** An M that nobody needs ends after this long. */
    private static final long LINGER_NANOS = 2_000_000_000L;

    /** The M that a P sleeps with looks more and more seldom whether it still is that: an idle process has nothing to do. */
    private static final long MAX_PATIENCE_NANOS = 60_000_000_000L;

    /** {@link #currentId} of a Runnable that is no thread's. */
    private static final long NO_THREAD = -1;

    /** Idle Ms a P keeps for ever: the one that sleeps with it, and a spare. */
    private static final int KEPT_IDLE = 2;

    final Sched sched;
    final P home;
    final long memory;
    final int number;

    /** Its place among the P's idle slots; -1: none was free, or it has left it. Changed by its own thread ({@link Machines#leaveSlot}). */
    int slot;

    /** The P it holds, or null. */
    P p;

    /** The epoch it holds the P with. */
    long epoch;

    /** True while the word is SCHED and this thread put it there: code it calls need not enter again. */
    boolean inSched;

    boolean spinning;

    /** It passes on what the network brought: Gs that become runnable go to the tail of the queue. */
    boolean polling;

    /** Waits for the timers of {@link #home} while it sleeps. */
    private boolean timerDuty;

    /** It has slept in the epoll since it last held the P, and somebody else must if it does not again. */
    private boolean leavesEpoll;

    /** It stands in its idle slot, as far as it knows. */
    private boolean offered;

    /** The G that alone may run here; null: any. Written by that G. */
    LockedG locked;

    /** Set while the mounted G is in an announced call. Its own thread's; read by sysmon as a hint. */
    boolean announced;

    final Blocks blocks = new Blocks(this);

    /** The G that was run last unmounted alive. Its state does not tell: another M may have run it to its end since. */
    private boolean yielded;

    /**
     * The thread id of the G it runs, 0: none. For the traces, which may see it late. A number, because a reference stored into an old
     * object costs a full fence under G1, twice for each G.
     */
    long currentId;

    /** Made ahead: it offers itself once it lives, so that no P is ever given to a thread that could not be started. */
    boolean bornSpare;

    /** Why its P was taken from it; its kernel slice is the usual one then. Set by the taker; its own thread undoes it. */
    volatile Cause loss;

    /** Set by {@link #give}, before the futex word. */
    private long offeredEpoch;

    private boolean offeredSpinning;

    M(Sched sched, P home, int number, int slot) {
        super(sched.pool, sched.threadPrefix + "-P" + home.id + "-M" + number);
        this.sched = sched;
        this.home = home;
        this.number = number;
        this.slot = slot;
        memory = sched.machines.memory();
    }

    /** Gives this M its P, in SCHED at {@code epoch}. By the owner of the P, who forgets it; the M is in no idle slot. */
    void give(long givenEpoch, boolean givenSpinning) {
        offeredEpoch = givenEpoch;
        offeredSpinning = givenSpinning;
        int was = SharedMemory.getAndSetInt(memory + SharedLayout.M_FUTEX, SharedLayout.M_GIVEN); // pairs with the acquire in taken()
        if (was == SharedLayout.M_POLLING) {
            sched.network.wakeSleeper();
        } else {
            Natives.futexWake(memory + SharedLayout.M_FUTEX, 1);
        }
    }

    /** The M under the calling thread, which may be the M itself; null: it is none's. */
    static M current() {
        return VThreads.currentCarrier() instanceof M m ? m : null;
    }

    /** The M under the calling G; null on any other thread. */
    static M underG() {
        return Thread.currentThread().isVirtual() ? current() : null;
    }

    /** A thread that waited for a file descriptor can go on. By this M, with its P in SCHED or without one. */
    @Override
    public void ready(Thread waiter) {
        if (p == null || VThreads.schedulerOf(waiter) != sched.pool || !VThreads.unparkWithoutSubmit(waiter)) {
            LockSupport.unpark(waiter);
            return;
        }
        Runnable continuation = VThreads.continuationOf(waiter);
        try {
            p.queue.push(continuation);
        } catch (OutOfMemoryError e) {
            FindRunnable.stopSpinning(this); // the P may be lost, and the count with it
            leave();
            resubmit(continuation);
            if (!enter()) {
                lose();
            }
        }
    }

    @Override
    protected void runMachine() {
        try {
            bind();
            if (bornSpare) {
                lose();
                home.spareComing = false;
            }
            while (true) {
                boolean hadP = p != null;
                if (!hadP && !sleep() || sched.closed) {
                    break; // whoever closed it gave up on the Gs that are left: they do not run again
                }
                if (hadP) {
                    step();
                } else {
                    firstStep();
                }
            }
        } catch (Throwable e) {
            Fatal.schedulerError(sched, e);
        } finally {
            sched.machines.ended(this);
        }
    }

    /** One turn of the loop; a method of its own, because the JIT makes better code of it than of a loop that never ends. */
    private void step() {
        Runnable task = FindRunnable.next(this);
        if (task != null) {
            if (p.idleSpin.inGap()) {
                p.idleSpin.ends(System.nanoTime());
            }
            runG(task);
        }
    }

    /** With a P that it was given, perhaps in the place of an M that blocks. */
    private void firstStep() {
        P mine = p;
        if (mine.untold != null && !tellsOf(mine)) {
            return;
        }
        long since = mine.counters.gotM();
        Runnable task = FindRunnable.next(this);
        if (task == null) {
            return; // and perhaps it has the P no longer
        }
        mine.idleSpin.ends(System.nanoTime());
        if (since != 0) {
            Thread thread = VThreads.threadOf(task);
            mine.counters.nextG(since, sched.name(), mine.id, thread == null ? NO_THREAD : thread.threadId());
        }
        runG(task);
    }

    /** It has taken the P itself, and somebody records that: not in SCHED. @return false: it has lost it meanwhile */
    private boolean tellsOf(P mine) {
        Taken untold = mine.untold;
        mine.untold = null;
        leave();
        untold.tell();
        if (!enter()) {
            lose();
        }
        return p != null;
    }

    private void bind() {
        int cpu = home.cpu;
        int r = Natives.bindSelf(memory, cpu);
        while (r == 0 && cpu != home.cpu) { // the P was moved meanwhile, by one who could not know this M yet (native/binding.c)
            cpu = home.cpu;
            r = Natives.rebind(memory, cpu);
        }
        if (r < 0) {
            sched.machines.bindRefused(this, r);
        }
        Natives.setTimerSlack(1);
        KernelSlice.shorten();
    }

    private void runG(Runnable task) {
        Runnable continuation = task;
        if (task instanceof GTask g) {
            continuation = Hosts.mount(this, g);
            if (continuation == null) {
                return;
            }
        }
        Thread thread = VThreads.threadOf(continuation);
        currentId = thread == null ? NO_THREAD : thread.threadId();
        yielded = false;
        inSched = false;
        PWord.transitionRun(p.word, epoch);
        try {
            continuation.run();
        } catch (OutOfMemoryError | LinkageError e) {
            // Out of the JDK's part of a G's switch, the second when the first struck the initialiser of one of its classes: the G's
            // misfortune, and not a reason to lose the M. (The JDK's pool goes on as well.)
            if (thread != null && VThreads.endFailedWait(thread)) {
                resubmit(continuation);
            }
        } catch (RuntimeException | Error e) {
            if (task instanceof GTask || VThreads.threadOf(task) != null) {
                throw e;
            }
            getUncaughtExceptionHandler().uncaughtException(this, e); // a bare task, from somebody who has got hold of the JDK's pool
        }
        currentId = 0;
        if (inSched) {
            return; // its last act was a yield, which left the word where we want it
        }
        if (!yielded && thread != null && VThreads.isTerminated(thread) && !sched.container.holds(thread)) {
            countFinished();
            home.plainEnded++;
        }
        if (!enter()) {
            lose();
        }
    }

    /** Of a G that found no memory to wait: it would only try again at once. With the P, if there still is one, in RUNNING. */
    private void resubmit(Runnable continuation) {
        while (true) {
            sched.napForMemory();
            try {
                sched.execute(continuation);
                return;
            } catch (OutOfMemoryError e) {
                // not queued
            }
        }
    }

    /** A G has ended on this thread, with a P or without. */
    void countFinished() {
        if (slot >= 0) {
            home.finished[slot]++;
        } else {
            sched.foreignFinished.increment();
        }
    }

    /** Whether nobody has taken its P so far. A hint: somebody may at the next moment. */
    boolean seemsToHold(P held) {
        return held != null && PWord.isRunningAt(held.word, epoch);
    }

    /** RUNNING to SCHED. False: this M holds no P (any more). */
    boolean enter() {
        P held = p;
        if (held == null) {
            return false;
        }
        if (!PWord.transitionEnter(held.word, epoch)) {
            p = null;
            home.counters.ranWithoutP();
            blocks.learnt();
            return false;
        }
        inSched = true;
        return true;
    }

    /**
     * Whether it holds {@code held} at this moment, after a full fence. What was published before the call is then seen by whoever takes the
     * P later: taking is a CAS on the word that is read here.
     */
    boolean stillHolds(P held) {
        sched.fence();
        return p == held && PWord.epochAcquire(held.word) == epoch && PWord.stateAcquire(held.word) != SharedLayout.STATE_IDLE;
    }

    /** SCHED to RUNNING. */
    void leave() {
        inSched = false;
        PWord.transitionRun(p.word, epoch);
    }

    /** SCHED to RUNNING, with the fence that a submitter needs before it looks for idle Ps. */
    void leaveFenced() {
        inSched = false;
        PWord.transitionRunFenced(p.word, epoch);
    }

    /** The P was taken while the mounted G was in a call that seldom blocks. On the G. */
    void lostInCall() {
        p = null;
        home.counters.returnedWithoutP();
        blocks.learnt();
    }

    /** Forgets a P that was taken, or that was given away. */
    void lose() {
        p = null;
        inSched = false;
        timerDuty = false;
        boolean computed = loss == Cause.SLICE;
        if (loss != null) {
            becomesOrderly();
        }
        if (locked != null) {
            LockedMs.lost(locked); // and not idle: the P may be given to it for its G's turn already
            return;
        }
        SharedMemory.setIntPlain(memory + SharedLayout.M_FUTEX, SharedLayout.M_ASLEEP);
        offered = home.offerIdle(this);
        if (computed) {
            home.crowd.left();
        }
        cameBack();
    }

    /** It is idle: perhaps a P waits for that, for which no thread could be made or none was allowed. */
    private void cameBack() {
        if (sched.machines.requested()) {
            sched.sysmon.wake(); // no thread could be made, and the P waits for whoever comes back
        }
        sched.threadLimit.cameBack();
    }

    /**
     * Gives the collector a moment. With the P in SCHED, where nobody could help it: so it may be taken meanwhile. On return the M has it in
     * SCHED again, or has lost it.
     */
    void napForMemory() {
        leave();
        sched.napForMemory();
        if (!enter()) {
            lose();
        }
    }

    /** To be called in SCHED, before the P is put to sleep: from now on the P's next owner may pick this M. */
    void prepareSleep() {
        SharedMemory.setIntPlain(memory + SharedLayout.M_FUTEX, SharedLayout.M_ASLEEP);
        timerDuty = true;
        home.sleeper = number;
        home.sleeperSlot = slot;
        offered = home.offerIdle(this);
        p = null;
        inSched = false;
    }

    /** Takes back a P this M has just put to sleep, whose ticket it has won. */
    void resume(boolean spin) {
        long acquired = PWord.transitionAcquire(home.word);
        if (offered) {
            home.withdrawIdle(this);
        }
        hold(home, acquired);
        spinning = spin;
        sched.sysmon.wakeIfDeep();
    }

    /** Sleeps until the P is given to it. False: the M ends. */
    private boolean sleep() {
        if (locked != null) {
            return LockedMs.sleep(this);
        }
        if (sleepsUntilGiven()) {
            return true;
        }
        leaveEpoll();
        return false;
    }

    private boolean sleepsUntilGiven() {
        long patience = LINGER_NANOS;
        while (!taken()) {
            if (timerDuty && home.sleeper != number) {
                timerDuty = false; // the P went on under an M that came back from a call, and that one put it to sleep since
            }
            if (!offered && !(timerDuty && sched.idle.contains(home.id))) {
                return false; // it has no slot, so nobody can ever pick it, and nobody needs it for timers
            }
            if (sched.closed && (!offered || home.withdrawIdle(this))) {
                return false;
            }
            if (home.retired) {
                timerDuty = false; // its timers have moved to P0
            }
            if (offered && sched.threadLimit.wantsRoom(home) && !(timerDuty && sched.idle.contains(home.id)) && home.withdrawIdle(this)) {
                return false;
            }
            if (Exit.begun()) {
                Exit.stayOutOfTheWay();
            }
            long timeout = LINGER_NANOS;
            boolean forTimers = false;
            if (timerDuty) {
                long when = home.timers.nextWhen();
                timeout = patience;
                if (when != TimerHeap.NEVER) {
                    forTimers = true;
                    timeout = Math.max(0, when - System.nanoTime());
                }
            }
            int r = await(timeout);
            if (p != null) {
                return true; // something was ready in the epoll, and its P idle
            }
            if (r != -Sched.ETIMEDOUT) {
                continue;
            }
            if (forTimers) {
                if (sched.idle.tryTake(home.id)) {
                    resume(false);
                    return true;
                }
                timerDuty = false; // the P has another M, or is gone
            } else if (timerDuty) {
                patience = Math.min(2 * patience, MAX_PATIENCE_NANOS);
            } else if (offered && mayEnd() && home.withdrawIdle(this)) {
                return false;
            }
        }
        return true;
    }

    /** @return as {@code futexWait} */
    private int await(long timeout) {
        if (timeout == 0) {
            return -Sched.ETIMEDOUT;
        }
        if (timerDuty && sched.network.claimsSleep(this)) {
            leavesEpoll = true;
            return sched.network.sleep(this, timeout);
        }
        leaveEpoll();
        return Natives.futexWait(memory + SharedLayout.M_FUTEX, SharedLayout.M_ASLEEP, timeout);
    }

    /** Others went to sleep on their futex because this M slept in the epoll. */
    private void leaveEpoll() {
        if (leavesEpoll) {
            leavesEpoll = false;
            sched.network.sleeperLeft(home);
        }
    }

    private boolean mayEnd() {
        return sched.closed || home.retired || home.idleMs() > KEPT_IDLE;
    }

    /** True when the P has been given to this M. */
    boolean taken() {
        int word = SharedMemory.intAcquire(memory + SharedLayout.M_FUTEX);
        if (word == SharedLayout.M_ASLEEP) {
            return false;
        }
        if (word == SharedLayout.M_ALARM) {
            return SharedMemory.casInt(memory + SharedLayout.M_FUTEX, SharedLayout.M_ALARM, SharedLayout.M_ASLEEP) && answersAlarm();
        }
        SharedMemory.setIntPlain(memory + SharedLayout.M_FUTEX, SharedLayout.M_ASLEEP);
        timerDuty = false;
        offered = false;
        hold(locked == null ? home : locked.takeTurn(), offeredEpoch);
        spinning = offeredSpinning;
        return true;
    }

    /** It is the owner of its P, in SCHED. */
    void hold(P held, long newEpoch) {
        if (loss != null) {
            becomesOrderly();
        }
        p = held;
        epoch = newEpoch;
        inSched = true;
        leavesEpoll = false; // with nothing to run it comes back, or another P is not idle
        SharedMemory.setLongRelease(held.holder, memory);
    }

    /** Whether it was right to call it: then it has the P (essay, race 10). Offered or not, it is so afterwards. */
    private boolean answersAlarm() {
        if (!offered || !home.withdrawIdle(this)) {
            return false; // somebody is giving it the P; or it was called by a mistake of the tripwire's, which looks at a hint
        }
        offered = false;
        long taken = Alarm.take(home);
        if (taken < 0) {
            offered = home.offerIdle(this);
            cameBack();
            return false;
        }
        timerDuty = false;
        hold(home, taken);
        spinning = false;
        return true;
    }

    private void becomesOrderly() {
        loss = null;
        KernelSlice.shorten();
    }

    /** Wakes it so that it looks whether it may end. Any thread. */
    void nudge() {
        if (SharedMemory.intAcquire(memory + SharedLayout.M_FUTEX) == SharedLayout.M_POLLING) {
            sched.network.wakeSleeper();
        }
        Natives.futexWake(memory + SharedLayout.M_FUTEX, 1);
    }

    @Override
    protected boolean beforeAnnouncedBlock() {
        return HandOff.beforeBlock(this);
    }

    @Override
    protected void afterAnnouncedBlock(boolean unmounted) {
        if (unmounted) {
            yielded = true;
            blocks.forget();
        }
        Object ended = blocks.end();
        HandOff.afterBlock(this);
        blocks.tell(ended);
    }
}
