package dev.pinion.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.FakeHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor's findings on machines that are made of files. */
class DoctorTest {
    @TempDir
    Path root;

    private FakeMachine machine() {
        return new FakeMachine(root);
    }

    private static Finding get(Report report, String name) {
        return report.findings().stream().filter(finding -> finding.name().equals(name)).findFirst().orElseThrow(() -> new AssertionError("no finding " + name));
    }

    private static Set<String> names(Report report, Level level) {
        Set<String> names = new TreeSet<>();
        report.findings().stream().filter(finding -> finding.level() == level).forEach(finding -> names.add(finding.name()));
        return names;
    }

    private static void assertFinding(Report report, String name, Level level, String inReason, Fix... fixes) {
        Finding finding = get(report, name);
        assertEquals(level, finding.level(), finding.toString());
        assertTrue(finding.reason().contains(inReason), finding.reason());
        assertEquals(List.of(fixes), finding.fixes(), name);
    }

    @Test
    void aWellTunedMachinePasses() {
        FakeMachine machine = machine();
        Report report = machine.examine("2-7", machine.sample(0));

        assertEquals(Set.of(), names(report, Level.FAIL));
        assertEquals(Set.of(), names(report, Level.WARN), report.findings().toString());
        assertEquals(Set.of(), names(report, Level.UNKNOWN));
        assertEquals(Set.of("coalescing"), names(report, Level.INFO), "in no file of any machine");
        assertEquals(0, report.exitCode());
        assertFalse(ReportText.write(report, Integer.MAX_VALUE, false).contains("boot line"), "there is nothing to mend");
    }

    @Test
    void everyCheckOfTheListIsMade() {
        FakeMachine machine = machine();
        Set<Integer> numbers = new TreeSet<>();
        Set<String> unique = new HashSet<>();
        machine.examine("2-7", machine.sample(0)).findings().forEach(finding -> {
            numbers.add(finding.number());
            assertTrue(unique.add(finding.name()), finding.name() + " stands for two things");
        });
        Set<Integer> all = new TreeSet<>();
        for (int number = 1; number <= 36; number++) {
            all.add(number);
        }
        assertEquals(all, numbers);
    }

    @Test
    void aContainerWithACpusetAndAQuota() {
        FakeMachine machine = machine().cgroup("/", "200000 100000", "4-7").allowed(CpuSet.range(4, 7))
                .write("proc/2/comm", "java").write(".dockerenv", "").measured(3, 45);
        Sample first = machine.sample(0);
        machine.counters(2, 30, 0);
        Report report = machine.examine("4-7", first);

        String file = root + "/sys/fs/cgroup/cpu.max";
        assertFinding(report, "quota", Level.FAIL, "the quota of 2.00 CPUs in " + file + " is less than 4 Ps",
                Fix.run("echo max > " + file), Fix.start("--gomaxprocs 2"));
        assertFinding(report, "housekeeping", Level.WARN, "the cpuset leaves this process no CPU without a P", Fix.start("--cpus 5-7 --housekeeping 4"));
        assertFinding(report, "movers", Level.UNKNOWN, "does not see the host's processes");
        assertFinding(report, "foreign-threads", Level.WARN, "CPUs 4-7 were busy while this process slept, with what this container does not see");
        assertEquals(45, get(report, "foreign-threads").effect().micros());
        assertFinding(report, "usable", Level.PASS, "CPUs 4-7");
        assertEquals(1, report.exitCode());
        assertTrue(ReportText.write(report, Integer.MAX_VALUE, false).contains("This is a container: boot line, sysctls, root's commands and the cpuset are for its host."));
    }

    @Test
    void cpusBeyondTheCpusetFail() {
        FakeMachine machine = machine().cgroup("/", "max 100000", "4-7");
        assertFinding(machine.examine("2-5", machine.sample(0)), "usable", Level.FAIL, "CPUs 2-3 are outside the cpuset of this process, which allows CPUs 4-7",
                Fix.start("--cpus 4-7"));
    }

    @Test
    void anOfflineCpuIsAllThatIsSaid() {
        FakeMachine machine = machine().write("sys/devices/system/cpu/online", "0-6");
        Report report = machine.examine("7", machine.sample(0));
        assertEquals(1, report.findings().size());
        assertFinding(report, "usable", Level.FAIL, "CPU 7 is offline",
                Fix.run("for c in 7; do echo 1 > /sys/devices/system/cpu/cpu$c/online; done"));
        assertEquals(1, report.exitCode());
    }

