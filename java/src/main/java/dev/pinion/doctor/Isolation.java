package dev.pinion.doctor;

import dev.pinion.cpu.AffinityMask;
import dev.pinion.cpu.Cgroup;
import dev.pinion.cpu.CpuSet;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Whether the kernel keeps others off the CPUs, and whether others are there. */
final class Isolation implements Check {
    /** Permille of a CPU's time: three ticks of the second looked at. */
    private static final int BUSY_PERMILLE = 20;

    @Override
    public void examine(Patient patient, Findings findings) {
        isolated(patient, findings);
        tick(patient, findings);
        rcu(patient, findings);
        workqueues(patient, findings);
        foreign(patient, findings);
    }

    private static void isolated(Patient patient, Findings findings) {
        CpuSet open = patient.cpus().minus(patient.topology().isolated());
        Cgroup.Place place = new Cgroup(patient.files()).find("cpuset");
        for (String directory : place == null || !place.v2() ? new String[0] : place.directories().toArray(String[]::new)) {
            String partition = patient.files().read(directory + "cpuset.cpus.partition");
            String cpus = patient.files().read(directory + "cpuset.cpus.effective");
            if ("isolated".equals(partition) && cpus != null) {
                open = open.minus(CpuSet.parseKernel(cpus));
            }
        }
        if (open.isEmpty()) {
            findings.pass(2, "isolation", "the kernel places no ordinary thread on " + Patient.name(patient.cpus()));
            return;
        }
        boolean possible = !patient.others().isEmpty();
        Finding finding = findings.of(2, "isolation", Level.WARN, "the kernel may place any thread on " + Patient.name(open)
                + (possible ? "" : ", and can keep none off them while no other CPU is there")).costs(patient.measured().worstGap(open));
        findings.add(possible ? keptOff(patient, finding) : finding);
    }

    /** A cpuset can be had while the machine runs, where the kernel and the administrator use cgroup v2; else the boot line has to say it. */
    private static Finding keptOff(Patient patient, Finding finding) {
        if (patient.isPod()) {
            return finding.fix(Fix.kubernetes("cpuManagerPolicy: static"));
        }
        Cgroup.Place place = new Cgroup(patient.files()).find("cpuset");
        return finding.fix(place != null && place.v2() ? Fix.cpuset(patient.cpus().toString()) : Fix.boot("isolcpus=domain," + patient.cpus()));
    }

    /** Not asked for: the kernel's own guide says that without a tick each entry into it costs more, and a P makes many. */
    private static void tick(Patient patient, Findings findings) {
        CpuSet without = patient.cpus().intersect(patient.topology().withoutTick());
        if (without.isEmpty() && !patient.boot().isKnown()) {
            findings.unknown(3, "tick", patient.proc("cmdline").whyNot());
        } else if (without.isEmpty()) {
            findings.pass(3, "tick", "the tick runs on these CPUs; to stop it (nohz_full=" + patient.cpus() + ") makes every system call dearer, so measure both");
        } else {
            findings.add(findings.of(3, "tick", Level.INFO, "nohz_full stops the tick on " + Patient.name(without) + ", makes every system call dearer, "
                    + "and Pinion runs no tripwire there: measure without it, too").costs(LiveProbes.epoll(patient)));
        }
    }

    private static void rcu(Patient patient, Findings findings) {
        BootLine boot = patient.boot();
        if (!boot.isKnown()) {
            findings.unknown(4, "rcu", patient.proc("cmdline").whyNot());
            return;
        }
        CpuSet offloaded = boot.cpus("rcu_nocbs");
        if (offloaded == null) {
            findings.unknown(4, "rcu", "rcu_nocbs=" + boot.value("rcu_nocbs") + " is not understood");
            return;
        }
        CpuSet rest = patient.cpus().minus(offloaded.union(patient.topology().withoutTick()));
        if (!rest.isEmpty()) {
            findings.add(findings.of(4, "rcu", Level.INFO, "the kernel frees memory after RCU's grace periods on " + Patient.name(rest) + " itself, in softirqs")
                    .fixIf(!patient.others().isEmpty(), Fix.boot("rcu_nocbs=" + patient.cpus())));
            return;
        }
        CpuSet on = CpuSet.EMPTY;
        for (Map.Entry<Integer, Sample.Task> task : patient.second().tasks.entrySet()) {
            if (task.getValue().kernels() && task.getValue().name().startsWith("rcuo")) {
                on = on.union(AffinityMask.readOrEmpty(patient.files(), Integer.toString(task.getKey())));
            }
        }
        on = on.intersect(patient.cpus());
        if (on.isEmpty()) {
            findings.pass(4, "rcu", "RCU's callbacks of these CPUs run elsewhere");
        } else {
            findings.add(findings.of(4, "rcu", Level.INFO, "the threads that run RCU's callbacks, rcuo*, may run on " + Patient.name(on))
                    .fixIf(!patient.others().isEmpty(), Fix.run("for p in $(pgrep '^rcuo'); do taskset -pc " + patient.others() + " $p; done")));
        }
    }

