package dev.pinion.doctor;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.Cpuset;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.Topology;
import java.io.File;
import java.nio.file.Path;

/**
 * All that the checks look at. Nothing else about the host is asked, so that a test can make up any machine.
 *
 * @param files     the host's files
 * @param topology  its CPUs
 * @param allowed   the affinity mask of this process
 * @param asked     the CPUs for Ps, as the user named them or as a program started now would get them
 * @param named     whether the user named them
 * @param temporary {@code java.io.tmpdir}, where CPUs are leased
 * @param first     the counters at the beginning
 * @param second    the counters a second later, this process asleep meanwhile
 * @param measured  what the probes measured
 * @param jvm       the JVM that a program started here gets
 */
public record Patient(HostFiles files, Topology topology, CpuSet allowed, CpuSet asked, boolean named, Path temporary,
                      Sample first, Sample second, Measured measured, JvmFacts jvm) {
    /** Files of CPUs are below it, in /sys. */
    static final String CPUS = "devices/system/cpu/";

    /** @return those of the asked CPUs that are online: what most checks are about */
    CpuSet cpus() {
        return asked.intersect(topology.online());
    }

    /** @return the online CPUs without a P; it can be empty */
    CpuSet others() {
        return topology.online().minus(asked);
    }

    /** @return the CPUs that the kernel lets this process use at all, the mask where no cpuset is to be seen */
    CpuSet usable() {
        CpuSet cpuset = Cpuset.find(files).read();
        return cpuset == null || cpuset.intersect(topology.online()).isEmpty() ? allowed : cpuset;
    }

    Fact proc(String name) {
        return Fact.read(files, files.proc(name));
    }

    Fact sys(String name) {
        return Fact.read(files, files.sys(name));
    }

    Fact cpuFile(int cpu, String name) {
        return sys(CPUS + "cpu" + cpu + "/" + name);
    }

    BootLine boot() {
        return new BootLine(files.read(files.proc("cmdline")), topology.present());
    }

    /** @return this process, as /proc numbers it; -1 if it does not tell */
    int pid() {
        String stat = files.read(files.proc("self/stat"));
        return stat == null || stat.indexOf(' ') < 0 ? -1 : (int) Fact.number(stat.substring(0, stat.indexOf(' ')));
    }

    double seconds() {
        return Math.max(1, second.nanos - first.nanos) / 1e9;
    }

    /** @return the permille of the second in which the CPU ran anything, -1 if /proc/stat does not tell */
    int busyPermille(int cpu) {
        long[] before = first.ticks.get(cpu);
        long[] after = second.ticks.get(cpu);
        if (before == null || after == null) {
            return -1;
        }
        long busy = after[0] - before[0];
        long all = busy + after[1] - before[1];
        return all <= 0 ? 0 : (int) (busy * 1000 / all);
    }

    /** @return whether /proc shows the whole host's processes, and not those of one container only */
    boolean seesAllProcesses() {
        return "kthreadd".equals(files.read(files.proc("2/comm")));
    }

    /** @return whether /proc shows this network's cards, and not only those of a container: the first network of a machine alone has the file */
    boolean seesTheCards() {
        return proc("sys/net/core/netdev_budget").isKnown() && sys("class/net").isListed();
    }

    /** @return why it does not */
    String whyNoCards() {
        return sys("class/net").isListed() ? "this network namespace does not show the machine's cards, as there is no /proc/sys/net/core/netdev_budget"
                : sys("class/net").whyNot();
    }

    boolean isVirtualMachine() {
        return cpuFlag("hypervisor");
    }

    /** @return why what the firmware tells of cores and of their sleep need not be so, null on bare metal */
    String hypervisor() {
        if (!proc("cpuinfo").isKnown()) {
            return "whether this is a virtual machine is not known, as " + proc("cpuinfo").whyNot();
        }
        if (!proc("cpuinfo").text().contains("\nflags")) {
            return "whether this is a virtual machine is not known, as /proc/cpuinfo says so of x86 alone";
        }
        return isVirtualMachine() ? "the host of this virtual machine decides" : null;
    }

    /** @return whether /proc/cpuinfo lists the flag for the first CPU */
    boolean cpuFlag(String flag) {
        Fact info = proc("cpuinfo");
        int start = info.isKnown() ? info.text().indexOf("\nflags") : -1;
        if (start < 0) {
            return false;
        }
        int end = info.text().indexOf('\n', start + 1);
        String line = info.text().substring(start + 1, end < 0 ? info.text().length() : end);
        return (line + " ").contains(" " + flag + " ");
    }

    boolean isContainer() {
        String group = files.read(files.proc("1/cgroup"));
        return files.read(files.mounted("/.dockerenv")) != null || files.read(files.mounted("/run/.containerenv")) != null || isPod()
                || group != null && (group.contains("docker") || group.contains("kubepods") || group.contains("containerd"));
    }

    boolean isPod() {
        String group = files.read(files.proc("self/cgroup"));
        return group != null && group.contains("kubepods")
                || new File(files.mounted("/run/secrets/kubernetes.io")).exists()
                || new File(files.mounted("/var/run/secrets/kubernetes.io")).exists();
    }

    /** @return each CPU by itself, for a loop of the shell: "0 1 2 3" */
    static String spaced(CpuSet cpus) {
        StringBuilder out = new StringBuilder();
        for (int cpu : cpus.toArray()) {
            out.append(out.isEmpty() ? "" : " ").append(cpu);
        }
        return out.toString();
    }

    /** @return "CPU 3" or "CPUs 0-3" */
    static String name(CpuSet cpus) {
        return (cpus.size() == 1 ? "CPU " : "CPUs ") + cpus;
    }
}
