package dev.pinion.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads {@code /sys} into a {@link Topology}.
 *
 * <p>Opening a file there costs more than anything else done with it, so a list of what shares a core, a cache or a socket is read
 * once for all that are in it: one file a core where cores run two threads, two a cache, two a socket, one a node.
 */
final class TopologyReader {
    private static final String CPUS = "devices/system/cpu/";
    private static final String NODES = "devices/system/node/";

    CpuSet present;
    CpuSet online;
    CpuSet isolated;
    CpuSet withoutTick;
    CpuSet[] siblings;
    int[] core;
    int[] packageId;
    int[] l3;
    int[] node;
    int[] capacity;
    CoreKind[] kind;
    final List<String> warnings = new ArrayList<>();

    private final HostFiles host;
    private final StringBuilder assumed = new StringBuilder();

    TopologyReader(HostFiles host) {
        this.host = host;
    }

    Topology read(CpuSet affinity) {
        readSets(affinity);
        int length = online.last() + 1;
        siblings = new CpuSet[length];
        core = unknown(length);
        packageId = unknown(length);
        l3 = unknown(length);
        node = unknown(length);
        capacity = new int[length];
        kind = new CoreKind[length];
        readCores();
        readPackages();
        readCaches();
        readNodes();
        readKinds();
        if (!assumed.isEmpty()) {
            warnings.add(host.sys(CPUS).concat(" is incomplete, so Pinion assumes that ").concat(assumed.append('.').toString()));
        }
        return new Topology(this);
    }

    private static int[] unknown(int length) {
        int[] numbers = new int[length];
        Arrays.fill(numbers, -1);
        return numbers;
    }

    private void readSets(CpuSet affinity) {
        CpuSet listed = list(CPUS + "online");
        // Some containers show their own count of CPUs here, whose numbers are not the kernel's: the mask is what is true.
        online = listed == null ? affinity : listed.union(affinity);
        if (online.isEmpty()) {
            throw new IllegalArgumentException("neither " + host.sys(CPUS + "online") + " nor the affinity mask names a CPU.");
        }
        if (listed == null) {
            assume("only the CPUs of the affinity mask are online");
        }
        CpuSet built = list(CPUS + "present");
        if (built == null) {
            built = list(CPUS + "offline");
        }
        present = built == null ? online : online.union(built);
        CpuSet apart = list(CPUS + "isolated");
        isolated = apart == null ? CpuSet.EMPTY : apart.intersect(present);
        withoutTick = withoutTick();
    }

    /** A core's CPUs are in one list; without it every CPU is a core of its own, which only costs the order of placement. */
    private void readCores() {
        int cores = 0;
        boolean missing = false;
        boolean single = host.readInt(host.sys(CPUS.concat("smt/active"))) == 0; // no core of this machine runs two threads
        for (int cpu = online.first(); cpu >= 0; cpu = online.next(cpu + 1)) {
            if (siblings[cpu] != null) {
                continue;
            }
            CpuSet together = missing || single ? null : list(cpuFile(cpu, "topology/thread_siblings_list"));
            if (together == null) {
                missing = !single;
                together = CpuSet.of(cpu);
            } else {
                together = unclaimed(together.intersect(online), core).with(cpu);
            }
            for (int c = together.first(); c >= 0; c = together.next(c + 1)) {
                siblings[c] = together;
                core[c] = cores;
            }
            cores++;
        }
        if (missing) {
            assume("each CPU is a core of its own");
        }
    }

    private void readPackages() {
        boolean missing = false;
        for (int cpu = online.first(); cpu >= 0; cpu = online.next(cpu + 1)) {
            if (packageId[cpu] >= 0) {
                continue;
            }
            int id = missing ? -1 : host.readInt(host.sys(cpuFile(cpu, "topology/physical_package_id")));
            CpuSet together = null;
            if (id >= 0) {
                together = list(cpuFile(cpu, "topology/package_cpus_list"));
                if (together == null) {
                    together = list(cpuFile(cpu, "topology/core_siblings_list")); // its name before Linux 5.4
                }
            } else {
                missing = true;
                id = 0;
            }
            fill(packageId, cpu, together, id);
        }
        if (missing) {
            assume("all CPUs are in one socket");
        }
    }

    private void readCaches() {
        int caches = 0;
        boolean missing = false;
        for (int cpu = online.first(); cpu >= 0; cpu = online.next(cpu + 1)) {
            if (l3[cpu] >= 0) {
                continue;
            }
            CpuSet together = missing ? null : sharersOfL3(cpu);
            if (together == null) {
                missing = true;
                together = samePackage(cpu);
            }
            fill(l3, cpu, together, caches++);
        }
        // No warning: virtual machines and many ARM processors have no L3, and a socket is then the right stand-in.
    }