    @Test
    void aVirtualMachineHidesMuch() throws Exception {
        FakeMachine machine = machine().write("proc/cpuinfo", "processor: 0\nflags : fpu constant_tsc nonstop_tsc hypervisor\n")
                .write("sys/devices/system/clocksource/clocksource0/current_clocksource", "kvm-clock");
        for (int cpu = 0; cpu < FakeMachine.CPUS; cpu++) {
            delete(root.resolve("sys/devices/system/cpu/cpu" + cpu + "/cpufreq"));
            delete(root.resolve("sys/devices/system/cpu/cpu" + cpu + "/cpuidle"));
        }
        Sample first = machine.sample(0);
        machine.counters(2, 0, 12);
        Report report = machine.examine("2-7", first);

        assertFinding(report, "steal", Level.WARN, "12.0 % of the time");
        assertEquals(120_000, get(report, "steal").effect().micros(), 1);
        assertFinding(report, "clock", Level.WARN, "kvm-clock", Fix.boot("clocksource=tsc"));
        for (String name : List.of("governor", "energy-preference", "idle-states")) {
            assertFinding(report, name, Level.UNKNOWN, "the host of this virtual machine decides");
        }
        assertFinding(report, "smi", Level.UNKNOWN, "a virtual machine does not see");
        assertFinding(report, "smt", Level.UNKNOWN, "the host of this virtual machine decides");
        assertEquals(0, report.exitCode());
        assertTrue(ReportText.write(report, Integer.MAX_VALUE, false).startsWith("CPUs 2-7, a virtual machine, Linux 6.12.8\n0 fail, "));
    }

    @Test
    void aClockThatNeedsASystemCallFails() {
        FakeMachine machine = machine().write("sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet");
        machine.measured.clockNanos = 1300;
        Report report = machine.examine("2-7", machine.sample(0));
        assertFinding(report, "clock", Level.FAIL, "hpet", Fix.boot("clocksource=tsc"));
        assertEquals(new Effect(1.3, "System.nanoTime()"), get(report, "clock").effect());
        assertEquals("clocksource=tsc", new Remedies(report).boot());
    }

    @Test
    void aCounterThatTheKernelHasRejectedIsNotForcedOnIt() {
        FakeMachine machine = machine().write("sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet")
                .write("sys/devices/system/clocksource/clocksource0/available_clocksource", "hpet acpi_pm");
        Report report = machine.examine("2-7", machine.sample(0));
        assertFinding(report, "clock", Level.FAIL, "its log tells", Fix.look("dmesg | grep -i -e tsc -e clocksource"));
        assertEquals("", new Remedies(report).boot());
    }

    @Test
    void theCounterOfArmIsReadInUserSpace() {
        FakeMachine machine = machine().write("proc/cpuinfo", "processor\t: 0\nFeatures\t: fp asimd")
                .write("sys/devices/system/clocksource/clocksource0/current_clocksource", "arch_sys_counter");
        Report report = machine.examine("2-7", machine.sample(0));
        assertFinding(report, "clock", Level.PASS, "the processor's own counter");
        assertFinding(report, "smt", Level.UNKNOWN, "whether this is a virtual machine is not known");
    }

    @Test
    void theCounterOfArmIsAskedForByItsName() {
        FakeMachine machine = machine().write("sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet")
                .write("sys/devices/system/clocksource/clocksource0/available_clocksource", "arch_sys_counter hpet");
        assertFinding(machine.examine("2-7", machine.sample(0)), "clock", Level.FAIL, "hpet", Fix.boot("clocksource=arch_sys_counter"));
    }

