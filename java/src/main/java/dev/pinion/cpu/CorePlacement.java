package dev.pinion.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which P gets which CPU: one P per physical core first, then the siblings, then round again where there are more Ps than CPUs.
 *
 * <p>Where the first P goes is measured, not CPU 0: with a fixed order every process of a host sits on the same few cores. Without a
 * measurement the caller's rotation decides. It must differ between processes: the process id does not, as it is 1 in every container.
 *
 * <p>From the first core on, the nearest ones that are not busy follow, so that Ps steal from each other within a cache. Fast cores of a
 * hybrid processor come before small ones. A chosen result is immutable.
 */
public final class CorePlacement {
    private final int[] cpuOfP;
    private final CpuSet housekeeping;
    private final List<String> warnings;

    private CorePlacement(int[] cpuOfP, CpuSet housekeeping, List<String> warnings) {
        this.cpuOfP = cpuOfP;
        this.housekeeping = housekeeping;
        this.warnings = warnings;
    }

    /**
     * Chooses.
     *
     * @param topology     the machine
     * @param allowed      the process's affinity mask
     * @param cpus         the CPUs that the user named for Ps, checked by {@link CpuChoice}; null for those of the mask. They may lie outside
     *                     the mask: that is how isolated CPUs are used
     * @param housekeeping the CPUs that the user named for everything but Ps; null to let Pinion choose
     * @param gomaxprocs   the number of Ps, at least 1
     * @param load         how busy the CPUs are; {@link CpuLoad#NONE} if that is not known
     * @param rotation     any number, another in each process: which of equally idle cores is the first
     * @return the choice
     * @throws BadCpuList one sentence, if housekeeping leaves the Ps no CPU
     */
    public static CorePlacement choose(Topology topology, CpuSet allowed, CpuSet cpus, CpuSet housekeeping, int gomaxprocs,
                                       CpuLoad load, int rotation) {
        if (gomaxprocs < 1) {
            throw new IllegalArgumentException("gomaxprocs is " + gomaxprocs + ", it must be at least 1.");
        }
        CpuSet candidates = (cpus == null ? allowed : cpus).intersect(topology.online());
        List<String> warnings = new ArrayList<>();
        if (housekeeping != null) {
            CpuSet left = candidates.minus(housekeeping);
            if (left.isEmpty()) {
                throw new BadCpuList("housekeeping on " + CpuChoice.name(housekeeping) + " leaves no CPU for the Ps, which have "
                        + CpuChoice.name(candidates) + ".");
            }
            if (cpus != null && !left.equals(candidates)) {
                warnings.add("the Ps do without " + CpuChoice.name(candidates.intersect(housekeeping))
                        + ", given both to them and to housekeeping.");
            }
            candidates = left;
        }
        if (candidates.isEmpty()) {
            throw new BadCpuList("no CPU is left for the Ps: none of " + CpuChoice.name(cpus == null ? allowed : cpus) + " is online.");
        }
        int[] order = order(topology, candidates, load, rotation);
        int[] cpuOfP = new int[gomaxprocs];
        for (int p = 0; p < gomaxprocs; p++) {
            cpuOfP[p] = order[p % order.length];
        }
        return new CorePlacement(cpuOfP, housekeeping != null ? housekeeping : spare(allowed, cpuOfP), List.copyOf(warnings));
    }

    /** @return the CPU of each P, a new array */
    public int[] cpuOfP() {
        return cpuOfP.clone();
    }

    /** @return where Pinion's own threads should run: CPUs without a P where there are any, else all that the process may use */
    public CpuSet housekeeping() {
        return housekeeping;
    }

    /** @return sentences for the user, mostly none; not printed */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Whom each P steals from: the other Ps by distance. Ps on one CPU are each other's siblings.
     *
     * @param topology the machine
     * @param cpuOfP   the CPU of each P, online
     * @param p        the P that steals
     * @return four arrays of P numbers, indexed by distance class of {@link Topology}, that hold every other P once
     */
    public static int[][] stealOrder(Topology topology, int[] cpuOfP, int p) {
        int[][] order = new int[4][cpuOfP.length];
        int[] counts = new int[4];
        for (int other = 0; other < cpuOfP.length; other++) {
            if (other != p) {
                int distance = topology.distance(cpuOfP[p], cpuOfP[other]);
                order[distance][counts[distance]++] = other;
            }
        }
        for (int distance = 0; distance < 4; distance++) {
            order[distance] = Arrays.copyOf(order[distance], counts[distance]);
        }
        return order;
    }

