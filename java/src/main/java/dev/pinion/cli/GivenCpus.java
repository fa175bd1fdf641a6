package dev.pinion.cli;

import dev.pinion.cpu.AffinityMask;
import dev.pinion.cpu.BadCpuList;
import dev.pinion.cpu.CpuChoice;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.Cpuset;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.Topology;
import dev.pinion.nativelib.Natives;

/** The CPUs that a user named for a command, checked against the machine and the cpuset. */
final class GivenCpus {
    private final HostFiles host;
    private final CpuSet allowed;
    private final Topology topology;
    private final CpuSet cpuset;

    GivenCpus(HostFiles host) {
        this.host = host;
        allowed = AffinityMask.read(host, "self");
        if (allowed == null) {
            throw new Commands.Failure(Commands.FAILED, "/proc/self/status does not tell the CPUs of this process: is /proc mounted?");
        }
        topology = Topology.read(host, allowed);
        cpuset = Cpuset.find(host).read();
    }

    HostFiles host() {
        return host;
    }

    /** Where this process may run now. */
    CpuSet allowed() {
        return allowed;
    }

    Topology topology() {
        return topology;
    }

    /** The machine in a sentence, after {@link dev.pinion.nativelib.Boot}: the processor's name, and whether there is one at all. */
    String describe() {
        String cpuinfo = host.read(host.proc("cpuinfo"));
        String name = cpuinfo == null ? "" : cpuinfo.lines().filter(line -> line.startsWith("model name")).findFirst().orElse("");
        return (name.contains(":") ? name.substring(name.indexOf(':') + 1).strip() : "An unknown processor") + ", " + topology.online().size() + " CPUs"
                + (Natives.isVirtualMachine() ? "; a virtual machine, whose CPUs the hypervisor may move and take away." : ".");
    }

    /** Where this process could go, as far as that can be seen: its mask is no limit. */
    CpuSet reachable() {
        return cpuset == null ? allowed : cpuset;
    }

    /** What is to be measured. @param list given to {@code --cpus}, null: not given @throws Commands.Failure as {@link #named} */
    CpuSet measured(String list) {
        return list == null ? allowed : named("--cpus", list);
    }

    /** @param option what the list was given to @throws Commands.Failure one sentence about a list that cannot be had */
    CpuSet named(String option, String list) {
        try {
            return CpuChoice.check(option, list, topology, cpuset);
        } catch (BadCpuList e) {
            throw new Commands.Failure(Commands.BAD_INPUT, e.getMessage());
        }
    }

    /** As {@link #named}; but the CPUs need only be there, offline or out of reach as they may be. */
    CpuSet present(String option, String list) {
        try {
            return CpuChoice.present(option, list, topology);
        } catch (BadCpuList e) {
            throw new Commands.Failure(Commands.BAD_INPUT, e.getMessage());
        }
    }
}
