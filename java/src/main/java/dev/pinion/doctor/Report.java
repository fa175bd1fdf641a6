package dev.pinion.doctor;

import java.util.List;

/**
 * What the doctor says. Immutable.
 *
 * @param patient  who was looked at
 * @param findings all, in the order of the checks
 */
public record Report(Patient patient, List<Finding> findings) {
    /** Copies the list. */
    public Report {
        findings = List.copyOf(findings);
    }

    /** @param level any @return how many findings have it */
    public long count(Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }

    /** @return of the command: 1 if anything failed */
    public int exitCode() {
        return count(Level.FAIL) > 0 ? 1 : 0;
    }

    /** @return "a virtual machine", "a container", "a Kubernetes pod in a virtual machine", "bare metal" and so on */
    String environment() {
        String inside = patient.isPod() ? "a Kubernetes pod" : patient.isContainer() ? "a container" : null;
        String machine = patient.isVirtualMachine() ? "a virtual machine" : patient.proc("cpuinfo").isKnown() ? "bare metal" : "a machine of unknown sort";
        return inside == null ? machine : inside + (machine.equals("bare metal") ? "" : " in " + machine);
    }
}
