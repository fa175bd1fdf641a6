package dev.pinion.sched;

/**
 * Whether a P that has found nothing to run goes round its loop once more, instead of sleeping. A P asleep costs nothing and is late: to
 * wake a thread takes 5 to 50 us, most where the CPU has halted meanwhile, longest in a virtual machine, whose host has to be
 * called for it. A P that spins is there at once, and costs a core.
 *
 * <p><b>Adaptive.</b> What decides is how long this P's last idle gaps were, from the moment it had nothing to run to the next G it ran.
 * A gap shorter than the limit counts for spinning, a longer one against it, and the P spins while most of the last ones were short, for the
 * length of the limit. So a P at work spins through its pauses; one that wakes for a timer now and then sleeps at once, and when the
 * work stops, the P spins for one limit more and sleeps. The limit is a few times what a wake-up costs. In a
 * virtual machine 200 us were tried: a server with 5,000 requests a second then took a whole core, six times the CPU time it takes asleep.
 *
 * <p>It spins for nobody's loss: every {@value #YIELD_NANOS} ns it offers the core to whoever wants it, by {@code sched_yield}. If somebody took it, the P
 * sleeps, and will not spin before as many short gaps have come again. And never against a quota of CPU time, which a cgroup takes from those who compute.
 *
 * <p>Of each P. By the owner of the P, in SCHED.
 */
final class IdleSpin {
    /** On bare metal. */
    static final long LIMIT_NANOS = 50_000;

    static final long LIMIT_IN_VM_NANOS = 100_000;

    private static final long YIELD_NANOS = 5_000;

    /** A tripwire's turn is shorter, and so is the system call. */
    private static final long GIVEN_AWAY_NANOS = 30_000;

    private static final int MOST = 16;

    private static final int ENOUGH = MOST / 2;

    private final IdleStrategy strategy;
    private final long limit;
    private final Runnable yield;

    /** Since when it has had nothing to run; 0: it runs something. */
    private long since;

    private long yielded;

    /** Short gaps of late, more or less; {@value #MOST} at most. */
    private int shortGaps;

    /** Somebody else wanted the core during this gap. */
    private boolean wanted;

    /** @param limit how long it spins at most, nanoseconds. @param yield lets others run, if there are any on the core */
    IdleSpin(IdleStrategy strategy, long limit, Runnable yield) {
        this.strategy = strategy;
        this.limit = limit;
        this.yield = yield;
    }

    /** It has a G to run. */
    void ends(long now) {
        if (since == 0) {
            return;
        }
        boolean isShort = now - since < limit;
        since = 0;
        if (!wanted) {
            shortGaps = isShort ? Math.min(MOST, shortGaps + 1) : Math.max(0, shortGaps - 1);
        }
        wanted = false;
    }

    /** It has had nothing to run. */
    boolean inGap() {
        return since != 0;
    }

    /** Whether, with nothing to run, it looks again before it sleeps; as far as that is known before. */
    boolean maySpin() {
        return strategy == IdleStrategy.SPIN || strategy == IdleStrategy.ADAPTIVE && shortGaps >= ENOUGH && !wanted;
    }

    /** There is nothing to run. @param quota a cgroup limits the CPU time. @return whether to look again rather than to sleep */
    boolean spinsOn(boolean quota, long now) {
        if (strategy == IdleStrategy.PARK) {
            return false;
        }
        if (since == 0) {
            since = now == 0 ? 1 : now;
            yielded = now;
        }
        if (!maySpin() || strategy == IdleStrategy.ADAPTIVE && (quota || now - since >= limit)) {
            return false;
        }
        if (now - yielded < YIELD_NANOS) {
            Thread.onSpinWait();
            return true;
        }
        long before = System.nanoTime();
        yield.run();
        yielded = now;
        if (System.nanoTime() - before > GIVEN_AWAY_NANOS) {
            wanted = true;
            shortGaps = 0;
        }
        return true;
    }
}
