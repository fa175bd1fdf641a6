package dev.pinion.doctor;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.CpuTable;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Whether devices interrupt the CPUs, who moves interrupts about, and what the network does there. */
final class Interrupts implements Check {
    private static final Set<String> MOVERS = Set.of("irqbalance", "cpupower", "cpuspeed", "thermald", "power-profiles-", "auto-cpufreq", "tlp",
            "numad", "ksmtuned");
    /** Of the interrupts and softirqs that devices and not the CPU's own threads cause, so many a second are no accident. */
    private static final double EVENTS_PER_SECOND = 20;
    private static final Set<String> OF_DEVICES = Set.of("NET_RX", "NET_TX", "BLOCK", "IRQ_POLL", "TASKLET", "HI");

    @Override
    public void examine(Patient patient, Findings findings) {
        delivered(patient, findings);
        routed(patient, findings);
        movers(patient, findings);
        softirqs(patient, findings);
        Steering.examine(patient, findings);
        network(patient, findings);
    }

    private static void delivered(Patient patient, Findings findings) {
        CpuTable now = patient.second().interrupts;
        if (now.isEmpty()) {
            Fact file = patient.proc("interrupts");
            findings.unknown(5, "irqs-seen", file.isKnown() ? "/proc/interrupts is empty here" : file.whyNot());
            return;
        }
        List<String> names = new ArrayList<>();
        long sum = 0;
        for (Map.Entry<String, Long> entry : now.since(patient.first().interrupts, patient.cpus()).entrySet()) {
            if (Fact.number(entry.getKey()) >= 0) {
                names.add(String.format(Locale.ROOT, "%s %.0f/s", now.describe(entry.getKey()), entry.getValue() / patient.seconds()));
                sum += entry.getValue();
            }
        }
        if (sum / patient.seconds() <= EVENTS_PER_SECOND) {
            findings.pass(5, "irqs-seen", sum == 0 ? "no device interrupted these CPUs in a second"
                    : "next to no device interrupted these CPUs in a second: " + sum + (sum == 1 ? " time" : " times"));
        } else {
            findings.add(findings.of(5, "irqs-seen", Level.WARN, "devices interrupt these CPUs: " + shortened(names))
                    .costs(patient.measured().lostToOtherThanThreads(patient.cpus()))
                    .fixIf(!patient.others().isEmpty(), Fix.boot("irqaffinity=" + patient.others()))
                    .fixIf(!patient.others().isEmpty(), Fix.boot("isolcpus=managed_irq," + patient.cpus())));
        }
    }

