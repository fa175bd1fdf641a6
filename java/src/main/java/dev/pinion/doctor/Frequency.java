package dev.pinion.doctor;

import dev.pinion.cpu.CpuSet;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** How fast the cores run, how deep they sleep, and what the time costs. */
final class Frequency implements Check {
    /** Pinion promises wakes within 10 us; a core that needs longer to wake up breaks that alone. */
    private static final long WAKE_MICROS = 10;
    /** The processor's own counter, read without the kernel: of x86, and of every ARM machine, where it is steady by its architecture. */
    private static final String TSC = "tsc";
    private static final String ARM = "arch_sys_counter";
    private static final Set<String> READ_IN_USER_SPACE = Set.of("kvm-clock", "hyperv_clocksource_tsc_page");

    @Override
    public void examine(Patient patient, Findings findings) {
        setting(patient, findings, "governor", "cpufreq/scaling_governor", "a core first has to be busy before its clock rises");
        setting(patient, findings, "energy-preference", "cpufreq/energy_performance_preference", "the processor saves energy where it can");
        boost(patient, findings);
        idle(patient, findings);
        clock(patient, findings);
    }

    private static String hidden(Patient patient, Fact file) {
        return file.whyNot() + (patient.isVirtualMachine() ? ": the host of this virtual machine decides" : "");
    }

    private static void setting(Patient patient, Findings findings, String name, String file, String consequence) {
        CpuSet others = CpuSet.EMPTY;
        CpuSet untold = CpuSet.EMPTY;
        String value = null;
        for (int cpu : patient.cpus().toArray()) {
            Fact fact = patient.cpuFile(cpu, file);
            untold = fact.isKnown() ? untold : untold.with(cpu);
            if (fact.isKnown() && !fact.is("performance")) {
                others = others.with(cpu);
                value = fact.text();
            }
        }
        boolean optional = name.equals("energy-preference");
        if (!others.isEmpty()) {
            findings.add(findings.of(15, name, Level.WARN, Patient.name(others) + (others.size() == 1 ? " has " : " have ") + value + ": " + consequence)
                    .fix(Fix.run("echo performance | tee /sys/devices/system/cpu/" + braces(others) + "/" + file)));
        } else if (untold.isEmpty()) {
            findings.pass(15, name, "these CPUs have performance");
        } else if (optional && untold.equals(patient.cpus()) && patient.cpuFile(untold.first(), "cpufreq/scaling_governor").isKnown()
                && !new File(patient.files().sys(Patient.CPUS + "cpu" + untold.first() + "/" + file)).exists()) {
            findings.pass(15, name, "the driver of the clocks has no such setting");
        } else {
            findings.unknown(15, name, hidden(patient, patient.cpuFile(untold.first(), file)));
        }
    }

    /** For a shell: cpu2 or cpu{2,3}. */
    private static String braces(CpuSet cpus) {
        StringBuilder out = new StringBuilder();
        for (int cpu : cpus.toArray()) {
            out.append(out.isEmpty() ? "" : ",").append(cpu);
        }
        return cpus.size() == 1 ? "cpu" + out : "cpu{" + out + "}";
    }

    private static void boost(Patient patient, Findings findings) {
        Fact off = patient.sys(Patient.CPUS + "intel_pstate/no_turbo");
        Fact on = patient.sys(Patient.CPUS + "cpufreq/boost");
        if (!off.isKnown() && !on.isKnown()) {
            findings.unknown(15, "boost", hidden(patient, off) + (patient.isVirtualMachine() ? "" : ", nor a cpufreq/boost"));
        } else if (off.isKnown() ? off.is("1") : on.is("0")) {
            findings.pass(15, "boost", "the clock stays at its base frequency, so figures are comparable");
        } else {
            findings.add(findings.of(15, "boost", Level.INFO, "boost is on: fast, and the clock depends on heat and on what other cores do; for figures to compare, turn it off")
                    .fix(Fix.run(off.isKnown() ? "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo" : "echo 0 > /sys/devices/system/cpu/cpufreq/boost")));
        }
    }

