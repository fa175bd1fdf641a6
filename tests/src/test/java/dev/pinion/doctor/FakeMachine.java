package dev.pinion.doctor;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.FakeHost;
import dev.pinion.cpu.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A machine made of files, of eight cores, tuned as well as can be for Ps on CPUs 2-7: what a test changes is what its findings are about.
 */
final class FakeMachine {
    static final int CPUS = 8;
    private static final long SECOND = 1_000_000_000;

    final Path root;
    final FakeHost host;
    final Measured measured = new Measured();
    final Map<String, String> flags = new HashMap<>(Map.of("UseG1GC", "true", "ParallelGCThreads", "2", "CICompilerCount", "2",
            "AlwaysPreTouch", "true", "UsePerfData", "true", "PerfDisableSharedMem", "true", "UseCountedLoopSafepoints", "true"));
    private CpuSet allowed = CpuSet.range(0, 1);

    FakeMachine(Path root) {
        this.root = root;
        this.host = new FakeHost(root);
        host.machine(1, 1, CPUS, 1).write("sys/devices/system/cpu/smt/active", "0").write("sys/devices/system/cpu/isolated", "2-7");
        kernel();
        process();
        counters(1, 0, 0);
        power();
        memory();
        devices();
        measured(0, 0);
    }

    FakeMachine write(String path, String content) {
        host.write(path, content);
        return this;
    }

    FakeMachine allowed(CpuSet cpus) {
        allowed = cpus;
        return write("proc/self/status", "Name:\tjava\nUid:\t0\t0\t0\t0\nVmLck:\t  2048 kB\nSeccomp:\t0\nCpus_allowed_list:\t" + cpus)
                .write("proc/self/task/4243/status", "Name:\tGC\nCpus_allowed_list:\t" + cpus);
    }

    private void kernel() {
        write("proc/cmdline", "isolcpus=managed_irq,domain,2-7 irqaffinity=0-1 rcu_nocbs=2-7 nowatchdog");
        write("proc/version", "Linux version 6.12.8 PREEMPT_DYNAMIC").write("proc/2/comm", "kthreadd");
        write("proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu tsc constant_tsc nonstop_tsc\nbugs\t:");
        Map.ofEntries(Map.entry("kernel/osrelease", "6.12.8"), Map.entry("kernel/nmi_watchdog", "0"), Map.entry("kernel/watchdog", "0"),
                Map.entry("kernel/watchdog_cpumask", "0-7"), Map.entry("kernel/sched_rt_runtime_us", "950000"),
                Map.entry("kernel/timer_migration", "0"), Map.entry("kernel/io_uring_disabled", "0"), Map.entry("kernel/perf_event_paranoid", "1"),
                Map.entry("kernel/threads-max", "200000"), Map.entry("kernel/numa_balancing", "1"), Map.entry("fs/epoll/max_user_watches", "900000"),
                Map.entry("net/core/busy_poll", "50"), Map.entry("net/core/busy_read", "50"), Map.entry("net/core/netdev_budget", "300"), Map.entry("vm/swappiness", "60"), Map.entry("vm/stat_interval", "120"),
                Map.entry("vm/compaction_proactiveness", "0")).forEach((key, value) -> write("proc/sys/" + key, value));
        write("sys/kernel/debug/sched/base_slice_ns", "3000000").write("sys/kernel/tracing/available_tracers", "nop");
        write("sys/devices/system/cpu/vulnerabilities/meltdown", "Not affected");
        write("sys/devices/virtual/workqueue/cpumask", "03").write("sys/devices/virtual/workqueue/writeback/cpumask", "03");
        msr(0);
        for (int cpu = 0; cpu < CPUS; cpu++) {
            write("sys/devices/system/machinecheck/machinecheck" + cpu + "/check_interval", "0");
        }
    }

