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
    /** As {@link #GO}, with a timer slack of 1 ns for all its threads, where the kernel's own is 50 us. */
    GO_1NS("goroutine"),
    /** The same program on a queue and one thread: the least a scheduler of virtual threads can do. */
    MINIMAL("minimal-"),
    /** The program of the same name in {@code bench/peers/c}: the same work without a scheduler, on bare epoll and futex. */
    FLOOR("epoll");

    private final String carrierPrefix;

    Side(String carrierPrefix) {
        this.carrierPrefix = carrierPrefix;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Whether a run was really this side's. An agent that quietly did nothing would otherwise be printed as a ratio of 1.
     */
    boolean ran(String carrier) {
        return carrier.startsWith(carrierPrefix);
    }

    /** Whether the program is the Go peer. */
    boolean isGo() {
        return this == GO || this == GO_1NS;
    }

    /** Whether the program runs in a JVM. */
    boolean isJvm() {
        return !isGo() && this != FLOOR;
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
        throw new Options.Invalid("'" + label + "' is no side; allowed are pinion, jdk, go, go-1ns, floor and minimal");
    }
}
