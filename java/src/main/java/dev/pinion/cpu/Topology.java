package dev.pinion.cpu;

import java.util.Arrays;
import java.util.List;

/**
 * The machine's CPUs and what they share, as {@code /sys} told it once. Immutable, so any thread may use it; what goes on- and offline
 * later is learnt by reading again.
 *
 * <p>Cores, packages and L3 caches are numbered densely from 0 in the order of their lowest CPU: the kernel's own numbers have holes,
 * and its core numbers repeat in each package.
 */
public final class Topology {
    /** Distance class: shares the core. */
    public static final int SIBLING = 0;
    /** Distance class: shares the last level of cache. */
    public static final int L3 = 1;
    /** Distance class: shares the NUMA node. */
    public static final int NODE = 2;
    /** Distance class: everything else. */
    public static final int REST = 3;

    private final CpuSet present;
    private final CpuSet online;
    private final CpuSet isolated;
    private final CpuSet withoutTick;
    private final CpuSet[] siblings;
    private final int[] core;
    private final int[] packageId;
    private final int[] l3;
    private final int[] node;
    private final int[] capacity;
    private final CoreKind[] kind;
    private final List<String> warnings;

    Topology(TopologyReader from) {
        present = from.present;
        online = from.online;
        isolated = from.isolated;
        withoutTick = from.withoutTick;
        siblings = from.siblings;
        core = from.core;
        packageId = from.packageId;
        l3 = from.l3;
        node = from.node;
        capacity = from.capacity;
        kind = from.kind;
        warnings = List.copyOf(from.warnings);
    }

    /**
     * Reads {@code /sys}. What is missing there, as in a container that shows little of it, is assumed and told in {@link #warnings}.
     *
     * @param host     the files
     * @param affinity the CPUs that the kernel lets this thread run on; they exist whatever the files say
     * @return the machine
     */
    public static Topology read(HostFiles host, CpuSet affinity) {
        return new TopologyReader(host).read(affinity);
    }

    /** @return the CPUs that are built in, on- or offline */
    public CpuSet present() {
        return present;
    }

    /** @return the CPUs that threads can run on */
    public CpuSet online() {
        return online;
    }

    /** @return the CPUs that are present but switched off */
    public CpuSet offline() {
        return present.minus(online);
    }

    /** @return the CPUs that the kernel was told to keep ordinary threads off ({@code isolcpus=}); empty on most machines */
    public CpuSet isolated() {
        return isolated;
    }

    /** @return the CPUs whose tick the kernel stops while one thread runs there ({@code nohz_full=}); empty on most machines */
    public CpuSet withoutTick() {
        return withoutTick;
    }

    /** @param cpu an online CPU @return the online CPUs of its core, itself among them */
    public CpuSet siblings(int cpu) {
        return siblings[checked(cpu)];
    }

    /** @param cpu an online CPU @return the number of its core, dense over the machine */
    public int coreOf(int cpu) {
        return core[checked(cpu)];
    }

    /** @param cpu an online CPU @return the kernel's number of its socket; 0 if not known */
    public int packageOf(int cpu) {
        return packageId[checked(cpu)];
    }

    /** @param cpu an online CPU @return the number of its L3 cache, dense over the machine; without one, of its package */
    public int l3Of(int cpu) {
        return l3[checked(cpu)];
    }

    /** @param cpu an online CPU @return its NUMA node; 0 if not known */
    public int nodeOf(int cpu) {
        return node[checked(cpu)];
    }

    /** @param cpu an online CPU @return its speed as the kernel's scheduler sees it, 1024 for the fastest; 1024 if not known */
    public int capacityOf(int cpu) {
        return capacity[checked(cpu)];
    }

    /** @param cpu an online CPU @return what its core is built for */
    public CoreKind kindOf(int cpu) {
        return kind[checked(cpu)];
    }

    /** @return sentences about what had to be assumed, at most a few; not printed */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * @param a an online CPU
     * @param b an online CPU, another one
     * @return what the two share most nearly: {@link #SIBLING}, {@link #L3}, {@link #NODE} or {@link #REST}
     */
    public int distance(int a, int b) {
        if (core[checked(a)] == core[checked(b)]) {
            return SIBLING;
        }
        if (l3[a] == l3[b]) {
            return L3;
        }
        return node[a] == node[b] ? NODE : REST;
    }

    /**
     * Whom to steal from, nearest first: a G that moves to a sibling finds its data in the same cache.
     *
     * @param cpu an online CPU
     * @return four sets, indexed by distance class, that together hold every other online CPU once
     */
    public CpuSet[] stealOrder(int cpu) {
        CpuSet near = siblings[checked(cpu)];
        int[] sameCache = new int[online.size()];
        int[] sameNode = new int[online.size()];
        int caches = 0;
        int nodes = 0;
        for (int other = online.first(); other >= 0; other = online.next(other + 1)) {
            if (near.contains(other)) {
                continue;
            }
            if (l3[other] == l3[cpu]) {
                sameCache[caches++] = other;
            } else if (node[other] == node[cpu]) {
                sameNode[nodes++] = other;
            }
        }
        CpuSet cache = CpuSet.of(Arrays.copyOf(sameCache, caches));
        CpuSet local = CpuSet.of(Arrays.copyOf(sameNode, nodes));
        return new CpuSet[] {near.without(cpu), cache, local, online.minus(near).minus(cache).minus(local)};
    }

    private int checked(int cpu) {
        if (!online.contains(cpu)) {
            throw new IllegalArgumentException("CPU " + cpu + " is not online, online are " + CpuChoice.name(online) + ".");
        }
        return cpu;
    }
}
