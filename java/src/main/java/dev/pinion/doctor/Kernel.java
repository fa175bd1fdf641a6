package dev.pinion.doctor;

import dev.pinion.cpu.CpuSet;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which kernel it is, and what it does of its own accord. */
final class Kernel implements Check {
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?");
    /** MSR_SMI_COUNT. */
    private static final int SMI_COUNT = 0x34;

    @Override
    public void examine(Patient patient, Findings findings) {
        watchdogs(patient, findings);
        realTime(patient, findings);
        timers(patient, findings);
        managementInterrupts(patient, findings);
        machineChecks(patient, findings);
        mitigations(patient, findings);
        version(patient, findings);
        slice(patient, findings);
        extension(patient, findings);
    }

    private static void watchdogs(Patient patient, Findings findings) {
        Fact nmi = patient.proc("sys/kernel/nmi_watchdog");
        Fact soft = patient.proc("sys/kernel/watchdog");
        Fact mask = patient.proc("sys/kernel/watchdog_cpumask");
        if (nmi.is("1")) {
            findings.add(findings.of(21, "watchdog", Level.WARN, "the kernel's watchdog interrupts each CPU and uses up a counter of perf")
                    .fix(Fix.sysctl("kernel.nmi_watchdog=0")).fix(Fix.boot("nowatchdog")));
        } else if (!soft.isKnown()) {
            findings.unknown(21, "watchdog", soft.whyNot());
        } else if (soft.is("0")) {
            findings.pass(21, "watchdog", "no watchdog wakes up on these CPUs"); // this file stands for both of them
        } else if (!mask.isKnown()) {
            findings.unknown(21, "watchdog", "the kernel's watchdog runs, and on which CPUs is not told: " + mask.whyNot());
        } else if (!CpuSet.parseKernel(mask.text()).intersect(patient.cpus()).isEmpty()) {
            findings.add(findings.of(21, "watchdog", Level.WARN, "the kernel's watchdog wakes up on these CPUs every few seconds")
                    .fixIf(!patient.others().isEmpty(), Fix.sysctl("kernel.watchdog_cpumask=" + patient.others())).fix(Fix.boot("nowatchdog")));
        } else {
            findings.pass(21, "watchdog", "no watchdog wakes up on these CPUs");
        }
    }

    private static void realTime(Patient patient, Findings findings) {
        Fact runtime = patient.proc("sys/kernel/sched_rt_runtime_us");
        if (!runtime.isKnown()) {
            findings.unknown(21, "real-time", runtime.whyNot());
        } else if (runtime.is("-1")) {
            findings.add(findings.of(21, "real-time", Level.INFO, "a real-time thread that spins on a P's core keeps it for ever, as sched_rt_runtime_us is -1")
                    .fix(Fix.sysctl("kernel.sched_rt_runtime_us=950000")));
        } else {
            findings.pass(21, "real-time", "real-time threads leave others some time");
        }
    }

    private static void timers(Patient patient, Findings findings) {
        Fact migration = patient.proc("sys/kernel/timer_migration");
        if (!migration.isKnown()) {
            findings.unknown(21, "timer-migration", migration.whyNot());
        } else if (migration.is("0")) {
            findings.pass(21, "timer-migration", "timers fire on the CPU that set them");
        } else {
            findings.add(findings.of(21, "timer-migration", Level.INFO, "timers that idle CPUs have set may fire on these")
                    .fix(Fix.sysctl("kernel.timer_migration=0")));
        }
    }

    private static void managementInterrupts(Patient patient, Findings findings) {
        String path = patient.files().mounted("/dev/cpu/" + patient.cpus().first() + "/msr");
        if (patient.isVirtualMachine()) {
            findings.unknown(22, "smi", "a virtual machine does not see the interrupts of its host's firmware");
            return;
        }
        try (RandomAccessFile file = new RandomAccessFile(path, "r")) {
            file.seek(SMI_COUNT);
            long count = Long.reverseBytes(file.readLong()) & 0xffff_ffffL;
            findings.add(findings.of(22, "smi", count == 0 ? Level.PASS : Level.INFO,
                    "the firmware has stopped the processor " + count + " times since boot (SMI), which the kernel cannot prevent"));
        } catch (IOException e) {
            Fact fact = Fact.read(patient.files(), path);
            findings.add(findings.of(22, "smi", Level.UNKNOWN, "the count of the firmware's interrupts (SMI) needs root and the module msr: "
                    + (fact.whyNot() == null ? e.getMessage() : fact.whyNot())).fix(Fix.look("rdmsr -a 0x34")));
        }
    }