    FakeMachine msr(int interrupts) {
        byte[] registers = new byte[0x34 + 8];
        registers[0x34] = (byte) interrupts;
        try {
            Files.createDirectories(root.resolve("dev/cpu/2"));
            Files.write(root.resolve("dev/cpu/2/msr"), registers);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void process() {
        allowed(allowed);
        write("proc/self/stat", "4242 (java) S 1").write("proc/self/task/4243/comm", "GC Thread#0");
        write("proc/self/limits", "Max processes   unlimited  unlimited  processes\nMax open files  1048576  1048576  files\n"
                + "Max locked memory   unlimited  unlimited  bytes\nMax realtime priority   0   0");
        cgroup("/user.slice", "max 100000", "0-7");
    }

    /** The one cgroup there is. */
    FakeMachine cgroup(String group, String cpuMax, String cpuset) {
        write("sys/fs/cgroup/cgroup.controllers", "cpuset cpu memory pids");
        for (int end = group.lastIndexOf('/'); end > 0; end = group.lastIndexOf('/', end - 1)) { // parents without a quota
            write("sys/fs/cgroup" + group.substring(0, end) + "/cgroup.controllers", "memory")
                    .write("sys/fs/cgroup" + group.substring(0, end) + "/cpu.stat", "usage_usec 1");
        }
        String directory = "sys/fs/cgroup" + (group.equals("/") ? "" : group) + "/";
        return write("proc/self/cgroup", "0::" + group).write("proc/self/mountinfo", "31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw")
                .write(directory + "cpu.max", cpuMax).write(directory + "cpuset.cpus.effective", cpuset).write(directory + "pids.max", "max")
                .write(directory + "cpu.stat", "usage_usec 1\nnr_throttled 0\nthrottled_usec 0")
                .write(directory + "cpu.pressure", "some avg10=0.00 avg60=0.00 avg300=0.00 total=0");
    }

    /** Of all CPUs alike, so many ticks of 10 ms since boot. */
    FakeMachine counters(long seconds, long busy, long stolen) {
        StringBuilder stat = new StringBuilder("cpu  0 0 0 0 0 0 0 0 0 0\n");
        for (int cpu = 0; cpu < CPUS; cpu++) {
            stat.append("cpu").append(cpu).append(' ').append(busy).append(" 0 0 ").append(seconds * 100 - busy - stolen).append(" 0 0 0 ").append(stolen).append(" 0 0\n");
        }
        return write("proc/stat", stat.toString()).interrupts(0).softirqs(0);
    }

    /** Of a network card, on CPU 3. */
    FakeMachine interrupts(int count) {
        return write("proc/interrupts", "   CPU0 CPU1 CPU2 CPU3 CPU4 CPU5 CPU6 CPU7\n 24: 5 5 0 " + count
                + " 0 0 0 0 PCI-MSI 524288-edge eth0-rx-0\nLOC: 9 9 9 9 9 9 9 9 Local timer interrupts\nERR: 0");
    }

    /** Of received packets, on CPU 3. */
    FakeMachine softirqs(int count) {
        return write("proc/softirqs", "   CPU0 CPU1 CPU2 CPU3 CPU4 CPU5 CPU6 CPU7\n  NET_RX: 5 5 0 " + count + " 0 0 0 0\n  TIMER: 1 1 1 1 1 1 1 1");
    }

    /** A thread on a CPU. */
    FakeMachine thread(int process, String name, int cpu, long ticks) {
        return write("proc/" + process + "/task/" + process + "/stat", process + " (" + name + ") R 1 1 1 0 -1 0 0 0 0 0 " + ticks
                + " 0 0 0 20 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 " + cpu + " 0 0");
    }

    private void power() {
        for (int cpu = 0; cpu < CPUS; cpu++) {
            host.cpuFile(cpu, "cpufreq/scaling_governor", "performance").cpuFile(cpu, "cpufreq/energy_performance_preference", "performance");
            host.cpuFile(cpu, "cpuidle/state0/name", "POLL").cpuFile(cpu, "cpuidle/state0/latency", "0").cpuFile(cpu, "cpuidle/state0/disable", "0");
            host.cpuFile(cpu, "cpuidle/state1/name", "C6").cpuFile(cpu, "cpuidle/state1/latency", "170").cpuFile(cpu, "cpuidle/state1/disable", "1");
        }
        write("sys/devices/system/cpu/intel_pstate/no_turbo", "1");
        write("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc");
        write("sys/devices/system/clocksource/clocksource0/available_clocksource", "tsc hpet acpi_pm");
    }

    private void memory() {
        write("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never");
        write("sys/kernel/mm/transparent_hugepage/defrag", "always defer [madvise] never");
        write("proc/swaps", "Filename Type Size Used Priority");
    }

    private void devices() {
        write("proc/irq/24/effective_affinity_list", "0-1").write("proc/irq/default_smp_affinity", "03");
        write("sys/class/net/eth0/device/numa_node", "0").write("sys/class/net/eth0/queues/rx-0/rps_cpus", "00");
        write("sys/class/net/eth0/queues/tx-0/xps_cpus", "03").write("sys/class/net/eth0/queues/tx-1/xps_cpus", "fc");
        write("sys/class/net/lo/queues/rx-0/rps_cpus", "00");
    }

    /** A fit machine's figures, but for the gaps on each CPU. */
    FakeMachine measured(int gaps, double worstMicros) {
        measured.clockNanos = 25;
        measured.epollNanos = 300;
        measured.eventfd = new Measured.Wake(7, 2, 500, 3.5, 6);
        measured.futex = new Measured.Wake(7, 2, 500, 3.2, 5.5);
        for (int cpu = 0; cpu < CPUS; cpu++) {
            measured.gaps.put(cpu, new Measured.Gaps(0.5, gaps, worstMicros, gaps * worstMicros, 0));
        }
        return this;
    }

    Sample sample(long seconds) {
        return Sample.read(host.files, seconds * SECOND);
    }

    Report examine(String cpus, Sample first) {
        return examine(cpus, first, sample(1));
    }

    Report examine(String cpus, Sample first, Sample second) {
        CpuSet asked = CpuSet.parse("--cpus", cpus);
        Measured ofAsked = measured;
        ofAsked.gaps.keySet().removeIf(cpu -> !asked.contains(cpu));
        return Doctor.examine(new Patient(host.files, Topology.read(host.files, allowed), allowed, asked, true, root.resolve("tmp"), first,
                second, ofAsked, new JvmFacts(Runtime.Version.parse("25.0.4"), 2, flags, new Properties(), List.of())));
    }
}