    private static String shortened(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(8, names.size()))) + (names.size() > 8 ? " and " + (names.size() - 8) + " more" : "");
    }

    private static void routed(Patient patient, Findings findings) {
        String[] irqs = new File(patient.files().proc("irq")).list();
        Fact fresh = patient.proc("irq/default_smp_affinity");
        CpuSet fallback = CpuMask.parse(fresh.text());
        if (irqs == null || fallback == null) {
            findings.unknown(5, "irqs-routed", fresh.isKnown() ? "/proc/irq cannot be listed" : fresh.whyNot());
            return;
        }
        Set<Integer> numbers = new TreeSet<>();
        String untold = null;
        for (String irq : irqs) {
            if (Fact.number(irq) < 0) {
                continue;
            }
            Fact effective = patient.proc("irq/" + irq + "/effective_affinity_list");
            Fact told = effective.isKnown() ? effective : patient.proc("irq/" + irq + "/smp_affinity_list"); // where it may go, if not where it goes
            untold = told.isKnown() ? untold : effective.whyNot();
            String list = told.text();
            if (list != null && !list.isEmpty() && !CpuSet.parseKernel(list).intersect(patient.cpus()).isEmpty()) {
                numbers.add(Integer.parseInt(irq));
            }
        }
        boolean fallsHere = !fallback.intersect(patient.cpus()).isEmpty();
        if (numbers.isEmpty() && !fallsHere && untold != null) {
            findings.unknown(5, "irqs-routed", "not of every interrupt is told where it goes: " + untold);
            return;
        }
        if (numbers.isEmpty() && !fallsHere) {
            findings.pass(5, "irqs-routed", "no interrupt is routed to these CPUs, and new ones will not be");
            return;
        }
        boolean possible = !patient.others().isEmpty();
        Finding finding = findings.of(5, "irqs-routed", Level.WARN, (numbers.isEmpty() ? "" : numbers.size() + (numbers.size() == 1 ? " interrupt is" : " interrupts are")
                + " routed to these CPUs") + (fallsHere ? (numbers.isEmpty() ? "" : ", and ") + "new interrupts may be" : ""));
        finding = finding.fixIf(possible, Fix.boot("irqaffinity=" + patient.others()));
        if (possible && !numbers.isEmpty()) {
            String list = numbers.toString().replace(",", "").replace("[", "").replace("]", "");
            finding = finding.fix(Fix.run("for i in " + list + "; do echo " + patient.others() + " > /proc/irq/$i/smp_affinity_list; done"));
        }
        findings.add(finding);
    }

    private static void movers(Patient patient, Findings findings) {
        Set<String> running = new TreeSet<>();
        for (Sample.Task task : patient.second().tasks.values()) {
            if (MOVERS.contains(task.name())) {
                running.add(task.name());
            }
        }
        if (!running.isEmpty()) {
            Finding finding = findings.of(6, "movers", Level.WARN, "running programs move interrupts or change clocks as they see fit: " + String.join(", ", running));
            for (String name : running) {
                finding = finding.fix(name.equals("irqbalance") ? Fix.install(banned(patient))
                        : Fix.run("systemctl stop " + (name.equals("power-profiles-") ? "power-profiles-daemon" : name)));
            }
            findings.add(finding);
        } else if (patient.seesAllProcesses()) {
            findings.pass(6, "movers", "neither irqbalance nor a power daemon runs");
        } else {
            findings.unknown(6, "movers", "this container does not see the host's processes, so irqbalance may run");
        }
    }

    /** A file of its own beside irqbalance's, where every distribution with systemd looks. */
    private static String banned(Patient patient) {
        String directory = "/etc/systemd/system/irqbalance.service.d";
        return "mkdir -p " + directory + " && printf '[Service]\\nEnvironment=IRQBALANCE_BANNED_CPULIST=" + patient.cpus() + "\\n' > " + directory
                + "/pinion.conf && systemctl daemon-reload && systemctl restart irqbalance";
    }

    private static void softirqs(Patient patient, Findings findings) {
        CpuTable now = patient.second().softirqs;
        if (now.isEmpty()) {
            Fact file = patient.proc("softirqs");
            findings.unknown(7, "softirqs", file.isKnown() ? "/proc/softirqs is empty here" : file.whyNot());
            return;
        }
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, Long> entry : now.since(patient.first().softirqs, patient.cpus()).entrySet()) {
            double rate = entry.getValue() / patient.seconds();
            if (OF_DEVICES.contains(entry.getKey()) && rate > EVENTS_PER_SECOND) {
                names.add(String.format(Locale.ROOT, "%s %.0f/s", entry.getKey(), rate));
            }
        }
        if (names.isEmpty()) {
            findings.pass(7, "softirqs", "the kernel does next to no work for devices on these CPUs");
        } else {
            findings.add(findings.of(7, "softirqs", Level.WARN, "the kernel works for devices on these CPUs: " + String.join(", ", names))
                    .costs(patient.measured().lostToOtherThanThreads(patient.cpus()))
                    .fixIf(!patient.others().isEmpty(), Fix.boot("irqaffinity=" + patient.others())));
        }
    }

    /** Those with a device behind them. */
    static List<String> cards(Patient patient) {
        String directory = patient.files().sys("class/net");
        String[] names = new File(directory).list();
        List<String> cards = new ArrayList<>(names == null ? List.of() : Arrays.asList(names));
        cards.removeIf(name -> !new File(directory + "/" + name + "/device").exists());
        cards.sort(null);
        return cards;
    }

    private static void network(Patient patient, Findings findings) {
        List<String> cards = cards(patient);
        if (!patient.seesTheCards()) {
            findings.unknown(27, "coalescing", patient.whyNoCards());
        } else if (cards.isEmpty()) {
            findings.pass(27, "coalescing", "there is no network card here");
        } else {
            Finding finding = findings.of(27, "coalescing", Level.INFO,
                    "how long interrupts of " + String.join(", ", cards) + " are held back is in no file: look at rx-usecs and adaptive-rx");
            for (String card : cards) {
                finding = finding.fix(Fix.look("ethtool -c " + card));
            }
            findings.add(finding);
        }
        busy(patient, findings, "poll", "a wait for sockets");
        busy(patient, findings, "read", "a read from an empty socket");
    }

    private static void busy(Patient patient, Findings findings, String what, String who) {
        String name = "busy-" + what;
        Fact micros = patient.proc("sys/net/core/busy_" + what);
        if (!micros.isKnown()) {
            findings.unknown(27, name, micros.whyNot());
        } else if (micros.number() > 0) {
            findings.pass(27, name, who + " first asks the card itself, for " + micros.text() + " us");
        } else {
            findings.add(findings.of(27, name, Level.INFO, who + " does not first ask the card itself; that would save an interrupt and cost CPU time")
                    .fix(Fix.sysctl("net.core.busy_" + what + "=50")));
        }
    }
}