    private static void machineChecks(Patient patient, Findings findings) {
        Fact interval = patient.sys("devices/system/machinecheck/machinecheck" + patient.cpus().first() + "/check_interval");
        if (!interval.isKnown()) {
            findings.unknown(22, "machine-checks", interval.whyNot());
        } else if (interval.is("0")) {
            findings.pass(22, "machine-checks", "no CPU stops to look for corrected errors");
        } else {
            findings.add(findings.of(22, "machine-checks", Level.INFO, "each CPU stops now and then to look for corrected errors of the hardware")
                    .fix(Fix.run("echo 0 > /sys/devices/system/machinecheck/machinecheck0/check_interval")).fix(Fix.boot("mce=ignore_ce")));
        }
    }

    private static void mitigations(Patient patient, Findings findings) {
        String directory = patient.files().sys(Patient.CPUS + "vulnerabilities");
        String[] names = new File(directory).list();
        if (names == null) {
            findings.unknown(23, "mitigations", Fact.read(patient.files(), directory).whyNot());
            return;
        }
        Arrays.sort(names);
        List<String> costly = new ArrayList<>();
        String untold = names.length == 0 ? directory + " is empty" : null;
        for (String name : names) {
            Fact state = Fact.read(patient.files(), directory + "/" + name);
            untold = state.isKnown() ? untold : state.whyNot();
            if (state.isKnown() && state.text().startsWith("Mitigation")) {
                costly.add(name);
            }
        }
        if (costly.isEmpty() && untold != null) {
            findings.unknown(23, "mitigations", untold);
            return;
        }
        findings.add(findings.of(23, "mitigations", costly.isEmpty() ? Level.PASS : Level.INFO, costly.isEmpty() ? "the kernel works around no flaw of this processor"
                : "the kernel works around flaws of this processor (" + String.join(", ", costly) + "), mostly at each system call; whether to do without is a question of safety")
                .costs(costly.isEmpty() ? null : LiveProbes.epoll(patient)));
    }

    /** @return major, minor and patch in one number, 6012004 for 6.12.4; -1 if it is no version */
    private static long number(String release) {
        Matcher version = release == null ? null : VERSION.matcher(release);
        return version == null || !version.lookingAt() ? -1 : Long.parseLong(version.group(1)) * 1_000_000 + Long.parseLong(version.group(2)) * 1000
                + (version.group(3) == null ? 0 : Long.parseLong(version.group(3)));
    }

    private static void version(Patient patient, Findings findings) {
        Fact release = patient.proc("sys/kernel/osrelease");
        long number = number(release.text());
        if (number < 0) {
            findings.unknown(24, "version", release.isKnown() ? "the kernel's version is " + release.text() : release.whyNot());
            findings.unknown(25, "epoll-trouble", "the kernel's version is not known");
            return;
        }
        Fact banner = patient.proc("version");
        String preemption = banner.isKnown() && banner.text().contains("PREEMPT_RT") ? ", real-time" : "";
        findings.add(findings.of(24, "version", number < 6_012_000 ? Level.WARN : Level.PASS, number < 6_012_000
                ? "Linux " + release.text() + preemption + " has no short slices for single threads (from 6.12): a G that computes delays others by milliseconds"
                : "Linux " + release.text() + preemption + " has short slices for single threads"));
        boolean trouble = number >= 6_014_004 && number < 6_015_000;
        findings.add(findings.of(25, "epoll-trouble", trouble ? Level.INFO : Level.PASS, trouble
                ? "programs were seen to spin in epoll on 6.14.4 and later of that series: if a P does, try another kernel" : "no trouble with epoll is known of this kernel"));
    }

    private static void slice(Patient patient, Findings findings) {
        Fact slice = patient.sys("kernel/debug/sched/base_slice_ns");
        if (!slice.isKnown()) {
            findings.unknown(24, "slice", "the kernel's base slice cannot be read: " + slice.whyNot());
        } else {
            findings.pass(24, "slice", "a thread of others runs for " + slice.number() / 1000 + " us before the next one's turn");
        }
    }

    private static void extension(Patient patient, Findings findings) {
        String state = patient.files().read(patient.files().sys("kernel/sched_ext/state"));
        if (state == null && !patient.sys("kernel").isListed()) {
            findings.unknown(24, "sched-ext", patient.sys("kernel").whyNot());
        } else if (state == null || state.equals("disabled")) {
            findings.pass(24, "sched-ext", "the kernel's own scheduler is in charge");
        } else {
            String name = patient.files().read(patient.files().sys("kernel/sched_ext/root/ops"));
            findings.add(findings.of(24, "sched-ext", Level.WARN, "another scheduler is loaded into the kernel (" + (name == null ? state : name)
                    + "), and Pinion counts on the ways of the kernel's own"));
        }
    }
}