    @Test
    void aHybridLaptopAsItComes() {
        FakeMachine machine = machine().write("sys/devices/cpu_core/cpus", "0-3").write("sys/devices/cpu_atom/cpus", "4-7")
                .write("proc/cmdline", "quiet splash").write("sys/devices/system/cpu/isolated", "")
                .write("sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never")
                .write("sys/devices/system/cpu/intel_pstate/no_turbo", "0").write("sys/devices/virtual/workqueue/cpumask", "ff")
                .write("proc/irq/24/effective_affinity_list", "3").write("proc/irq/default_smp_affinity", "ff")
                .write("proc/sys/kernel/nmi_watchdog", "1").measured(40, 850).thread(700, "irqbalance", 0, 5).thread(900, "firefox", 3, 100).msr(7);
        for (int cpu = 0; cpu < FakeMachine.CPUS; cpu++) {
            machine.host.cpuFile(cpu, "cpufreq/scaling_governor", "powersave").cpuFile(cpu, "cpuidle/state1/disable", "0");
        }
        Sample first = machine.sample(0);
        machine.thread(900, "firefox", 3, 140).interrupts(250).softirqs(400);
        Report report = machine.examine("2-5", first);

        assertFinding(report, "core-kinds", Level.WARN, "CPUs 4-5 are efficient cores", Fix.start("--cpus 2-3"));
        assertFinding(report, "governor", Level.WARN, "powersave",
                Fix.run("echo performance | tee /sys/devices/system/cpu/cpu{2,3,4,5}/cpufreq/scaling_governor"));
        assertFinding(report, "idle-states", Level.WARN, "C6", Fix.run("echo 1 | tee /sys/devices/system/cpu/cpu{2,3,4,5}/cpuidle/state1/disable"),
                Fix.boot("processor.max_cstate=1"), Fix.boot("intel_idle.max_cstate=1"));
        assertEquals(new Effect(170, "to leave C6, says the kernel"), get(report, "idle-states").effect());
        assertFinding(report, "foreign-threads", Level.WARN, "firefox (900) 40 %", Fix.cpuset("2-5"));
        assertFinding(report, "movers", Level.WARN, "irqbalance",
                Fix.install("mkdir -p /etc/systemd/system/irqbalance.service.d && printf '[Service]\\nEnvironment=IRQBALANCE_BANNED_CPULIST=2-5\\n' > "
                        + "/etc/systemd/system/irqbalance.service.d/pinion.conf && systemctl daemon-reload && systemctl restart irqbalance"));
        assertFinding(report, "irqs-seen", Level.WARN, "24 (eth0-rx-0) 250/s", Fix.boot("irqaffinity=0-1,6-7"), Fix.boot("isolcpus=managed_irq,2-5"));
        assertFinding(report, "softirqs", Level.WARN, "NET_RX 400/s", Fix.boot("irqaffinity=0-1,6-7"));
        assertFinding(report, "workqueues", Level.WARN, "CPUs 2-5", Fix.run("echo c3 > /sys/devices/virtual/workqueue/cpumask"));
        assertFinding(report, "boost", Level.INFO, "boost is on", Fix.run("echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo"));
        assertFinding(report, "smi", Level.INFO, "7 times");
        assertEquals(new Effect(850, "the longest gap on CPU 2"), get(report, "isolation").effect());

        Remedies remedies = new Remedies(report);
        assertEquals("isolcpus=managed_irq,2-5 irqaffinity=0-1,6-7 processor.max_cstate=1 intel_idle.max_cstate=1 "
                + "transparent_hugepage=madvise nowatchdog", remedies.boot());
        assertTrue(remedies.cpuset().contains("echo 2-5,7 > /sys/fs/cgroup/pinion/cpuset.cpus\necho isolated > "), remedies.cpuset());
        assertTrue(remedies.tuned().contains("[cpu]\ngovernor=performance\nforce_latency=10\n"), remedies.tuned());
        assertTrue(remedies.tuned().contains("[sysctl]\nkernel.nmi_watchdog=0\n"), remedies.tuned());
        assertFalse(remedies.tuned().contains("busy_poll"), "nothing calls for it");
        assertEquals("", remedies.kubernetes());
    }

    @Test
    void aThrottledPod() {
        String group = "/kubepods.slice/kubepods-burstable.slice/pod1.slice";
        FakeMachine machine = machine().cgroup(group, "350000 100000", "0-7").write("proc/2/comm", "pause")
                .write("sys/fs/cgroup" + group + "/cpu.stat", "nr_throttled 120\nthrottled_usec 1500000")
                .write("sys/fs/cgroup" + group + "/cpu.pressure", "some avg10=31.50 avg60=0 avg300=0 total=1")
                .write("sys/fs/cgroup" + group + "/pids.max", "512").write("sys/fs/cgroup/kubepods.slice/cpu.stat", "nr_throttled 500\nthrottled_usec 500000").write("sys/devices/system/cpu/isolated", "");
        Sample first = machine.sample(0);
        machine.write("sys/fs/cgroup" + group + "/cpu.stat", "nr_throttled 128\nthrottled_usec 1600000");
        Report report = machine.examine("2-5", first);

        assertFinding(report, "quota", Level.FAIL, "3.50 CPUs", Fix.kubernetes("resources.limits.cpu: \"4\" and resources.requests.cpu: \"4\""),
                Fix.start("--gomaxprocs 3"));
        assertFinding(report, "throttling", Level.WARN, "the cgroup, or a parent, was throttled 628 times so far, 8 of them in the last second", Fix.kubernetes("cpuManagerPolicy: static"));
        assertEquals(2_100_000.0 / 628, get(report, "throttling").effect().micros());
        assertTrue(get(report, "throttling").effect().what().startsWith("of CPU time withheld"), "over all CPUs and groups, so it is no standstill");
        assertFinding(report, "pressure", Level.WARN, "threads of this cgroup waited for a CPU in 31.5 %");
        assertFinding(report, "pids", Level.WARN, "512", Fix.kubernetes("podPidsLimit: 40000"));
        assertFinding(report, "isolation", Level.WARN, "CPUs 2-5", Fix.kubernetes("cpuManagerPolicy: static"));
        String hints = new Remedies(report).kubernetes();
        assertTrue(hints.contains("cpuManagerPolicy: static\n") && hints.contains("reservedSystemCPUs: \"0-1,6-7\"\n")
                && hints.contains("# the pod\nresources.limits.cpu: \"4\""), hints);
        assertEquals("", new Remedies(report).cpuset(), "a pod makes no cpusets");
        assertEquals(1, report.exitCode());
    }

