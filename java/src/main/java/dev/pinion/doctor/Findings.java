package dev.pinion.doctor;

import java.util.ArrayList;
import java.util.List;

/** Where the checks of one group put what they find. For one thread. */
final class Findings {
    private final Group group;
    private final List<Finding> all = new ArrayList<>();

    Findings(Group group) {
        this.group = group;
    }

    Finding of(int number, String name, Level level, String reason) {
        return new Finding(number, name, group, level, reason);
    }

    void add(Finding finding) {
        all.add(finding);
    }

    void pass(int number, String name, String reason) {
        add(of(number, name, Level.PASS, reason));
    }

    void info(int number, String name, String reason) {
        add(of(number, name, Level.INFO, reason));
    }

    void unknown(int number, String name, String reason) {
        add(of(number, name, Level.UNKNOWN, reason));
    }

    List<Finding> all() {
        return all;
    }
}
