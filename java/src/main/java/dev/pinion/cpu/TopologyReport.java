package dev.pinion.cpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link TopologyDrawing} shows: the machine, and who uses which CPU. Filled by one thread, then handed over.
 */
public final class TopologyReport {
    final Topology topology;
    final CpuSet usable;
    final Map<Integer, Long> reservedBy = new LinkedHashMap<>();
    final Map<String, CpuSet> threads = new LinkedHashMap<>();
    final List<String> notes = new ArrayList<>();
    int[] cpuOfP = {};
    CpuSet housekeeping = CpuSet.EMPTY;
    CpuSet pinned = CpuSet.EMPTY;
    int quota = CpuQuota.UNLIMITED;
    Runtime.Version version;
    boolean waitsAreTold = true;

    /**
     * @param topology the machine
     * @param usable   the CPUs that this process may run on
     */
    public TopologyReport(Topology topology, CpuSet usable) {
        this.topology = topology;
        this.usable = usable;
    }

    /** @param cpus the CPU of each P @return this */
    public TopologyReport ps(int... cpus) {
        this.cpuOfP = cpus.clone();
        return this;
    }

    /** @param cpus CPUs without a P, where Pinion's own threads run; empty if there are none to spare @return this */
    public TopologyReport housekeeping(CpuSet cpus) {
        this.housekeeping = cpus;
        return this;
    }

    /**
     * @param cpu a CPU
     * @param pid the process that reserved it, or {@link CpuLocks#UNNAMED}; {@link CpuLocks#NOBODY} is not noted
     * @return this
     */
    public TopologyReport reserved(int cpu, long pid) {
        if (pid != CpuLocks.NOBODY) {
            reservedBy.put(cpu, pid);
        }
        return this;
    }

    /**
     * @param name a sort of threads: {@code Ms of P0}, {@code GC}, {@code JIT}
     * @param cpus where they may run
     * @return this
     */
    public TopologyReport threads(String name, CpuSet cpus) {
        threads.put(name, cpus);
        return this;
    }

    /** @param cpus where a thread was bound, and seen to be bound, through a {@link ThreadAffinity} @return this */
    public TopologyReport pinned(CpuSet cpus) {
        this.pinned = pinned.union(cpus);
        return this;
    }

    /** @param sentence for the user, without a full stop @return this */
    public TopologyReport note(String sentence) {
        notes.add(sentence);
        return this;
    }

    /** @return all notes: of the topology, of the report, about the JDK */
    List<String> allNotes() {
        List<String> all = new ArrayList<>(topology.warnings());
        all.addAll(notes);
        if (!waitsAreTold) {
            all.add("there is no /proc/self/schedstat, which tells how long a thread waited for its CPU: Ps stay on cores that others keep busy.");
        }
        String bug = jdkBug();
        if (bug != null) {
            all.add(bug);
        }
        return all;
    }

    /** @param cpus the cgroup's quota in whole CPUs, or {@link CpuQuota#UNLIMITED} @return this */
    public TopologyReport quota(int cpus) {
        this.quota = cpus;
        return this;
    }

    /** @param running the Java version, to mention a bug that it may have @return this */
    public TopologyReport version(Runtime.Version running) {
        this.version = running;
        return this;
    }

    /** @param told whether the kernel tells how long a thread waited for a CPU; else no P leaves a busy core @return this */
    public TopologyReport waitsAreTold(boolean told) {
        this.waitsAreTold = told;
        return this;
    }

    /** @return a sentence about a JDK bug that looks like a hang of ours, or null if this JDK is free of it */
    private String jdkBug() {
        if (version == null || version.compareToIgnoreOptional(Runtime.Version.parse("25.0.4")) >= 0) {
            return null;
        }
        return "JDK " + version.feature() + "." + version.interim() + "." + version.update()
                + " has bug JDK-8373120: a virtual thread can stay BLOCKED on a monitor for ever, on any scheduler; 25.0.4 mends it";
    }
}
