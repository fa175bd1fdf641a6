package dev.pinion.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What the load generator, a process of its own on a CPU of its own, asks of the child's server.
 *
 * @param protocol       {@code echo}: an open loop of messages; {@code http}: a closed loop, then an open one
 * @param connections    how many, all open from the start
 * @param ratePerSecond  of the open loop, all connections together; 0: half of what the other side reached in its closed loop, in a run
 *                       before the first pair, so that both sides get the same
 * @param warmUpMillis   until the window begins
 * @param measuredMillis length of the window
 */
record Load(String protocol, int connections, int ratePerSecond, int warmUpMillis, int measuredMillis) {

    /** What a server needs besides its connections: the JVM's files, Pinion's, the standard streams. */
    private static final int OTHER_DESCRIPTORS = 200;

    /** The figure of a first run that a rate of 0 is taken from: nanoseconds a request in the closed loop. */
    static final String CLOSED_LOOP = "op";

    boolean wantsRate() {
        return ratePerSecond == 0;
    }

    /** How many descriptors either process needs. */
    int descriptors() {
        return connections + OTHER_DESCRIPTORS;
    }

    /** The rate at half load, of a side that took so long for each request in its closed loop. */
    static double halfOf(double nanosPerRequest) {
        return 0.5e9 / nanosPerRequest;
    }

    /**
     * The generator's command line, but for the port that the child will name.
     *
     * @param cpu   where it alone computes
     * @param rate  requests a second of the open loop; 0: half of this very run's closed loop
     * @param share how much of the usual length warm-up and window have, above 0 and at most 1
     */
    List<String> command(Path program, int cpu, double rate, double share) {
        return List.of("taskset", "-c", Integer.toString(cpu), program.toString(), "load", protocol, Integer.toString(connections),
                String.format(Locale.ROOT, "%.3f", rate), millis(warmUpMillis, share), millis(measuredMillis, share));
    }

    private static String millis(int millis, double share) {
        return Long.toString(Math.max(1, Math.round(millis * share)));
    }
}
