package dev.pinion.cpu;

/**
 * When a P leaves its core: others have kept it from running for a fifth of the time, for 100 ms, and an allowed CPU is free.
 *
 * <p>One for each P, for the thread that samples. The rule itself is {@link #shouldRehome}, without state.
 */
public final class Rehoming {
    /** Above this much of the time spent waiting for the core, it is no longer ours. */
    public static final int DELAY_PERMILLE = 200;
    /** For so long the delay must last, so that one GC or one burst of interrupts moves nobody. */
    public static final long SUSTAINED_NANOS = 100_000_000;
    /** A CPU is free if it was busy for less than this. */
    public static final int FREE_PERMILLE = 100;

    private long aboveSinceNanos;
    private boolean above;

    /**
     * The rule.
     *
     * @param delayPermille  how much of the time the P's Ms waited for the core
     * @param sustainedNanos for how long it has been so
     * @param ownPermille    how much of the time the core ran threads of this scheduler, at most 1000
     * @param busyPermille   how much of the time the core ran anything, or {@link CpuLoad#UNKNOWN}
     * @param freeCpu        a free CPU, -1 if there is none
     * @return whether the P should move there. Not if the core was busy with our own Ms: they would all move along
     */
    public static boolean shouldRehome(int delayPermille, long sustainedNanos, int ownPermille, int busyPermille, int freeCpu) {
        boolean foreign = busyPermille == CpuLoad.UNKNOWN || busyPermille - ownPermille > DELAY_PERMILLE / 2;
        return freeCpu >= 0 && foreign && delayPermille > DELAY_PERMILLE && sustainedNanos >= SUSTAINED_NANOS;
    }

    /**
     * Takes one measurement.
     *
     * @param delayPermille as {@link RunDelay#sample} said
     * @param startNanos    when its interval began, {@code System.nanoTime()}
     * @param endNanos      when its interval ended
     * @return for how long the delay has been above the limit without a break, in nanoseconds; 0 if it is not
     */
    public long observe(int delayPermille, long startNanos, long endNanos) {
        if (delayPermille <= DELAY_PERMILLE) {
            above = false;
            return 0;
        }
        if (!above) {
            above = true;
            aboveSinceNanos = startNanos;
        }
        return endNanos - aboveSinceNanos;
    }

    /** Begins anew, after the P was moved. */
    public void moved() {
        above = false;
    }

    /**
     * The CPU to move to: free, without a P, as near as can be, on an idle core before one whose sibling is busy.
     *
     * @param topology the machine
     * @param from     the P's CPU now; it may have gone offline
     * @param allowed  the CPUs that Ps may use
     * @param taken    the CPUs that Ps or other processes' reservations have
     * @param load     a measurement; CPUs without one are not free
     * @return the CPU, -1 if none is free
     */
    public static int freeCpu(Topology topology, int from, CpuSet allowed, CpuSet taken, CpuLoad load) {
        CpuSet candidates = allowed.intersect(topology.online()).minus(taken).without(from);
        int best = -1;
        int bestCost = Integer.MAX_VALUE;
        for (int cpu = candidates.first(); cpu >= 0; cpu = candidates.next(cpu + 1)) {
            int busy = load.busyPermille(cpu);
            if (busy == CpuLoad.UNKNOWN || busy >= FREE_PERMILLE) {
                continue;
            }
            int siblings = 0;
            CpuSet core = topology.siblings(cpu).without(cpu);
            for (int s = core.first(); s >= 0; s = core.next(s + 1)) {
                if (taken.contains(s) || load.busyPermille(s) >= FREE_PERMILLE) {
                    siblings = 1;
                }
            }
            int distance = topology.online().contains(from) ? topology.distance(from, cpu) : 0;
            int cost = siblings * 1_000_000 + distance * 10_000 + busy;
            if (cost < bestCost) {
                best = cpu;
                bestCost = cost;
            }
        }
        return best;
    }
}