    private static void idle(Patient patient, Findings findings) {
        if ("poll".equals(patient.boot().value("idle"))) {
            findings.pass(16, "idle-states", "idle=poll: an idle core does not sleep");
            return;
        }
        String hypervisor = patient.hypervisor();
        long limit = held(patient);
        if (hypervisor == null && limit >= 0 && limit <= WAKE_MICROS) {
            findings.pass(16, "idle-states", "a process holds /dev/cpu_dma_latency open with " + limit + " us, so no core sleeps deeper");
            return;
        }
        CpuSet deep = CpuSet.EMPTY;
        String untold = null;
        long longest = 0;
        String deepest = "";
        Set<String> states = new TreeSet<>();
        for (int cpu : patient.cpus().toArray()) {
            String[] names = new File(patient.files().sys(Patient.CPUS + "cpu" + cpu + "/cpuidle")).list((directory, name) -> name.startsWith("state"));
            if (names == null || names.length == 0) {
                Fact directory = patient.cpuFile(cpu, "cpuidle");
                untold = directory.isListed() ? "CPU " + cpu + " tells of no idle state" : hidden(patient, directory);
            }
            for (String state : names == null ? new String[0] : names) {
                Fact file = patient.cpuFile(cpu, "cpuidle/" + state + "/latency");
                long latency = file.number();
                untold = latency >= 0 ? untold : file.isKnown() ? "the latency " + file.text() + " is not understood" : file.whyNot();
                if (latency > WAKE_MICROS && !patient.cpuFile(cpu, "cpuidle/" + state + "/disable").is("1")) {
                    deep = deep.with(cpu);
                    states.add(state);
                    if (latency > longest) {
                        longest = latency;
                        Fact name = patient.cpuFile(cpu, "cpuidle/" + state + "/name");
                        deepest = name.isKnown() ? name.text() : state;
                    }
                }
            }
        }
        if (!deep.isEmpty()) {
            Finding finding = findings.of(16, "idle-states", Level.WARN, "idle, " + Patient.name(deep) + " may sleep so deep (" + deepest
                    + ") that to wake up alone takes longer than the " + WAKE_MICROS + " us of a wake")
                    .costs(new Effect(longest, "to leave " + deepest + ", says the kernel"));
            for (String state : states) {
                finding = finding.fix(Fix.run("echo 1 | tee /sys/devices/system/cpu/" + braces(deep) + "/cpuidle/" + state + "/disable"));
            }
            findings.add(finding.fix(Fix.boot("processor.max_cstate=1")).fixIf(intel(patient), Fix.boot("intel_idle.max_cstate=1")));
        } else if (untold != null || hypervisor != null) {
            findings.add(findings.of(16, "idle-states", Level.UNKNOWN, untold != null ? untold : "none that is told takes longer than " + WAKE_MICROS
                    + " us to leave, but how deep the core itself sleeps is not seen: " + hypervisor).costs(LiveProbes.wake(patient)));
        } else {
            findings.pass(16, "idle-states", "no idle state of these CPUs takes longer than " + WAKE_MICROS + " us to leave");
        }
    }

    private static boolean intel(Patient patient) {
        Fact info = patient.proc("cpuinfo");
        return info.isKnown() && info.text().contains("GenuineIntel");
    }

    /** What /dev/cpu_dma_latency says, for root: four bytes of microseconds; -1 if it cannot be read. */
    private static long held(Patient patient) {
        try (RandomAccessFile file = new RandomAccessFile(patient.files().mounted("/dev/cpu_dma_latency"), "r")) {
            return Integer.reverseBytes(file.readInt());
        } catch (IOException e) {
            return -1; // the states themselves are looked at instead
        }
    }

    private static void clock(Patient patient, Findings findings) {
        Fact source = patient.sys("devices/system/clocksource/clocksource0/current_clocksource");
        Effect cost = Double.isNaN(patient.measured().clockNanos) ? null : new Effect(patient.measured().clockNanos / 1e3, "System.nanoTime()");
        if (!source.isKnown()) {
            findings.add(findings.of(17, "clock", Level.UNKNOWN, source.whyNot()).costs(cost));
        } else if (source.is(TSC) || source.is(ARM)) {
            boolean steady = source.is(ARM) || patient.cpuFlag("constant_tsc") && patient.cpuFlag("nonstop_tsc");
            findings.add(findings.of(17, "clock", steady ? Level.PASS : Level.WARN, steady ? "the clock is the processor's own counter"
                    : "the clock is the processor's own counter, but /proc/cpuinfo does not say constant_tsc and nonstop_tsc").costs(cost));
        } else {
            String offered = offered(patient);
            findings.add(findings.of(17, "clock", READ_IN_USER_SPACE.contains(source.text()) ? Level.WARN : Level.FAIL, "the clock is " + source.text()
                            + (READ_IN_USER_SPACE.contains(source.text()) ? ", the hypervisor's, dearer to read than the processor's own counter"
                            : ", to be read through a system call: Ps look at the time all the time")
                            + (offered != null ? "" : "; why the kernel does not offer the processor's own counter, its log tells"))
                    .costs(cost).fixIf(offered != null, Fix.boot("clocksource=" + offered))
                    .fixIf(offered == null, Fix.look("dmesg | grep -i -e tsc -e clocksource")));
        }
    }

    /**
     * The processor's counter, by the name under which the kernel would take it, or null. One that it has found to be wrong is not in the list, and no boot line is to force it: the
     * watchdog that found it so would be off, and the time wrong.
     */
    private static String offered(Patient patient) {
        Fact available = patient.sys("devices/system/clocksource/clocksource0/available_clocksource");
        List<String> names = available.isKnown() ? List.of(available.text().split("\\s+")) : List.of();
        return names.contains(TSC) ? TSC : names.contains(ARM) ? ARM : null;
    }
}
