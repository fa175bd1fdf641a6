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
        /** A kernel parameter that mends it, too, but takes CPUs away, so that the CPUs for Ps and all other lines have to be chosen anew. */
        INSTEAD,
        /** A shell command of root's; its effect ends with the next boot, and to give it twice does no harm. */
        RUN,
        /** A shell command of root's; what it sets stays, and to give it twice does no harm. */
        INSTALL,
        /** A command for the shell that starts the program, of no effect elsewhere. */
        SHELL,
        /** A command that changes nothing and tells more; some are root's. */
        LOOK,
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

    static Fix instead(String parameter) {
        return new Fix(Kind.INSTEAD, parameter);
    }

    static Fix install(String command) {
        return new Fix(Kind.INSTALL, command);
    }

    static Fix shell(String command) {
        return new Fix(Kind.SHELL, command);
    }

    static Fix look(String command) {
        return new Fix(Kind.LOOK, command);
    }

    static Fix kubernetes(String setting) {
        return new Fix(Kind.KUBERNETES, setting);
    }

    static Fix start(String option) {
        return new Fix(Kind.START, option);
    }
}