    @Test
    void whereNothingCanBeReadNothingOfTheHostPasses() {
        FakeHost empty = new FakeHost(root.resolve("empty")).online("0-3");
        Measured nothing = new Measured();
        Sample sample = Sample.read(empty.files, 0);
        Report report = Doctor.examine(new Patient(empty.files, empty.topology(), CpuSet.range(0, 3), CpuSet.range(2, 3), true, root, sample, sample, nothing,
                new JvmFacts(Runtime.Version.parse("25.0.4"), 4, Map.of(), new Properties(), List.of())));

        assertEquals(Set.of(
                // told by the list of CPUs, and by the directory of leases
                "housekeeping", "leases",
                // asked of the JVM itself
                "processors", "properties", "thread-dumps", "native-access", "agents", "jdk"), names(report, Level.PASS));
        assertTrue(report.count(Level.UNKNOWN) > 30, names(report, Level.UNKNOWN).toString());
        assertEquals(report.findings().size(), Stream.of(Level.values()).mapToLong(report::count).sum());
        report.findings().stream().filter(finding -> finding.level() == Level.UNKNOWN).forEach(finding -> assertNotEquals("", finding.reason()));
        assertFinding(report, "jitter", Level.UNKNOWN, "not measured: the probe did not run");
        assertNull(get(report, "clock").effect());
    }

