package dev.pinion.cli;

import dev.pinion.cpu.AffinityMask;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.ThreadSort;
import java.io.File;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The threads of one JVM by sort, and the CPUs that each sort may run on, as {@code /proc} has them. */
final class ThreadSorts {
    static final String SYSMON = "sysmon";
    private static final String M_PREFIX = "pinion-P";

    private final Map<String, CpuSet> cpusOf = new TreeMap<>();
    private final Map<Integer, Integer> cpuOfP = new TreeMap<>();

    private ThreadSorts() {}

    /** @param process a process id, or {@code self} */
    static ThreadSorts read(HostFiles host, String process) {
        ThreadSorts sorts = new ThreadSorts();
        String[] tasks = new File(host.proc(process + "/task")).list();
        for (String task : tasks == null ? new String[0] : tasks) {
            String name = host.read(host.proc(process + "/task/" + task + "/comm"));
            CpuSet cpus = AffinityMask.read(host, process + "/task/" + task);
            if (name != null && cpus != null) {
                sorts.add(name.strip(), cpus);
            }
        }
        return sorts;
    }

    private void add(String name, CpuSet cpus) {
        int p = numberOfP(name);
        if (p >= 0) {
            cpuOfP.merge(p, cpus.first(), (old, fresh) -> old);
        }
        cpusOf.merge(p >= 0 ? "Ms of P" + p : sort(name), cpus, CpuSet::union);
    }

    private static int numberOfP(String name) {
        int end = name.indexOf("-M");
        if (!name.startsWith(M_PREFIX) || end < 0) {
            return -1;
        }
        try {
            return Integer.parseInt(name.substring(M_PREFIX.length(), end));
        } catch (NumberFormatException e) {
            return -1; // a thread of the program that is named almost like an M
        }
    }

    private static String sort(String name) {
        if (name.endsWith("-sysmon")) {
            return SYSMON;
        }
        return ThreadSort.of(name).label();
    }

    void forEach(BiConsumer<String, CpuSet> action) {
        cpusOf.forEach(action);
    }

    /** Where sysmon may run; empty if there is none. */
    CpuSet ofSysmon() {
        return cpusOf.getOrDefault(SYSMON, CpuSet.EMPTY);
    }

    /** Empty unless the Ps found are numbered without a gap: M names are no proof. */
    int[] cpuOfP() {
        int[] cpus = new int[cpuOfP.size()];
        Arrays.setAll(cpus, p -> cpuOfP.getOrDefault(p, -1));
        return Arrays.stream(cpus).anyMatch(cpu -> cpu < 0) ? new int[0] : cpus;
    }
}