    private static void workqueues(Patient patient, Findings findings) {
        String[] names = {"devices/virtual/workqueue/cpumask", "devices/virtual/workqueue/writeback/cpumask"};
        Finding worst = null;
        for (String name : names) {
            Fact mask = patient.sys(name);
            CpuSet cpus = CpuMask.parse(mask.text());
            if (cpus == null) {
                worst = worst != null && worst.level() == Level.WARN ? worst
                        : findings.of(8, "workqueues", Level.UNKNOWN, mask.isKnown() ? "the mask " + mask.text() + " is not understood" : mask.whyNot());
            } else if (!cpus.intersect(patient.cpus()).isEmpty()) {
                Finding finding = worst != null && worst.level() == Level.WARN ? worst
                        : findings.of(8, "workqueues", Level.WARN, "work that the kernel puts off and binds to no CPU may run on " + Patient.name(cpus.intersect(patient.cpus())));
                worst = finding.fixIf(!patient.others().isEmpty(),
                        Fix.run("echo " + CpuMask.write(patient.others()) + " > /sys/" + name));
            }
        }
        findings.add(worst != null ? worst : findings.of(8, "workqueues", Level.PASS, "work that the kernel puts off runs on other CPUs, but for what is bound to a CPU"));
    }

    private static void foreign(Patient patient, Findings findings) {
        Map<String, Long> names = new TreeMap<>();
        for (Map.Entry<Integer, Sample.Task> entry : patient.second().tasks.entrySet()) {
            Sample.Task now = entry.getValue();
            Sample.Task before = patient.first().tasks.get(entry.getKey());
            boolean own = now.process() == patient.pid();
            if (!own && !now.kernels() && before != null && now.ticks() > before.ticks() && patient.cpus().contains(now.cpu())) {
                names.merge(now.name() + " (" + now.process() + ")", now.ticks() - before.ticks(), Long::sum);
            }
        }
        if (!names.isEmpty()) {
            StringBuilder list = new StringBuilder();
            names.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed()).limit(5).forEach(entry ->
                    list.append(list.isEmpty() ? "" : ", ").append(entry.getKey())
                            .append(String.format(Locale.ROOT, " %.0f %%", entry.getValue() / patient.seconds())));
            Finding finding = findings.of(9, "foreign-threads", Level.WARN, "others compute on these CPUs: " + list
                            + (names.size() > 5 ? " and " + (names.size() - 5) + " more" : ""))
                    .costs(patient.measured().worstGap(patient.cpus()));
            findings.add(patient.others().isEmpty() ? finding : keptOff(patient, finding));
            return;
        }
        CpuSet busy = CpuSet.EMPTY;
        CpuSet untold = CpuSet.EMPTY;
        for (int cpu : patient.cpus().toArray()) {
            int permille = patient.busyPermille(cpu);
            busy = permille > BUSY_PERMILLE ? busy.with(cpu) : busy;
            untold = permille < 0 ? untold.with(cpu) : untold;
        }
        if (!busy.isEmpty()) {
            findings.add(findings.of(9, "foreign-threads", Level.WARN, Patient.name(busy) + (busy.size() == 1 ? " was" : " were") + " busy while this process slept, "
                            + (patient.seesAllProcesses() ? "with short-lived threads or the kernel's" : "with what this container does not see"))
                    .costs(patient.measured().worstGap(busy)));
        } else if (!untold.isEmpty()) {
            findings.unknown(9, "foreign-threads", "/proc/stat does not tell how busy " + Patient.name(untold) + " are");
        } else {
            findings.pass(9, "foreign-threads", String.format(Locale.ROOT,
                    "while this process slept for a second, nothing else was seen to compute on these CPUs for more than %.0f %% of it", BUSY_PERMILLE / 10.0));
        }
    }
}