    /**
     * By the end of a file's path, the findings that cannot pass without it. A file without any has others that say the same, or tells of a flaw only.
     */
    private static final List<Map.Entry<String, Set<String>>> NEEDED = List.of(
            Map.entry("cpu2/cpufreq/scaling_governor", Set.of("governor")), Map.entry("cpu2/cpufreq/energy_performance_preference", Set.of("energy-preference")),
            Map.entry("state[01]/latency", Set.of("idle-states")), Map.entry("state1/disable", Set.of("idle-states")), Map.entry("state[01]/(name|disable)", Set.of()),
            Map.entry("cpu2/(topology|cache)/.*", Set.of()), Map.entry("smt/active", Set.of()), Map.entry("cpu/(isolated|present)", Set.of()),
            Map.entry("node0/cpulist", Set.of()), Map.entry("intel_pstate/no_turbo", Set.of("boost")),
            Map.entry("proc/cmdline", Set.of("tick", "rcu")), Map.entry("proc/version", Set.of()), Map.entry("proc/2/comm", Set.of("movers")),
            Map.entry("proc/cpuinfo", Set.of("clock", "idle-states", "smt")), Map.entry("sys/kernel/osrelease", Set.of("version", "epoll-trouble")),
            Map.entry("kernel/watchdog", Set.of("watchdog")), Map.entry("kernel/(nmi_watchdog|watchdog_cpumask)", Set.of()),
            Map.entry("sched_rt_runtime_us", Set.of("real-time")), Map.entry("timer_migration", Set.of("timer-migration")),
            Map.entry("io_uring_disabled", Set.of("io-uring")), Map.entry("perf_event_paranoid", Set.of("perf")), Map.entry("threads-max", Set.of("threads")),
            Map.entry("kernel/numa_balancing", Set.of()), Map.entry("max_user_watches", Set.of("epoll-watches")), Map.entry("busy_poll", Set.of("busy-poll")),
            Map.entry("busy_read", Set.of("busy-read")), Map.entry("netdev_budget", Set.of("rps", "xps", "coalescing", "card-node")),
            Map.entry("vm/swappiness", Set.of("swap")), Map.entry("proc/swaps", Set.of("swap")), Map.entry("vm/stat_interval", Set.of("stat-interval")),
            Map.entry("compaction_proactiveness", Set.of("compaction")), Map.entry("base_slice_ns", Set.of("slice")),
            Map.entry("available_tracers", Set.of("tracing")), Map.entry("vulnerabilities/meltdown", Set.of("mitigations")),
            Map.entry("workqueue/(writeback/)?cpumask", Set.of("workqueues")), Map.entry("cpu/2/msr", Set.of("smi")),
            Map.entry("machinecheck2/check_interval", Set.of("machine-checks")), Map.entry("machinecheck\\d/check_interval", Set.of()),
            Map.entry("self/status", Set.of("seccomp", "locked")), Map.entry("task/4243/(status|comm)", Set.of("jvm-threads")), Map.entry("self/stat", Set.of()),
            Map.entry("self/limits", Set.of("open-files", "processes", "memory-lock", "real-time-priority")),
            Map.entry("self/(cgroup|mountinfo)", Set.of("quota", "throttling", "pressure", "pids")), Map.entry("cpu.max", Set.of("quota")),
            Map.entry("cgroup.controllers", Set.of("quota", "pids")), Map.entry("cpuset.cpus.effective", Set.of()), Map.entry("pids.max", Set.of("pids")),
            Map.entry("user.slice/cpu.stat", Set.of("throttling")), Map.entry("cpu.pressure", Set.of("pressure")),
            Map.entry("proc/stat", Set.of("steal", "foreign-threads")), Map.entry("proc/interrupts", Set.of("irqs-seen")), Map.entry("proc/softirqs", Set.of("softirqs")),
            Map.entry("current_clocksource", Set.of("clock")), Map.entry("available_clocksource", Set.of()),
            Map.entry("transparent_hugepage/enabled", Set.of("huge-pages-enabled")), Map.entry("transparent_hugepage/defrag", Set.of("huge-pages-defrag")),
            Map.entry("irq/24/effective_affinity_list", Set.of("irqs-routed")), Map.entry("default_smp_affinity", Set.of("irqs-routed")),
            Map.entry("device/numa_node", Set.of()), Map.entry("eth0/queues/rx-0/rps_cpus", Set.of("rps")), Map.entry("eth0/queues/tx-./xps_cpus", Set.of("xps")),
            Map.entry("lo/queues/rx-0/rps_cpus", Set.of()));

    private static Set<String> neededBy(Path file) {
        return NEEDED.stream().filter(entry -> file.toString().matches(".*/" + entry.getKey())).findFirst().orElseThrow(
                () -> new AssertionError("say which findings cannot pass without " + file)).getValue();
    }

    @Test
    void aMissingFileNeverMakesAFindingDisappearOrPass() throws Exception {
        FakeMachine machine = machine();
        Sample first = machine.sample(0);
        Set<String> names = new TreeSet<>();
        machine.examine("2-7", first).findings().forEach(finding -> names.add(finding.name()));
        List<Path> files;
        try (Stream<Path> walk = Files.walk(root)) {
            files = walk.filter(Files::isRegularFile).filter(file -> !file.toString().matches(".*/(online|cpu[013-7]/.*)")).toList();
        }
        for (Path file : files) {
            byte[] content = Files.readAllBytes(file);
            Files.delete(file);
            Report report = machine.examine("2-7", first);
            Set<String> without = new TreeSet<>();
            report.findings().forEach(finding -> without.add(finding.name()));
            assertEquals(names, without, "without " + file);
            neededBy(file).forEach(name -> assertNotEquals(Level.PASS, get(report, name).level(), name + " without " + file + ": " + get(report, name).reason()));
            Files.write(file, content);
        }
    }

    @Test
    void theWatchdogsCpusHaveToBeTold() throws Exception {
        FakeMachine machine = machine().write("proc/sys/kernel/watchdog", "1").write("proc/sys/kernel/watchdog_cpumask", "0-1");
        assertFinding(machine.examine("2-7", machine.sample(0)), "watchdog", Level.PASS, "no watchdog");
        Files.delete(root.resolve("proc/sys/kernel/watchdog_cpumask"));
        assertFinding(machine.examine("2-7", machine.sample(0)), "watchdog", Level.UNKNOWN, "on which CPUs is not told");
    }

