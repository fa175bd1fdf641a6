package dev.pinion.sched;

import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import dev.pinion.observe.Counters;
import dev.pinion.queue.LocalRunQueue;
import dev.pinion.timer.TimerHeap;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A processor: the right to run Gs on one core, and what belongs to it.
 *
 * <table>
 * <caption>Who touches what</caption>
 * <tr><th>field</th><th>read</th><th>write</th></tr>
 * <tr><td>the word</td><td>anybody</td><td>by the transitions of {@link PWord}</td></tr>
 * <tr><td>queue (owner's end), ticks, hops, deadHosts, counters</td><td>owner in SCHED; counters: anybody, as hints</td><td>owner in SCHED; ticks and hops also as {@link Hosts} says</td></tr>
 * <tr><td>finished, an element</td><td>anybody, as a hint</td><td>the M of that slot</td></tr>
 * <tr><td>timers</td><td>anybody</td><td>anybody, own lock</td></tr>
 * <tr><td>idleMs, a bit</td><td>anybody</td><td>set by the M itself; cleared by the P's owner, or by the M itself to end</td></tr>
 * <tr><td>servesLocked</td><td>anybody</td><td>set for good, by who locks a G here or brings one</td></tr>
 * <tr><td>lockedReady</td><td>anybody</td><td>anybody, own lock; taken from by the owner</td></tr>
 * <tr><td>retired</td><td>anybody</td><td>under the GOMAXPROCS lock</td></tr>
 * </table>
 */
final class P {
    /** Idle Ms a P can have; more end at once. As many as a long has bits. */
    static final int IDLE_SLOTS = 64;

    /** A wake-up costs about as much as fifty hand-offs: this makes it a hundredth of that. */
    private static final int LONE_GAP_MAX = 4095;

    private static final VarHandle IDLE_MS;

    static {
        try {
            IDLE_MS = MethodHandles.lookup().findVarHandle(P.class, "idleMs", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Sched sched;
    final int id;
    final long word;

    /** Where the address of the holder's {@code struct pinion_m} is. */
    final long holder;

    private final long spare;

    /** Where the tripwire says for which word of the P it saw the holder asleep. */
    final long alarm;
    final LocalRunQueue queue;
    final TimerHeap timers;
    final DeadHosts deadHosts = new DeadHosts();
    final M[] idleSlots = new M[IDLE_SLOTS];

    /** The CPU its Ms are bound to; -1: none. Changed by sysmon. */
    volatile int cpu;

    /** How often it has got another CPU. By sysmon; a hint to others. */
    int rehomed;

    /** GOMAXPROCS has taken it out: its owner gives it up at its next look. */
    volatile boolean retired;

    /** The number of the M that put it to sleep last. Written by that M. */
    volatile int sleeper = -1;

    /** The slot of the M that put it to sleep and waits for its timers; -1: none. Only a preference. */
    volatile int sleeperSlot = -1;

    /** A spare M has been made for it and does not live yet. Set by sysmon, cleared by that M. */
    volatile boolean spareComing;

    /** A thief took its runnext: a lone G does wait here. Written by thieves, a hint. */
    boolean loneStolen;

    /** The epoch and the spinning flag of a request for an M. Written by who asks, in SCHED; read by sysmon, through the queue. */
    long wantedEpoch;

    boolean wantedSpinning;

    /** It has lacked an M since the limit was reached, and is sysmon's meanwhile ({@link ThreadLimit}). Written by sysmon. */
    volatile boolean lacksM;

    /** Its Ms run locked Gs, or have: the one thing that programs without such Gs look at ({@link LockedMs}). */
    volatile boolean servesLocked;

    final LockedReady lockedReady = new LockedReady();

    /** The last one it served was a locked G: the next is not, if others wait. By the owner, in SCHED. */
    boolean lockedServed;

    private int loneSkipped;
    private int loneGap;
    int schedTick;

    /** Calls begun in SYSCALL. Written by the M that begins one, which may have lost the P and not know it; read by sysmon, as a hint. */
    int syscallTick;

    final Crowd crowd = new Crowd(this);

    /** What is to be recorded of how the P was taken, and has not been told yet; null: nothing. By the owner, in SCHED. */
    Taken untold;

    final IdleSpin idleSpin;
    final Relief relief = new Relief();

    int nextHops;
    int clockTicks;
    int clockGap = 1;
    long clockRead;
    long spawned;

    /** Plain threads that ended on its Ms; a hint: two of them may count at once. */
    long plainEnded;

    final StartedThreads started;

    /** Gs that have ended, by the slot of the M they ended on: it has one writer, that M, with the P or without. */
    final long[] finished = new long[IDLE_SLOTS];
    long steals;

    /** What has happened to it: who writes, says the class. */
    final Counters counters = new Counters();

    @SuppressWarnings("unused")
    private volatile long idleMs;

    P(Sched sched, int id, long address, int cpu) {
        this.sched = sched;
        this.id = id;
        this.word = address + SharedLayout.P_WORD;
        holder = address + SharedLayout.P_HOLDER;
        spare = address + SharedLayout.P_SPARE;
        alarm = address + SharedLayout.P_ALARM;
        this.cpu = cpu;
        queue = new LocalRunQueue(sched.global);
        timers = new TimerHeap(Sched.RELAX);
        started = new StartedThreads(sched.plainThreads);
        idleSpin = new IdleSpin(sched.config.idleOf(id), sched.spinLimit, Sched.RELAX);
        SharedMemory.setIntPlain(address + SharedLayout.P_ID, id);
        SharedMemory.setIntPlain(address + SharedLayout.P_CPU, cpu);
    }

    /**
     * Whether to send nobody for a G that was just unparked and is the only one queued: its waker mostly parks at once and runs it, and a
     * thief that comes, 10 us later, finds nothing. So every such errand in vain doubles the number of the next ones that are skipped, and
     * one that was not in vain ({@link #loneStolen}) ends the skipping; what is skipped wrongly, sysmon sees. By the owner.
     */
    boolean skipLoneWake() {
        if (loneStolen) {
            loneStolen = false;
            loneGap = 0;
        }
        if (loneSkipped < loneGap) {
            loneSkipped++;
            return true;
        }
        loneSkipped = 0;
        loneGap = Math.min(LONE_GAP_MAX, 2 * loneGap + 1);
        return false;
    }

    /** Something lies in its queue behind the G that it runs next. By the owner. */
    boolean hasMoreThanNext() {
        int n = queue.size();
        return n > 1 || n == 1 && queue.peekNext() != null;
    }

    /** Offers an M for the next hand-over. By the M. False: there is no slot, the M is one too many. */
    boolean offerIdle(M m) {
        int slot = m.slot;
        if (slot < 0) {
            return false;
        }
        IDLE_MS.getAndBitwiseOr(this, 1L << slot);
        SharedMemory.setLongRelease(spare, m.memory);
        return true;
    }

    /** Takes an M's offer back. By the M itself to end, or by it when it holds the P again. False: somebody has it in hand. */
    boolean withdrawIdle(M m) {
        if (m.slot < 0) {
            return false;
        }
        return claimIdle(1L << m.slot);
    }

    /** Links {@link #claimIdle}, whose first call takes an idle M for a P whose ticket is already spent. */
    void prepare() {
        claimIdle(0);
    }

    /** One place, so that no end of an M is the first to link it: that allocates, and the heap may be full. */
    private boolean claimIdle(long bit) {
        long before = (long) IDLE_MS.getAndBitwiseAnd(this, ~bit);
        nameSpare(before & ~bit);
        return (before & bit) != 0;
    }

    /** Which M the tripwire may wake. A hint: what it wakes looks whether it is idle, and where there is none it wakes sysmon. */
    private void nameSpare(long idle) {
        M m = idle == 0 ? null : idleSlots[Long.numberOfTrailingZeros(idle)];
        SharedMemory.setLongRelease(spare, m == null ? 0 : m.memory);
    }

    /**
     * Takes an idle M, the one that waits for the timers first; null when there is none. By the owner of the P. The bit is claimed first and
     * the slot read then: a slot belongs to another M once its M has withdrawn and ended, so no M is remembered by pointer.
     */
    M popIdle() {
        while (true) {
            long mask = idleMs;
            if (mask == 0) {
                return null;
            }
            int first = sleeperSlot;
            int index = first >= 0 && (mask & 1L << first) != 0 ? first : Long.numberOfTrailingZeros(mask);
            long bit = 1L << index;
            if (claimIdle(bit)) {
                return idleSlots[index];
            }
        }
    }

    /**
     * Wakes an idle M for a moment, not the one that waits for the timers if there is another, so that the kernel asks itself anew who runs on this
     * core ({@link Retake}). Any thread.
     */
    void stir() {
        long mask = idleMs;
        int first = sleeperSlot;
        long others = first < 0 ? mask : mask & ~(1L << first);
        M m = others == 0 ? null : idleSlots[Long.numberOfTrailingZeros(others)];
        if (m != null) {
            m.nudge();
        }
    }

    /** A locked G waits for this P. Exact for who looks after a fence, as at the queues. */
    boolean hasLockedReady() {
        return servesLocked && !lockedReady.isEmpty();
    }

    /** An M stands in its idle slot. A hint. */
    boolean offersIdle(M m) {
        return (idleMs & 1L << m.slot) != 0;
    }

    /** To another CPU; its Ms are to be re-bound after it. By sysmon. */
    void moveTo(int newCpu) {
        cpu = newCpu;
        SharedMemory.setIntPlain(word - SharedLayout.P_WORD + SharedLayout.P_CPU, newCpu);
        rehomed++;
    }

    int idleMs() {
        return Long.bitCount(idleMs);
    }

    /** The M that holds it by a word that was read; null: that was so no longer, or it has no idle slot. A hint. */
    M holderAt(long seen) {
        for (M m : idleSlots) {
            if (m != null && m.p == this && m.epoch == PWord.epochOf(seen)) {
                return m;
            }
        }
        return null;
    }

    /** Ms that have a G and not the P, and did not say that they would block; those without an idle slot are not counted. A hint. */
    int msWithoutP() {
        int n = 0;
        for (M m : idleSlots) {
            if (m != null && m.currentId != 0 && !m.announced && !(m.p == this && m.epoch == PWord.epochAcquire(word))) {
                n++;
            }
        }
        return n;
    }
}
