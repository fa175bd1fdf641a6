package dev.pinion.cpu;

/**
 * When a P leaves its core, and for which one: others have kept it from running for a fifth of the time, for 100 ms, and an allowed CPU is
 * free; or its CPU is gone.
 *
 * <p>One for each P, for the thread that samples. The rule itself is {@link #shouldRehome}, without state. Against flapping, a P that was
 * moved stays for {@link #REST_NANOS} whatever happens, and twice as long each time it moves again within {@link #FLAP_NANOS}.
 */
public final class Rehoming {
    /** Above this much of the time spent waiting for the core, it is no longer ours. */
    public static final int DELAY_PERMILLE = 200;
    /** For so long the delay must last, so that one GC or one burst of interrupts moves nobody. */
    public static final long SUSTAINED_NANOS = 100_000_000;
    /** The busiest that a CPU may be to count as free; see {@link #freeBelow}. */
    public static final int FREE_PERMILLE = 250;
    /** So long a P stays where it was moved to. Chosen, not measured: ten times what it takes to find out that a core is bad. */
    public static final long REST_NANOS = 1_000_000_000;
    /** A P that moves again before this has passed is one that finds no peace. */
    public static final long FLAP_NANOS = 10_000_000_000L;

    private static final long MOST_REST_NANOS = 64 * REST_NANOS;

    private long aboveSinceNanos;
    private boolean above;
    private boolean hasMoved;
    private long movedNanos;
    private long restNanos;

    /**
     * The rule.
     *
     * @param delayPermille  how much of the time the P's Ms waited for the core
     * @param sustainedNanos for how long it has been so
     * @param ownPermille    how much of the time the core ran Ms of this P, at most 1000
     * @param busyPermille   how much of the time the core ran anything, or {@link CpuLoad#UNKNOWN}
     * @param freeCpu        a free CPU, -1 if there is none
     * @return whether the P should move there. Not if the core was busy with the P's own Ms: they would all move along
     */
    public static boolean shouldRehome(int delayPermille, long sustainedNanos, int ownPermille, int busyPermille, int freeCpu) {
        boolean foreign = busyPermille == CpuLoad.UNKNOWN || busyPermille - ownPermille > DELAY_PERMILLE / 2;
        return freeCpu >= 0 && foreign && delayPermille > DELAY_PERMILLE && sustainedNanos >= SUSTAINED_NANOS;
    }

    /**
     * What a CPU must be below to count as free for a P: who runs there already will keep the P waiting about so much of the time, and half
     * of what it waits now is the least that makes a move worth its cold caches.
     *
     * @param delayPermille how much of the time the P's Ms wait for their core
     * @return a limit for {@link #freeCpu}
     */
    public static int freeBelow(int delayPermille) {
        return Math.min(FREE_PERMILLE, delayPermille / 2);
    }

    /**
     * Takes one measurement.
     *
     * @param delayPermille as {@link RunDelay#sample} said
     * @param startNanos    when its interval began, {@code System.nanoTime()}
     * @param endNanos      when its interval ended
     * @return for how long the delay has been above the limit without a break, in nanoseconds; 0 if it is not, or the P is to rest yet
     */
    public long observe(int delayPermille, long startNanos, long endNanos) {
        if (delayPermille <= DELAY_PERMILLE || hasMoved && endNanos - movedNanos < restNanos) {
            above = false;
            return 0;
        }
        if (!above) {
            above = true;
            aboveSinceNanos = startNanos;
        }
        return endNanos - aboveSinceNanos;
    }

    /** Begins anew, after the P was moved. @param nowNanos {@code System.nanoTime()} */
    public void moved(long nowNanos) {
        boolean flaps = hasMoved && nowNanos - movedNanos < FLAP_NANOS + restNanos;
        restNanos = flaps ? Math.min(2 * restNanos, MOST_REST_NANOS) : REST_NANOS;
        movedNanos = nowNanos;
        hasMoved = true;
        above = false;
    }

    /**
     * The CPU to move to: free, without a P, as near as can be, on an idle core before one whose sibling is busy.
     *
     * @param topology  the machine
     * @param from      the P's CPU now
     * @param allowed   the CPUs that Ps may use
     * @param taken     the CPUs that Ps or other processes' reservations have
     * @param load      a measurement; CPUs without one are not free
     * @param freeBelow busy for less than this permille is free
     * @return the CPU, -1 if none is free
     */
    public static int freeCpu(Topology topology, int from, CpuSet allowed, CpuSet taken, CpuLoad load, int freeBelow) {
        CpuSet candidates = allowed.intersect(topology.online()).minus(taken).without(from);
        int best = -1;
        int bestCost = Integer.MAX_VALUE;
        for (int cpu = candidates.first(); cpu >= 0; cpu = candidates.next(cpu + 1)) {
            int busy = load.busyPermille(cpu);
            if (busy == CpuLoad.UNKNOWN || busy >= freeBelow) {
                continue;
            }
            int siblings = 0;
            CpuSet core = topology.siblings(cpu).without(cpu);
            for (int s = core.first(); s >= 0; s = core.next(s + 1)) {
                if (taken.contains(s) || load.busyPermille(s) >= freeBelow) {
                    siblings = 1;
                }
            }
            int cost = siblings * 1_000_000 + distance(topology, from, cpu) * 10_000 + busy;
            if (cost < bestCost) {
                best = cpu;
                bestCost = cost;
            }
        }
        return best;
    }

    /**
     * Where a P goes whose CPU is gone: it must go somewhere, free or not. Fewest Ps first, then the least busy, then the nearest.
     *
     * @param topology the machine as it was read; CPUs of {@code allowed} may have come up since
     * @param from     the CPU that went offline or out of the cpuset
     * @param allowed  the CPUs that are left
     * @param cpuOfPs  the CPUs of the other Ps, as often as there are Ps on them; others' Ps as well
     * @param load     a measurement, or {@link CpuLoad#NONE}
     * @return the CPU, -1 if none is left
     */
    public static int refuge(Topology topology, int from, CpuSet allowed, int[] cpuOfPs, CpuLoad load) {
        int best = -1;
        long bestCost = Long.MAX_VALUE;
        CpuSet candidates = allowed.without(from);
        for (int cpu = candidates.first(); cpu >= 0; cpu = candidates.next(cpu + 1)) {
            int there = 0;
            for (int other : cpuOfPs) {
                there += other == cpu ? 1 : 0;
            }
            int busy = Math.max(0, load.busyPermille(cpu));
            long cost = there * 100_000L + busy * 10L + distance(topology, from, cpu);
            if (cost < bestCost) {
                best = cpu;
                bestCost = cost;
            }
        }
        return best;
    }

    private static int distance(Topology topology, int from, int to) {
        return topology.online().contains(from) && topology.online().contains(to) ? topology.distance(from, to) : 0;
    }
}