    @Test
    void aContainersNetworkShowsNoCards() throws Exception {
        FakeMachine machine = machine();
        delete(root.resolve("sys/class/net/eth0"));
        for (String file : List.of("netdev_budget", "busy_poll", "busy_read")) { // of the first network only
            Files.delete(root.resolve("proc/sys/net/core/" + file));
        }
        Report report = machine.examine("2-7", machine.sample(0));
        for (String name : List.of("rps", "xps", "coalescing", "card-node")) {
            assertFinding(report, name, Level.UNKNOWN, "this network namespace does not show the machine's cards");
        }
        assertFinding(report, "busy-read", Level.UNKNOWN, "busy_read");
    }

    @Test
    void groupsAboveThatAContainerDoesNotSeeMayHaveQuotas() {
        FakeMachine machine = machine().cgroup("/", "max 100000", "0-7").write("sys/fs/cgroup/cgroup.events", "populated 1");
        Report report = machine.examine("2-7", machine.sample(0));
        for (String name : List.of("quota", "throttling", "pids")) {
            assertFinding(report, name, Level.UNKNOWN, "the groups above " + root + "/sys/fs/cgroup/ are not seen here");
        }
    }

    @Test
    void theIdleStatesOfAGuestAreNotThoseOfTheCore() {
        FakeMachine machine = machine().write("proc/cpuinfo", "processor: 0\nflags : fpu hypervisor\n");
        for (int cpu = 0; cpu < FakeMachine.CPUS; cpu++) {
            machine.host.cpuFile(cpu, "cpuidle/state1/name", "haltpoll").cpuFile(cpu, "cpuidle/state1/latency", "1");
        }
        assertFinding(machine.examine("2-7", machine.sample(0)), "idle-states", Level.UNKNOWN, "the host of this virtual machine decides");
    }

    @Test
    void aSiblingWhoseLoadIsNotToldIsNotIdle() throws Exception {
        FakeHost two = new FakeHost(root).machine(1, 1, 4, 2);
        FakeMachine machine = machine();
        two.machine(1, 1, 4, 2).write("sys/devices/system/cpu/smt/active", "1");
        Sample first = machine.sample(0);
        assertFinding(machine.examine("2-3", first), "smt", Level.PASS, "CPUs 6-7, were idle");
        String stat = Files.readString(root.resolve("proc/stat"));
        machine.write("proc/stat", stat.replace("cpu7", "cpu9"));
        assertFinding(machine.examine("2-3", first), "smt", Level.UNKNOWN, "how busy CPU 7");
    }

    @Test
    void pressureIsThatOfBeforeTheProbes() throws Exception {
        FakeMachine machine = machine();
        Sample first = machine.sample(0);
        Sample second = machine.sample(1);
        machine.write("sys/fs/cgroup/user.slice/cpu.pressure", "some avg10=95.00 avg60=0.00 avg300=0.00 total=0");
        assertFinding(machine.examine("2-7", first, second), "pressure", Level.PASS, "in 0.0 %");
    }

    @Test
    void aFlagThatEveryJvmHasIsNoAgent() {
        FakeMachine machine = machine();
        machine.flags.put("DoJVMTIVirtualThreadTransitions", "true");
        assertFinding(machine.examine("2-7", machine.sample(0)), "agents", Level.PASS, "no agent");
    }

    @Test
    void aFewInterruptsASecondAreNoFlaw() {
        FakeMachine machine = machine();
        Sample first = machine.sample(0);
        machine.interrupts(1);
        assertFinding(machine.examine("2-7", first), "irqs-seen", Level.PASS, "1 time");
        machine.interrupts(21);
        assertEquals(Level.WARN, get(machine.examine("2-7", first), "irqs-seen").level());
    }

    @Test
    void jitterIsOneFindingAlsoWhereOneCpuWasNotRead() {
        FakeMachine machine = machine();
        machine.measured.gaps.remove(3);
        Report report = machine.examine("2-7", machine.sample(0));
        assertEquals(1, report.findings().stream().filter(finding -> finding.name().equals("jitter")).count());
        assertFinding(report, "jitter", Level.UNKNOWN, "CPU 3 not measured");
        machine.measured(4, 50).measured.gaps.remove(3);
        assertFinding(machine.examine("2-7", machine.sample(0)), "jitter", Level.WARN, "; CPU 3 not measured");
    }

    @Test
    void nothingIsMovedToCpusThatAreNotThere() {
        FakeMachine machine = machine().write("proc/cmdline", "rcu_nocbs=0-7").write("proc/50/task/50/stat", "");
        machine.write("proc/50/status", "Cpus_allowed_list:\t0-7").write("proc/50/task/50/stat", "50 (rcuop/0) R 1 1 1 0 -1 2097152 0 0 0 0 0 0 0 0 20 0 1"
                + " 0".repeat(19) + " 1 0 0");
        assertFinding(machine.examine("0-7", machine.sample(0)), "rcu", Level.INFO, "rcuo*");
        assertFinding(machine.examine("2-7", machine.sample(0)), "rcu", Level.INFO, "rcuo*", Fix.run("for p in $(pgrep '^rcuo'); do taskset -pc 0-1 $p; done"));
    }

