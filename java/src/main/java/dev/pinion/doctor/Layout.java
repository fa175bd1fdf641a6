package dev.pinion.doctor;

import dev.pinion.cpu.CoreKind;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.Topology;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Whether the CPUs are the right ones of this machine: whole cores, of one sort, near each other. */
final class Layout implements Check {
    /** Permille of the sibling's time: three ticks of the second looked at. */
    private static final int BUSY_PERMILLE = 20;

    @Override
    public void examine(Patient patient, Findings findings) {
        siblings(patient, findings);
        kinds(patient, findings);
        nodes(patient, findings);
        cards(patient, findings);
    }

    private static void siblings(Patient patient, Findings findings) {
        Fact active = patient.sys(Patient.CPUS + "smt/active");
        String hypervisor = patient.hypervisor();
        if (active.is("0") && hypervisor == null) {
            findings.pass(12, "smt", "each core runs one thread");
            return;
        }
        CpuSet shared = CpuSet.EMPTY;
        CpuSet busy = CpuSet.EMPTY;
        CpuSet siblings = CpuSet.EMPTY;
        CpuSet untold = CpuSet.EMPTY;
        for (int cpu : patient.cpus().toArray()) {
            for (int sibling : patient.topology().siblings(cpu).without(cpu).toArray()) {
                siblings = siblings.with(sibling);
                if (patient.cpus().contains(sibling)) {
                    shared = shared.with(cpu);
                } else {
                    int permille = patient.busyPermille(sibling);
                    busy = permille > BUSY_PERMILLE ? busy.with(sibling) : busy;
                    untold = permille < 0 ? untold.with(sibling) : untold;
                }
            }
        }
        if (!shared.isEmpty()) {
            CpuSet firsts = CpuSet.EMPTY;
            for (int cpu : patient.cpus().toArray()) {
                firsts = patient.topology().siblings(cpu).intersect(patient.cpus()).first() == cpu ? firsts.with(cpu) : firsts;
            }
            findings.add(findings.of(12, "smt", Level.WARN, Patient.name(shared) + " are threads of cores that have two Ps: each slows the other down")
                    .fix(Fix.start("--cpus " + firsts)).fix(Fix.instead("nosmt")));
        } else if (!busy.isEmpty()) {
            findings.add(findings.of(12, "smt", Level.WARN, "on " + Patient.name(busy) + ", the other thread of a P's core, something runs and slows the P down")
                    .fix(Fix.run("for c in " + Patient.spaced(busy) + "; do echo 0 > /sys/devices/system/cpu/cpu$c/online; done"))
                    .fix(Fix.instead("nosmt")));
        } else if (!untold.isEmpty()) {
            findings.unknown(12, "smt", "/proc/stat does not tell how busy " + Patient.name(untold) + " are, the other threads of these cores");
        } else if (hypervisor != null) {
            findings.unknown(12, "smt", "which CPUs are threads of one core is not seen: " + hypervisor);
        } else if (!active.isKnown() && siblings.isEmpty() && !patient.cpuFile(patient.cpus().first(), "topology/thread_siblings_list").isKnown()) {
            findings.unknown(12, "smt", active.whyNot() + ", nor a list of threads of a core");
        } else {
            findings.pass(12, "smt", siblings.isEmpty() ? "each of these cores runs one thread" : "the other threads of these cores, " + Patient.name(siblings) + ", were idle");
        }
    }