    private static CpuSet spare(CpuSet allowed, int[] cpuOfP) {
        CpuSet spare = allowed.minus(CpuSet.of(cpuOfP));
        return spare.isEmpty() ? allowed : spare;
    }

    /**
     * All candidates, in the order in which Ps get them. Each has a number made of its sort keys, the first key in the highest bits: a
     * comparator object would cost more at start-up than the sorting, and sorting by hand too much on 288 CPUs.
     */
    private static int[] order(Topology topology, CpuSet candidates, CpuLoad load, int rotation) {
        int[] cpus = candidates.toArray();
        int n = cpus.length;
        int shift = Math.floorMod(rotation, n);
        int[] rotated = new int[n];
        int[] indexOf = new int[candidates.last() + 1];
        for (int i = 0; i < n; i++) {
            rotated[i] = cpus[(i + shift) % n];
            indexOf[rotated[i]] = i;
        }
        long[] slot = new long[n];
        long seedKey = Long.MAX_VALUE;
        int seed = -1;
        for (int i = 0; i < n; i++) {
            slot[i] = (long) round(topology, candidates, load, indexOf, rotated[i]) << 17 | slowness(topology, rotated[i]);
            long key = (slot[i] << 10 | coreBusy(topology, load, rotated[i])) << 16 | i;
            if (key < seedKey) {
                seedKey = key;
                seed = rotated[i];
            }
        }
        for (int i = 0; i < n; i++) {
            int cpu = rotated[i];
            int nearness = cpu == seed ? 0 : 1 + topology.distance(seed, cpu);
            slot[i] = (slot[i] << 2 | loadClass(coreBusy(topology, load, cpu))) << 3 | nearness;
            slot[i] = slot[i] << 16 | i;
        }
        sort(slot);
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = rotated[(int) slot[i] & 0xffff];
        }
        return order;
    }

    /** Shell's sort. The JDK's own links lambdas when it is first used, which takes 5 ms. */
    private static void sort(long[] numbers) {
        for (int gap = numbers.length / 2; gap > 0; gap /= 2) {
            for (int i = gap; i < numbers.length; i++) {
                long number = numbers[i];
                int at = i;
                while (at >= gap && numbers[at - gap] > number) {
                    numbers[at] = numbers[at - gap];
                    at -= gap;
                }
                numbers[at] = number;
            }
        }
    }

    /** How many candidates of its core come before a CPU, the idlest of a core being the first. */
    private static int round(Topology topology, CpuSet candidates, CpuLoad load, int[] indexOf, int cpu) {
        int round = 0;
        CpuSet core = topology.siblings(cpu);
        for (int other = core.first(); other >= 0; other = core.next(other + 1)) {
            if (other != cpu && candidates.contains(other)) {
                int by = Integer.compare(busy(load, other), busy(load, cpu));
                if (by < 0 || by == 0 && indexOf[other] < indexOf[cpu]) {
                    round++;
                }
            }
        }
        return round;
    }

    /** Fast cores first; 17 bits. */
    private static int slowness(Topology topology, int cpu) {
        int small = topology.kindOf(cpu) == CoreKind.EFFICIENT ? 1 : 0;
        return small << 16 | 0xffff - Math.min(0xffff, topology.capacityOf(cpu));
    }

    /** The busiest CPU of a core slows the others. */
    private static int coreBusy(Topology topology, CpuLoad load, int cpu) {
        int busiest = 0;
        CpuSet core = topology.siblings(cpu);
        for (int other = core.first(); other >= 0; other = core.next(other + 1)) {
            busiest = Math.max(busiest, busy(load, other));
        }
        return busiest;
    }

    /** Coarse, so that a tick more or less does not break up Ps that could share a cache. */
    private static int loadClass(int permille) {
        return permille < 250 ? 0 : permille < 600 ? 1 : 2;
    }

    private static int busy(CpuLoad load, int cpu) {
        return Math.max(0, load.busyPermille(cpu));
    }
}
