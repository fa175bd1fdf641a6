package dev.pinion.bench;

import java.util.Locale;

/** What else happens on the machine while a workload runs. */
enum Condition {
    /** Nothing of ours. */
    QUIET,
    /** One foreign process computes for ever on the first CPU of the child's set, from before the child starts. */
    HOG,
    /** The child lives in a cgroup that may use one CPU's worth of time, in periods of 100 ms. */
    QUOTA;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Condition named(String label) {
        for (Condition condition : values()) {
            if (condition.label().equals(label)) {
                return condition;
            }
        }
        throw new Options.Invalid("'" + label + "' is no condition; allowed are quiet, hog and quota");
    }
}
