package dev.pinion.doctor;

/**
 * One line that mends a finding, to be copied as it is.
 *
 * @param kind where the line goes
 * @param line the line
 */
public record Fix(Kind kind, String line) {
    /** Where a line goes. */
    public enum Kind {
        /** A kernel parameter, {@code name=value}, in the boot line. */
        BOOT,
        /** {@code key=value} in {@code /etc/sysctl.d}. */
        SYSCTL,
        /** A list of CPUs to be given an isolated cpuset. */
        CPUSET,
        /** A shell command, mostly root's; its effect ends with the next boot. */
        RUN,
        /** A setting of Kubernetes: of the kubelet, or of the pod. */
        KUBERNETES,
        /** An option of {@code pinion} or an argument of java. */
        START
    }

    static Fix boot(String parameter) {
        return new Fix(Kind.BOOT, parameter);
    }

    static Fix sysctl(String assignment) {
        return new Fix(Kind.SYSCTL, assignment);
    }

    static Fix cpuset(String cpus) {
        return new Fix(Kind.CPUSET, cpus);
    }

    static Fix run(String command) {
        return new Fix(Kind.RUN, command);
    }

    static Fix kubernetes(String setting) {
        return new Fix(Kind.KUBERNETES, setting);
    }

    static Fix start(String option) {
        return new Fix(Kind.START, option);
    }
}
