package dev.pinion.sched;

import dev.pinion.jctools.queues.varhandle.unpadded.MpscVarHandleUnpaddedArrayQueue;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import dev.pinion.queue.SpinLock;
import java.lang.invoke.VarHandle;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The births and deaths of Ms. They are born on the sysmon thread only (Go's template thread): scheduler code may run on a G, and a
 * thread started there would inherit what a G's thread has.
 */
final class Machines {
    /** In place of an epoch: see {@link #start}. */
    static final long FIRST = -1;

    static final long SPARE = -2;

    /**
     * After a thread could not be made: until the next try. Each one makes the JVM complain on stdout, and a process at its limit stays there
     * for a while; a tenth of what a user would notice, and then what he would.
     */
    private static final long FIRST_RETRY_NANOS = 1_000_000;

    private static final long LAST_RETRY_NANOS = 256_000_000;

    private final Sched sched;
    private final SpinLock lock = new SpinLock(Sched.RELAX);
    private final MpscVarHandleUnpaddedArrayQueue<P> wanted = new MpscVarHandleUnpaddedArrayQueue<>(SchedConfig.MAX_PROCS);
    private int born;
    private volatile int alive;
    private long[] freeMemory = new long[0];
    private int freeCount;
    private final Set<M> withoutSlot = ConcurrentHashMap.newKeySet();
    private boolean failureSaid;
    private long retryNanos;
    private long failedNanos;
    private boolean refusalSaid;
    private volatile boolean sparesWanted;

    Machines(Sched sched) {
        this.sched = sched;
    }

    /**
     * Links the call sites of {@link #request}, whose first call may come from scheduler code on a G, where the JDK's linker may not run, and
     * of what sysmon calls in each round, where the heap may be full. At the start, before there is an M.
     */
    void prepare(P p) {
        request(p, 0, false);
        requested();
        p.prepare();
        wanted.relaxedPoll();
    }

    /**
     * Asks for a new M for a P that is in SCHED and has no other owner. Any thread; allocates nothing, waits for nobody. A P has one such
     * owner at most, so there is one request of it at most: the queue holds all Ps there can be, and the request's data are the P's fields.
     */
    void request(P p, long epoch, boolean spinning) {
        p.wantedEpoch = epoch;
        p.wantedSpinning = spinning;
        want(p);
        sched.sysmon.wake();
    }

    private void want(P p) {
        if (!wanted.offer(p)) {
            throw new IllegalStateException("more requests for Ms than Ps, at P" + p.id);
        }
    }

    boolean requested() {
        return !wanted.isEmpty();
    }

    /**
     * Makes what was asked for. By sysmon. Relaxed, because the queue's {@code poll} spins while an asker has claimed a place and not
     * filled it: that asker calls sysmon afterwards. A P for which no thread can be made goes on with the first M that comes back to it, and
     * until then the other Ps steal what it has.
     */
    void serve() {
        P p;
        P first = null;
        while ((p = wanted.relaxedPoll()) != null) {
            long epoch = p.wantedEpoch;
            boolean spinning = p.wantedSpinning;
            sparesWanted = true;
            M spare = p.popIdle(); // one may have come back meanwhile
            if (spare != null) {
                spare.give(epoch, spinning);
                continue;
            }
            if (sched.threadLimit.isReached()) {
                sched.threadLimit.lack(p, epoch, spinning);
                continue;
            }
            try {
                if (mayTry()) {
                    start(p, epoch, spinning);
                    retryNanos = 0;
                    continue;
                }
                want(p);
            } catch (Throwable e) {
                want(p); // first of all: what follows may run out of memory too
                failed(p, e);
            }
            if (p == first) {
                break;
            }
            first = first == null ? p : first;
        }
        try {
            if (mayTry()) {
                sched.threadLimit.serve();
            }
        } catch (Throwable e) {
            failed(null, e);
        }
    }

    private boolean mayTry() {
        return retryNanos == 0 || System.nanoTime() - failedNanos >= retryNanos;
    }

    /** Makes an M ahead for each P that has none asleep, once a P has lacked one: programs that never block have one M a P. By sysmon. */
    void makeSpares() {
        if (!sparesWanted || !mayTry() || sched.threadLimit.isReached()) {
            return;
        }
        for (P p : sched.allPs()) {
            if (!sched.threadLimit.isReached() && p.idleMs() == 0 && !p.spareComing && !p.retired && !sched.closed && freeSlot(p) >= 0) {
                p.spareComing = true;
                try {
                    start(p, SPARE, false);
                } catch (Throwable e) {
                    p.spareComing = false;
                    sparesWanted = false; // until one is lacking again
                    failed(p, e);
                    return;
                }
            }
        }
    }

    private void failed(P p, Throwable e) {
        failedNanos = System.nanoTime();
        retryNanos = Math.clamp(2 * retryNanos, FIRST_RETRY_NANOS, LAST_RETRY_NANOS);
        if (!failureSaid) {
            failureSaid = true;
            Warnings.say("a thread " + (p == null ? "" : "for P" + p.id + " ") + "could not be made (" + e + "); trying again, work goes on with those there are.");
        }
    }

    /**
     * Starts an M that holds {@code p} at {@code epoch}; or one that holds none: {@link #FIRST} of an idle P, which can be picked before it
     * lives, or {@link #SPARE}.
     */
    void start(P p, long epoch, boolean spinning) {
        int slot = freeSlot(p);
        VarHandle.acquireFence(); // pairs with leaveSlot: the counts of the slot are ours from here on
        M m = new M(sched, p, born, slot);
        if (slot >= 0) {
            p.idleSlots[slot] = m;
        } else {
            withoutSlot.add(m);
        }
        if (epoch >= 0) {
            m.give(epoch, spinning);
        } else if (epoch == FIRST) {
            m.lose();
        } else {
            m.bornSpare = true;
        }
        try {
            m.start();
        } catch (Throwable e) {
            if (slot >= 0) {
                if (epoch == FIRST) {
                    p.withdrawIdle(m);
                }
                p.idleSlots[slot] = null;
            } else {
                withoutSlot.remove(m);
            }
            release(m.memory);
            throw e;
        }
        born++;
        p.counters.madeM();
        lock.lock();
        alive++;
        lock.unlock();
    }

    /** By sysmon, which alone fills slots. -1: none. */
    private static int freeSlot(P p) {
        for (int i = 0; i < P.IDLE_SLOTS; i++) {
            if (p.idleSlots[i] == null) {
                return i;
            }
        }
        return -1;
    }

    /** An M that will not be idle for long leaves its slot to one that may be. On the M, which is not offered there. */
    void leaveSlot(M m) {
        int slot = m.slot;
        try {
            withoutSlot.add(m);
        } catch (OutOfMemoryError e) {
            return; // it keeps the slot: the P's Ms find each other less easily
        }
        m.slot = -1;
        VarHandle.releaseFence(); // what it counted there is the next one's to go on from
        m.home.idleSlots[slot] = null;
    }

    /** A zeroed {@code struct pinion_m}. By sysmon. */
    long memory() {
        lock.lock();
        try {
            if (freeCount > 0) {
                long address = freeMemory[--freeCount];
                SharedMemory.setIntPlain(address + SharedLayout.M_FUTEX, 0);
                return address;
            }
        } finally {
            lock.unlock();
        }
        long[] larger = new long[freeMemory.length + 64]; // room for all there are, so that an M can end without memory
        long block = Natives.mapShared(64L * SharedLayout.M_SIZE);
        if (block < 0) {
            throw new OutOfMemoryError("no memory for another M: errno " + -block);
        }
        lock.lock();
        try {
            System.arraycopy(freeMemory, 0, larger, 0, freeCount);
            freeMemory = larger;
        } finally {
            lock.unlock();
        }
        for (int i = 1; i < 64; i++) {
            release(block + (long) i * SharedLayout.M_SIZE);
        }
        return block;
    }

    private void release(long address) {
        lock.lock();
        try {
            freeMemory[freeCount++] = address;
        } finally {
            lock.unlock();
        }
    }

    /** The last act of an M. */
    void ended(M m) {
        Natives.unbindSelf();
        if (m.slot >= 0) {
            m.home.idleSlots[m.slot] = null;
        } else {
            withoutSlot.remove(m);
        }
        release(m.memory);
        lock.lock();
        alive--;
        m.home.counters.endedM();
        lock.unlock();
        sched.threadLimit.cameBack();
    }

    /** The Ms that found no idle slot at their P: beyond the 64th of a P there are some, for a while. Any thread. */
    Set<M> withoutSlot() {
        return withoutSlot;
    }

    /**
     * The kernel refused to bind an M, which goes on unpinned, not where sysmon was that made it. On the M's own thread. That its P's CPU
     * cannot be had means that it is gone, and no M there has noticed yet ({@link MaskCheck}, which says so too); anything else is said once.
     */
    void bindRefused(M m, int error) {
        Natives.bindSelf(m.memory, -1);
        Natives.rebind(m.memory, -1);
        if (error == -Sched.EINVAL) {
            sched.sysmon.checkNow();
            return;
        }
        if (!refusalSaid) {
            refusalSaid = true;
            Warnings.say(m.getName() + " could not be pinned to CPU " + m.home.cpu + " (errno " + -error
                    + "); it runs unpinned. Choose CPUs this process may use with cpus=, or say unpinned.");
        }
    }

    /** Ms there are. */
    int alive() {
        return alive;
    }
}
