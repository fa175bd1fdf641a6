package dev.pinion.jmh;

import dev.pinion.cpu.BadCpuList;
import dev.pinion.cpu.CorePlacement;
import dev.pinion.cpu.CpuChoice;
import dev.pinion.cpu.CpuLoad;
import dev.pinion.cpu.CpuQuota;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.Cpuset;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.Topology;
import java.util.ArrayList;
import java.util.List;

/**
 * Which CPU each worker thread gets.
 *
 * <p>No load is measured: a benchmark that is repeated should find the same cores again. Where the user names none, the last ones are
 * taken, as most machines send the most interrupts to CPU 0.
 *
 * @param cpuOfWorker the CPU of each worker
 * @param warnings    sentences for the user, mostly none
 */
record WorkerCores(int[] cpuOfWorker, List<String> warnings) {
    /** Names the CPUs of the workers, as in {@code 2-5}. They may lie outside the affinity mask, as isolated ones do. */
    static final String CPUS = "pinion.jmh.cpus";

    /** Names CPUs that no worker gets. */
    static final String HOUSEKEEPING = "pinion.jmh.housekeeping";

    /**
     * @param host         the files
     * @param mask         the process's affinity mask
     * @param cpus         the value of {@link #CPUS}, or null
     * @param housekeeping the value of {@link #HOUSEKEEPING}, or null
     * @param workers      how many
     * @throws IllegalArgumentException one sentence: a list that cannot be used, or no worker
     */
    static WorkerCores choose(HostFiles host, CpuSet mask, String cpus, String housekeeping, int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("maxThreads is " + workers + ", it must be at least 1.");
        }
        Topology topology = Topology.read(host, mask);
        CpuSet cpuset = Cpuset.find(host).read();
        CpuSet named = cpus == null ? null : CpuChoice.check(CPUS, cpus, topology, cpuset);
        CpuSet kept = housekeeping == null ? null : CpuChoice.check(HOUSEKEEPING, housekeeping, topology, cpuset);
        if (kept != null && kept.containsAll(named == null ? mask : named)) {
            throw new BadCpuList(HOUSEKEEPING + " " + housekeeping + " leaves the threads no CPU: "
                    + (named == null ? "the affinity mask allows " + mask : CPUS + " is " + cpus) + ".");
        }
        CorePlacement placement = CorePlacement.choose(topology, mask, named, kept, workers, CpuLoad.NONE, named == null ? -workers : 0);
        int[] cpuOfWorker = placement.cpuOfP();
        List<String> warnings = new ArrayList<>(topology.warnings());
        CpuSet used = CpuSet.of(cpuOfWorker);
        String limit = named == null ? "the affinity mask allows " + mask : CPUS + " is " + cpus;
        if (kept != null) {
            limit += " and " + HOUSEKEEPING + " is " + housekeeping;
        }
        if (used.size() < workers) {
            warnings.add(workers + " threads share " + name(used) + ", since " + limit + ".");
        } else if (cores(topology, used) < workers) {
            int cores = cores(topology, used);
            warnings.add(workers + " threads on " + name(used) + " share " + cores + (cores == 1 ? " physical core" : " physical cores")
                    + ", since " + limit + ".");
        }
        int quota = CpuQuota.find(host).read();
        if (quota < workers) {
            warnings.add(workers + " threads will be throttled, since the cgroup's quota is " + (quota == 1 ? "1 CPU" : quota + " CPUs") + ".");
        }
        return new WorkerCores(cpuOfWorker, List.copyOf(warnings));
    }

    private static int cores(Topology topology, CpuSet cpus) {
        CpuSet firsts = CpuSet.EMPTY;
        for (int cpu : cpus.toArray()) {
            firsts = firsts.with(topology.siblings(cpu).first());
        }
        return firsts.size();
    }

    private static String name(CpuSet cpus) {
        return (cpus.size() == 1 ? "CPU " : "CPUs ") + cpus;
    }
}
