package dev.pinion.doctor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** All checks in turn. */
public final class Doctor {
    private static final Map<Group, Check> CHECKS = new EnumMap<>(Map.ofEntries(
            Map.entry(Group.CORES, new Cores()), Map.entry(Group.QUOTA, new Quota()), Map.entry(Group.ISOLATION, new Isolation()),
            Map.entry(Group.INTERRUPTS, new Interrupts()), Map.entry(Group.LAYOUT, new Layout()), Map.entry(Group.FREQUENCY, new Frequency()),
            Map.entry(Group.MEMORY, new Memory()), Map.entry(Group.KERNEL, new Kernel()), Map.entry(Group.LIMITS, new Limits()),
            Map.entry(Group.JVM, new Jvm()), Map.entry(Group.PROBES, new LiveProbes())));

    private Doctor() {}

    /**
     * @param patient what to look at; where none of its CPUs is online, only that is said
     * @return all that was found
     */
    public static Report examine(Patient patient) {
        List<Finding> all = new ArrayList<>();
        CHECKS.forEach((group, check) -> {
            if (group == Group.CORES || !patient.cpus().isEmpty()) {
                Findings findings = new Findings(group);
                check.examine(patient, findings);
                all.addAll(findings.all());
            }
        });
        return new Report(patient, all);
    }
}
