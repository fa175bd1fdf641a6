package dev.pinion.bench;

import java.util.Arrays;
import java.util.Locale;

/** Whose scheduler runs the workload. */
enum Side {
    /** The program under {@code -javaagent:pinion.jar}. */
    PINION("pinion-", null),
    /** The same program on the JDK's own scheduler. */
    JDK("ForkJoinPool-", null),
    /** The same program with platform threads in the place of virtual ones. */
    PLATFORM("platform-", null),
    /** The program of the same name in {@code bench/peers/go}. */
    GO("goroutine", GoPeer.PEER),
    /** As {@link #GO}, with a timer slack of 1 ns for all its threads, where the kernel's own is 50 us. */
    GO_1NS("goroutine", GoPeer.PEER),
    /** The program of the same name in {@code bench/peers/kotlin}, on coroutines. */
    KOTLIN("DefaultDispatcher-worker-", KotlinPeer.PEER),
    /** The program of the same name in {@code bench/peers/rust}, on tokio's multi-threaded scheduler with as many workers as Ps. */
    TOKIO("tokio-", TokioPeer.PEER),
    /** The same program on a queue and one thread: the least a scheduler of virtual threads can do. */
    MINIMAL("minimal-", null),
    /** The program of the same name in {@code bench/peers/c}: the same work without a scheduler, on bare epoll and futex. */
    FLOOR("epoll", CPeer.PEER);

    private final String carrierPrefix;
    private final Peer peer;

    Side(String carrierPrefix, Peer peer) {
        this.carrierPrefix = carrierPrefix;
        this.peer = peer;
    }

    /** Whose programs this side runs, or null where they are those of this module. */
    Peer peer() {
        return peer;
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

    String carrierPrefix() {
        return carrierPrefix;
    }

    static Side named(String label) {
        for (Side side : values()) {
            if (side.label().equals(label)) {
                return side;
            }
        }
        throw new Invalid("'" + label + "' is no side; allowed are "
                + String.join(", ", Arrays.stream(values()).map(Side::label).toList()));
    }
}