    private CpuSet sharersOfL3(int cpu) {
        if (host.readInt(host.sys(cpuFile(cpu, "cache/index3/level"))) == 3) {
            return list(cpuFile(cpu, "cache/index3/shared_cpu_list"));
        }
        for (int index = 0; index < 3; index++) {
            int level = host.readInt(host.sys(cpuFile(cpu, "cache/index".concat(Integer.toString(index)).concat("/level"))));
            if (level < 0) {
                return null;
            }
            if (level == 3) {
                return list(cpuFile(cpu, "cache/index".concat(Integer.toString(index)).concat("/shared_cpu_list")));
            }
        }
        return null;
    }

    private CpuSet samePackage(int cpu) {
        int[] together = new int[online.size()];
        int n = 0;
        for (int other = online.first(); other >= 0; other = online.next(other + 1)) {
            if (packageId[other] == packageId[cpu]) {
                together[n++] = other;
            }
        }
        return CpuSet.of(Arrays.copyOf(together, n));
    }

    private void readNodes() {
        CpuSet nodes = list(NODES + "online");
        if (nodes != null) {
            for (int n = nodes.first(); n >= 0; n = nodes.next(n + 1)) {
                CpuSet cpus = list(new StringBuilder(NODES).append("node").append(n).append("/cpulist").toString());
                if (cpus != null) {
                    cpus = cpus.intersect(online);
                    for (int c = cpus.first(); c >= 0; c = cpus.next(c + 1)) {
                        node[c] = n;
                    }
                }
            }
        }
        for (int cpu = online.first(); cpu >= 0; cpu = online.next(cpu + 1)) {
            node[cpu] = Math.max(node[cpu], 0); // a kernel without NUMA has no such directory, and one node
        }
    }

    private void readKinds() {
        CpuSet fast = list("devices/cpu_core/cpus");
        CpuSet small = list("devices/cpu_atom/cpus");
        boolean hybrid = fast != null && small != null && !fast.isEmpty() && !small.isEmpty();
        boolean capacities = true;
        for (int cpu = online.first(); cpu >= 0; cpu = online.next(cpu + 1)) {
            kind[cpu] = hybrid && fast.contains(cpu) ? CoreKind.PERFORMANCE
                    : hybrid && small.contains(cpu) ? CoreKind.EFFICIENT : CoreKind.UNIFORM;
            int first = siblings[cpu].first();
            if (first != cpu) {
                capacity[cpu] = capacity[first]; // siblings are one core
                continue;
            }
            int value = capacities ? host.readInt(host.sys(cpuFile(cpu, "cpu_capacity"))) : -1;
            capacities = value > 0;
            capacity[cpu] = value > 0 ? value : 1024;
        }
    }

    /** Gives every CPU of a list the number, except those that an earlier list claimed. */
    private void fill(int[] numbers, int cpu, CpuSet together, int number) {
        numbers[cpu] = number;
        if (together == null) {
            return;
        }
        CpuSet free = unclaimed(together.intersect(online), numbers);
        for (int c = free.first(); c >= 0; c = free.next(c + 1)) {
            numbers[c] = number;
        }
    }

    private static CpuSet unclaimed(CpuSet cpus, int[] numbers) {
        CpuSet free = cpus;
        for (int c = cpus.first(); c >= 0; c = cpus.next(c + 1)) {
            if (numbers[c] >= 0) {
                free = free.without(c);
            }
        }
        return free;
    }

    private static String cpuFile(int cpu, String name) {
        return new StringBuilder(CPUS).append("cpu").append(cpu).append('/').append(name).toString();
    }

    /** The file says {@code (null)} where the kernel could and was not told to, and is absent where it could not. */
    private CpuSet withoutTick() {
        String text = host.read(host.sys(CPUS + "nohz_full"));
        if (text == null || text.isBlank() || text.startsWith("(null)")) {
            return CpuSet.EMPTY;
        }
        CpuSet named = list(CPUS + "nohz_full");
        return named == null ? CpuSet.EMPTY : named.intersect(present);
    }

    /** @return the list in a file, null if there is no such file or it holds no list */
    private CpuSet list(String name) {
        String text = host.read(host.sys(name));
        if (text == null) {
            return null;
        }
        try {
            return CpuSet.parseKernel(text);
        } catch (BadCpuList e) {
            warnings.add(host.sys(name).concat(" does not hold a list of CPUs and is not used."));
            return null;
        }
    }

    private void assume(String what) {
        if (!assumed.isEmpty()) {
            assumed.append(", that ");
        }
        assumed.append(what);
    }
}
