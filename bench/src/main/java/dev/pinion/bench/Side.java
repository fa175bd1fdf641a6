package dev.pinion.bench;

import java.util.Locale;

/** Whose scheduler runs the workload. */
enum Side {
    /** The program under {@code -javaagent:pinion.jar}. */
    PINION("pinion-"),
    /** The same program on the JDK's own scheduler. */
    JDK("ForkJoinPool-"),
    /** The program of the same name in {@code bench/peers/go}. */
    GO("goroutine"),
    /** The same program on a queue and one thread: the least a scheduler of virtual threads can do. */
    MINIMAL("minimal-");

    private final String carrierPrefix;

    Side(String carrierPrefix) {
        this.carrierPrefix = carrierPrefix;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Whether a run was really this side's. An agent that quietly did nothing would otherwise be printed as a ratio of 1.
     */
    boolean ran(String carrier) {
        return carrier.startsWith(carrierPrefix);
    }

    String carrierPrefix() {
        return carrierPrefix;
    }

    static Side named(String label) {
        for (Side side : values()) {
            if (side.label().equals(label)) {
                return side;
            }
        }
        throw new Options.Invalid("'" + label + "' is no side; allowed are pinion, jdk, go and minimal");
    }
}