    @Test
    void nosmtStandsApartAsItTakesCpusAway() {
        FakeMachine machine = machine();
        machine.host.machine(1, 1, 4, 2).write("sys/devices/system/cpu/smt/active", "1");
        Report report = machine.write("proc/irq/default_smp_affinity", "ff").examine("2,6", machine.sample(0));
        assertFinding(report, "smt", Level.WARN, "CPUs 2,6 are threads of cores that have two Ps", Fix.start("--cpus 2"), Fix.instead("nosmt"));
        assertFalse(new Remedies(report).boot().contains("nosmt"), new Remedies(report).boot());
        assertTrue(ReportText.write(report, Integer.MAX_VALUE, false).contains("as it takes CPUs away:\n  nosmt\n"));
    }

    @Test
    void limitsAreRaisedWhereTheyCanBe() {
        FakeMachine machine = machine().write("proc/self/limits", "Max processes   1000  1000  processes\nMax open files  1024  1048576  files\n"
                + "Max locked memory   65536  65536  bytes\nMax realtime priority   10   10");
        Report report = machine.examine("2-7", machine.sample(0));
        assertFinding(report, "open-files", Level.WARN, "1024", Fix.shell("ulimit -S -n 65536"));
        assertFinding(report, "processes", Level.WARN, "1000", Fix.install("echo '* - nproc 40000' > /etc/security/limits.d/90-pinion-nproc.conf"));
        assertFinding(report, "memory-lock", Level.INFO, "64 KiB");
        assertFinding(report, "real-time-priority", Level.PASS, "up to 10");
        String text = ReportText.write(report, Integer.MAX_VALUE, false);
        assertTrue(text.contains("In the shell that starts the program:\n  ulimit -S -n 65536\n"), text);
        assertTrue(text.contains("As root, once: it stays:\n  echo '* - nproc"), text);
        assertFalse(text.contains("As root, until the next boot"), "neither is");
    }

    @Test
    void aQueueToSendByThatIsSharedIsSaid() {
        FakeMachine machine = machine().write("sys/class/net/eth0/queues/tx-1/xps_cpus", "fe");
        assertFinding(machine.examine("2-7", machine.sample(0)), "xps", Level.INFO, "eth0/queues/tx-1");
    }

    @Test
    void theCpusetScriptStopsWhereTheKernelDoesNotIsolateAndRunsNothingAsRoot() throws Exception {
        FakeMachine machine = machine().write("proc/cmdline", "quiet").write("sys/devices/system/cpu/isolated", "");
        Path group = Files.createDirectories(root.resolve("groups/pinion"));
        Path tools = Files.createDirectories(root.resolve("tools"));
        Files.writeString(tools.resolve("setpriv"), "#!/bin/sh\necho \"$@\" > " + root + "/ran\n");
        assertTrue(tools.resolve("setpriv").toFile().setExecutable(true));
        String script = new Remedies(machine.examine("2-7", machine.sample(0))).cpuset().replace("/sys/fs/cgroup", root + "/groups");

        assertEquals(0, sh(tools, script, "1000"));
        String ran = Files.readString(root.resolve("ran"));
        assertTrue(ran.startsWith("--reuid=1000 --regid=1000 --init-groups --inh-caps=-all taskset -c 1 ./pinion run --cpus 2-7 --housekeeping 1 "), ran);
        Files.delete(root.resolve("ran"));
        assertNotEquals(0, sh(tools, script, ""), "who is root must say for whom");
        Files.delete(group.resolve("cpuset.cpus.partition"));
        Files.createSymbolicLink(group.resolve("cpuset.cpus.partition"), Path.of("/dev/null")); // takes anything, and is not isolated afterwards
        assertNotEquals(0, sh(tools, script, "1000"));
        Files.delete(group.resolve("cpuset.cpus.partition"));
        assertFalse(Files.exists(root.resolve("ran")));
    }

