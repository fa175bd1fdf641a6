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
                .write("sys/fs/cgroup" + group + "/pids.max", "512").write("sys/devices/system/cpu/isolated", "");
        Sample first = machine.sample(0);
        machine.write("sys/fs/cgroup" + group + "/cpu.stat", "nr_throttled 128\nthrottled_usec 1600000");
        Report report = machine.examine("2-5", first);

        assertFinding(report, "quota", Level.FAIL, "3.50 CPUs", Fix.kubernetes("resources.limits.cpu: \"4\" and resources.requests.cpu: \"4\""),
                Fix.start("--gomaxprocs 3"));
        assertFinding(report, "throttling", Level.WARN, "128 times so far, 8 of them in the last second", Fix.kubernetes("cpuManagerPolicy: static"));
        assertEquals(12_500, get(report, "throttling").effect().micros());
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

    @Test
    void aMissingFileNeverMakesAFindingDisappear() throws Exception {
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
            Set<String> without = new TreeSet<>();
            machine.examine("2-7", first).findings().forEach(finding -> without.add(finding.name()));
            assertEquals(names, without, "without " + file);
            Files.write(file, content);
        }
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
    void nosmtStandsApartAsItTakesCpusAway() {
        FakeMachine machine = machine();
        machine.host.machine(1, 1, 4, 2).write("sys/devices/system/cpu/smt/active", "1");
        Report report = machine.write("proc/irq/default_smp_affinity", "ff").examine("2,6", machine.sample(0));
        assertFinding(report, "smt", Level.WARN, "CPUs 2,6 are threads of cores that have two Ps", Fix.start("--cpus 2"), Fix.instead("nosmt"));
        assertFalse(new Remedies(report).boot().contains("nosmt"), new Remedies(report).boot());
        assertTrue(ReportText.write(report, Integer.MAX_VALUE, false).contains("as it takes CPUs away:\n  nosmt\n"));
    }

    @Test
    void theCounterOfArmIsReadInUserSpace() {
        FakeMachine machine = machine().write("proc/cpuinfo", "processor\t: 0\nFeatures\t: fp asimd")
                .write("sys/devices/system/clocksource/clocksource0/current_clocksource", "arch_sys_counter");
        assertFinding(machine.examine("2-7", machine.sample(0)), "clock", Level.PASS, "the processor's own counter");
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