    private static void kinds(Patient patient, Findings findings) {
        Topology topology = patient.topology();
        if (!patient.topology().warnings().isEmpty()) {
            findings.unknown(13, "core-kinds", "what is told of the CPUs is incomplete: " + patient.topology().warnings().getFirst());
            return;
        }
        CpuSet small = CpuSet.EMPTY;
        CpuSet fastest = CpuSet.EMPTY;
        long most = 0;
        Map<Integer, Long> speeds = new TreeMap<>();
        for (int cpu : patient.cpus().toArray()) {
            small = topology.kindOf(cpu) == CoreKind.EFFICIENT ? small.with(cpu) : small;
            long base = patient.cpuFile(cpu, "cpufreq/base_frequency").number();
            long speed = topology.capacityOf(cpu) * 100_000_000L + Math.max(0, base);
            speeds.put(cpu, speed);
            fastest = speed > most ? CpuSet.of(cpu) : speed == most ? fastest.with(cpu) : fastest;
            most = Math.max(most, speed);
        }
        CpuSet good = small.isEmpty() ? fastest : patient.cpus().minus(small);
        if (!small.isEmpty() && small.size() < patient.cpus().size() || fastest.size() < patient.cpus().size()) {
            findings.add(findings.of(13, "core-kinds", Level.WARN, "these CPUs are not equally fast" + (small.isEmpty() ? ": the fastest are " + Patient.name(fastest)
                    : ": " + Patient.name(small) + (small.size() == 1 ? " is an efficient core" : " are efficient cores"))
                    + ", so how long a G takes depends on its P").fix(Fix.start("--cpus " + (good.isEmpty() ? fastest : good))));
        } else if (!small.isEmpty()) {
            findings.info(13, "core-kinds", "these are all efficient cores; the machine has faster ones");
        } else {
            findings.pass(13, "core-kinds", "these CPUs are of one sort");
        }
    }

    private static void nodes(Patient patient, Findings findings) {
        Topology topology = patient.topology();
        Map<Integer, CpuSet> nodes = new TreeMap<>();
        Map<Integer, CpuSet> caches = new TreeMap<>();
        for (int cpu : patient.cpus().toArray()) {
            nodes.merge(topology.nodeOf(cpu), CpuSet.of(cpu), CpuSet::union);
            caches.merge(topology.l3Of(cpu), CpuSet.of(cpu), CpuSet::union);
        }
        if (nodes.size() > 1) {
            findings.add(findings.of(14, "nodes", Level.WARN, "these CPUs are in " + nodes.size() + " NUMA nodes: a G that is stolen across leaves its memory behind")
                    .fix(Fix.start("--cpus " + largest(nodes))));
        } else if (!patient.sys("devices/system/node/online").isKnown()) {
            findings.unknown(14, "nodes", patient.sys("devices/system/node/online").whyNot());
        } else {
            findings.pass(14, "nodes", "these CPUs are in one NUMA node");
        }
        if (caches.size() > 1) {
            findings.add(findings.of(14, "caches", Level.INFO, "these CPUs share " + caches.size() + " L3 caches; Ps steal within one first")
                    .fix(Fix.start("--cpus " + largest(caches))));
        } else if (!patient.cpuFile(patient.cpus().first(), "cache").isListed()) {
            findings.unknown(14, "caches", patient.cpuFile(patient.cpus().first(), "cache").whyNot());
        } else {
            findings.pass(14, "caches", "these CPUs share one L3 cache");
        }
    }

    private static CpuSet largest(Map<Integer, CpuSet> sets) {
        CpuSet most = CpuSet.EMPTY;
        for (CpuSet set : sets.values()) {
            most = set.size() > most.size() ? set : most;
        }
        return most;
    }

    private static void cards(Patient patient, Findings findings) {
        if (!patient.seesTheCards()) {
            findings.unknown(14, "card-node", patient.whyNoCards());
            return;
        }
        String nodesOnline = patient.files().read(patient.files().sys("devices/system/node/online"));
        String untold = null;
        Set<Integer> nodes = new TreeSet<>();
        for (int cpu : patient.cpus().toArray()) {
            nodes.add(patient.topology().nodeOf(cpu));
        }
        for (String card : Interrupts.cards(patient)) {
            long node = patient.sys("class/net/" + card + "/device/numa_node").number();
            untold = node < 0 && Fact.number(nodesOnline) < 0 ? "the NUMA node of " + card + " is not told" : untold;
            if (node >= 0 && !nodes.contains((int) node)) {
                String near = patient.files().read(patient.files().sys("devices/system/node/node" + node + "/cpulist"));
                findings.add(findings.of(14, "card-node", Level.WARN, card + " is at NUMA node " + node + ", and no P is: each packet crosses over")
                        .fixIf(near != null, Fix.start("--cpus " + near)));
                return;
            }
        }
        if (untold != null) {
            findings.unknown(14, "card-node", untold);
            return;
        }
        findings.pass(14, "card-node", "no network card is at another NUMA node than the Ps");
    }
}
