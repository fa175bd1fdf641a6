package dev.pinion.doctor;

import dev.pinion.cpu.CpuLocks;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.LeaseDirectory;
import dev.pinion.cpu.LockFiles;
import java.io.IOException;

/** Whether the CPUs can be had, whether somebody else has them, and whether any is left for what is not a P. */
final class Cores implements Check {
    @Override
    public void examine(Patient patient, Findings findings) {
        usable(patient, findings);
        if (!patient.cpus().isEmpty()) {
            leases(patient, findings);
            enough(patient, findings);
        }
    }

    private static void usable(Patient patient, Findings findings) {
        CpuSet offline = patient.asked().minus(patient.topology().online());
        CpuSet outside = patient.cpus().minus(patient.usable());
        String refused = patient.measured().whyNot.get(Measured.JITTER);
        if (!offline.isEmpty()) {
            findings.add(findings.of(1, "usable", Level.FAIL, Patient.name(offline) + (offline.size() == 1 ? " is" : " are") + " offline")
                    .fix(Fix.run("for c in " + Patient.spaced(offline) + "; do echo 1 > /sys/devices/system/cpu/cpu$c/online; done")));
        } else if (!outside.isEmpty()) {
            findings.add(findings.of(1, "usable", Level.FAIL, Patient.name(outside) + (outside.size() == 1 ? " is" : " are")
                            + " outside the cpuset of this process, which allows " + Patient.name(patient.usable()))
                    .fix(Fix.start("--cpus " + patient.usable()))
                    .fixIf(patient.isPod(), Fix.kubernetes("cpuManagerPolicy: static")));
        } else if (refused != null && !patient.measured().whyNot.containsKey(Measured.LIBRARY)) {
            findings.add(findings.of(1, "usable", Level.FAIL, "no thread can be bound: " + refused));
        } else if (patient.measured().whyNot.containsKey(Measured.LIBRARY)) {
            findings.unknown(1, "usable", "no thread was bound to a CPU, as the C library did not load: " + refused);
        } else if (!patient.measured().gaps.keySet().containsAll(patient.cpus().toBits().stream().boxed().toList())) {
            findings.unknown(1, "usable", "no thread was bound to each of these CPUs");
        } else {
            CpuSet beyond = patient.cpus().minus(patient.allowed());
            findings.pass(1, "usable", "threads can be bound to " + Patient.name(patient.cpus()) + (beyond.isEmpty() ? ""
                    : "; " + Patient.name(beyond) + " are outside the inherited mask " + patient.allowed() + ", but in the cpuset"));
        }
    }

    private static void leases(Patient patient, Findings findings) {
        CpuLocks[] ways = {new LeaseDirectory(patient.files(), patient.temporary()), new LockFiles(patient.files(), patient.temporary())};
        StringBuilder taken = new StringBuilder();
        String whyNot = null;
        CpuSet free = patient.topology().online();
        for (int cpu : patient.topology().online().toArray()) {
            for (CpuLocks way : ways) {
                try {
                    long holder = way.holder(cpu);
                    if (holder != CpuLocks.NOBODY) {
                        free = free.without(cpu);
                        if (patient.cpus().contains(cpu)) {
                            taken.append(taken.isEmpty() ? "" : ", ").append("CPU ").append(cpu).append(" by ")
                                    .append(holder == CpuLocks.UNNAMED ? "a process that cannot be named" : "process " + holder);
                        }
                    }
                } catch (IOException e) {
                    whyNot = patient.cpus().contains(cpu) ? e.getMessage() : whyNot;
                }
            }
        }
        if (!taken.isEmpty()) {
            findings.add(findings.of(32, "leases", Level.WARN, "other programs have leased CPUs that are asked for: " + taken)
                    .fixIf(!free.isEmpty(), Fix.start("--cpus " + free)));
        } else if (whyNot != null) {
            findings.unknown(32, "leases", "not every lease can be read: " + whyNot);
        } else {
            findings.pass(32, "leases", "no other program has leased any of these CPUs");
        }
    }

    private static void enough(Patient patient, Findings findings) {
        CpuSet others = patient.others();
        if (others.isEmpty()) {
            CpuSet less = patient.cpus().without(patient.cpus().first());
            findings.add(findings.of(36, "housekeeping", patient.named() ? Level.FAIL : Level.WARN,
                            "every online CPU has a P: interrupts, the kernel's threads, GC, JIT and sysmon have none of their own")
                    .costs(patient.measured().worstGap(patient.cpus()))
                    .fixIf(!less.isEmpty(), Fix.start("--cpus " + less + " --housekeeping " + patient.cpus().first())));
            return;
        }
        CpuSet own = patient.usable().intersect(patient.topology().online()).minus(patient.cpus());
        if (own.isEmpty()) {
            CpuSet less = patient.cpus().without(patient.cpus().first());
            findings.add(findings.of(36, "housekeeping", Level.WARN, "the cpuset leaves this process no CPU without a P: GC, JIT and sysmon run on those of the Ps")
                    .fixIf(!less.isEmpty(), Fix.start("--cpus " + less + " --housekeeping " + patient.cpus().first())));
            return;
        }
        for (int cpu : patient.cpus().toArray()) {
            int node = patient.topology().nodeOf(cpu);
            boolean served = false;
            for (int other : others.toArray()) {
                served |= patient.topology().nodeOf(other) == node;
            }
            if (!served) {
                findings.add(findings.of(36, "housekeeping", Level.WARN, "every CPU of NUMA node " + node + " has a P, so its kernel threads have none of their own")
                        .fix(Fix.start("--cpus " + patient.cpus().without(cpu))));
                return;
            }
        }
        findings.pass(36, "housekeeping", Patient.name(own) + (own.size() == 1 ? " is" : " are") + " left for GC, JIT, sysmon and the kernel");
    }
}