    private static int sh(Path tools, String script, String user) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true);
        builder.environment().put("PATH", tools + ":" + builder.environment().get("PATH"));
        builder.environment().put("SUDO_UID", user);
        builder.environment().put("SUDO_GID", user);
        Process process = builder.start();
        process.inputReader().readAllAsString();
        return process.waitFor();
    }

    @Test
    void fortyColumnsAreEnoughForAllButTheLinesToCopy() {
        FakeMachine machine = machine().write("proc/cmdline", "quiet").write("sys/devices/system/cpu/isolated", "").measured(40, 850);
        machine.write("proc/1/cgroup", "docker");
        Report report = machine.examine("2-7", machine.sample(0));
        Set<String> toCopy = new HashSet<>();
        report.findings().forEach(finding -> finding.fixes().forEach(fix -> toCopy.add(fix.kind().name().toLowerCase(java.util.Locale.ROOT) + ": " + fix.line())));
        String text = ReportText.write(report, 40, false);
        int end = text.indexOf("\nA cpuset of their own:");
        text.substring(0, end).lines().filter(line -> !toCopy.contains(line.strip())).forEach(line -> assertTrue(line.length() <= 40, line));
        assertEquals(text.replaceAll("\\s+", " "), ReportText.write(report, 110, false).replaceAll("\\s+", " "), "nothing is left out");
    }

    @Test
    void jsonHasItsDocumentedShape() {
        FakeMachine machine = machine().write("sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet");
        String json = ReportJson.write(machine.examine("2-7", machine.sample(0)));
        assertTrue(json.startsWith("{\"version\":1,\"cpus\":\"2-7\",\"named\":true,\"environment\":\"bare metal\",\"exitCode\":1,\"counts\":{\"fail\":1,\"warn\":0,"
                + "\"unknown\":0,\"info\":1,\"pass\":"), json);
        assertTrue(json.contains("{\"number\":17,\"name\":\"clock\",\"group\":\"frequency\",\"level\":\"fail\",\"reason\":\"the clock is hpet, "), json);
        assertTrue(json.contains("\"effect\":{\"micros\":0.025,\"what\":\"System.nanoTime()\"},\"fixes\":[{\"kind\":\"boot\",\"line\":\"clocksource=tsc\"}]"), json);
        assertTrue(json.contains("\"remedies\":{\"boot\":\"clocksource=tsc\",\"cpuset\":\"\",\"tuned\":\"# /etc/tuned/"), json);
        assertTrue(json.endsWith("\"kubernetes\":\"\",\"sysctl\":[],\"run\":[],\"install\":[],\"shell\":[],\"look\":[],\"instead\":[],\"start\":[]}}\n"), json);
    }

    @Test
    void theWorstComesFirstAndColourIsOnlyColour() {
        FakeMachine machine = machine().write("sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet");
        Report report = machine.examine("2-7", machine.sample(0));
        String plain = ReportText.write(report, Integer.MAX_VALUE, false);
        assertTrue(plain.lines().skip(3).findFirst().orElseThrow().equals("Clock and power"), plain);
        assertTrue(plain.lines().skip(4).findFirst().orElseThrow().startsWith("  FAIL    clock: the clock is hpet"), plain);
        assertEquals(plain, ReportText.write(report, Integer.MAX_VALUE, true).replaceAll("\033\\[[0-9;]*m", ""));
        assertNotEquals(plain, ReportText.write(report, Integer.MAX_VALUE, true));
    }

    @Test
    void masksOfCpusAreReadAsTheyAreWritten() {
        for (CpuSet cpus : List.of(CpuSet.of(0), CpuSet.range(0, 7), CpuSet.of(0, 31, 32, 63, 64, 130), CpuSet.range(64, 95), CpuSet.EMPTY)) {
            assertEquals(cpus, CpuMask.parse(CpuMask.write(cpus)), CpuMask.write(cpus));
        }
        assertEquals("1,00000000,00000001", CpuMask.write(CpuSet.of(0, 64)));
        assertNull(CpuMask.parse("xyz"));
    }

    @Test
    void theBootLineIsReadAsTheKernelReadsIt() {
        BootLine boot = new BootLine("isolcpus=managed_irq,domain,2-3 nohz_full=4-N rcu_nocbs=all irqaffinity=0-31:2/4 x=1 x=2", CpuSet.range(0, 7));
        assertEquals(CpuSet.range(2, 3), boot.cpus("isolcpus"));
        assertEquals(CpuSet.range(4, 7), boot.cpus("nohz_full"));
        assertEquals(CpuSet.range(0, 7), boot.cpus("rcu_nocbs"));
        assertEquals(CpuSet.EMPTY, boot.cpus("nothing"));
        assertNull(boot.cpus("irqaffinity"), "not understood is not empty");
        assertEquals("2", boot.value("x"));
    }

    private static void delete(Path directory) throws Exception {
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
