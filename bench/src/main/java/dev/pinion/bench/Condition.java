package dev.pinion.bench;

import java.util.Locale;

/** What else happens on the machine while a workload runs. */
enum Condition {
    /** Nothing of ours. */
    QUIET(0),
    /** One foreign process computes for ever on the first CPU of the child's set, from before the child starts. */
    HOG(1),
    /** Four of them on that one CPU. */
    HOGS4(4),
    /** The child lives in a cgroup that may use one CPU's worth of time, in periods of 100 ms. */
    QUOTA(0);

    private final int hogs;

    Condition(int hogs) {
        this.hogs = hogs;
    }

    /** How many foreign processes compute on the first CPU. */
    int hogs() {
        return hogs;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Condition named(String label) {
        for (Condition condition : values()) {
            if (condition.label().equals(label)) {
                return condition;
            }
        }
        throw new Invalid("'" + label + "' is no condition; allowed are quiet, hog, hogs4 and quota");
    }
}
