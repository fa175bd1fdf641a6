package dev.pinion.bench;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How often one workload runs, and how long each time. What {@code --workload} names runs in full; a pass over everything is to end within 40
 * minutes, and {@code --quick} within three, with the builds.
 *
 * @param pairs   number of rounds
 * @param noise   whether the first other side runs a second time in each
 * @param share   how much of its usual length a run has, at most 1, as {@code BENCH_SHARE} tells the programs
 * @param seconds about how long one run takes, its process included
 */
record Plan(int pairs, boolean noise, double share, double seconds) {

    /** What a quick pass runs: what a scheduler is for, and what this one is for. */
    static final List<String> ESSENTIAL = List.of("spawn", "yield", "handoff", "sleep", "announced-block", "block-unannounced",
            "hogs-beside-sleeper", "net-pingpong", "net-64", "net-http-jdk");

    private static final int NAMED_PAIRS = 9;
    private static final int FULL_PAIRS = 5;
    private static final int LONG_PAIRS = 3;
    private static final int QUICK_PAIRS = 3;

    /** In a pass over everything: what is still as long as this after its share runs twice. */
    private static final double VERY_LONG_SECONDS = 8;
    private static final int VERY_LONG_PAIRS = 2;

    private static final double LONG_SHARE = 0.2;
    private static final double QUICK_SHARE = 0.25;

    /** What would still be long with the quick pass's share. */
    private static final Map<String, Double> QUICK_SHARES = Map.of("hogs-beside-sleeper", 0.12, "net-http-jdk", 0.1,
            "announced-block", 0.15, "block-unannounced", 0.15);

    /** Programs that do a fixed piece of work once, or wait for a fixed time: a smaller share would be another workload. */
    private static final Set<String> FIXED = Set.of("parked-bytes", "million", "timers-million", "tasks-million", "skynet", "fifo-burst",
            "many-hogs", "fsync-many", "idle10", "startup", "hog-beside", "wake", "lone-reader");

    /** What a process takes before it measures, whatever its share: its start, and what is not cut of the warm-up. */
    private static final double START_SECONDS = 0.5;

    static Plan of(Workload workload, Options options) {
        boolean isLong = workload.maxPairs() != Integer.MAX_VALUE;
        boolean full = !options.named() && !options.quick();
        double share = options.quick() ? QUICK_SHARES.getOrDefault(workload.name(), QUICK_SHARE) : full && isLong ? LONG_SHARE : 1;
        if (FIXED.contains(workload.program())) {
            share = 1;
        }
        double seconds = share == 1 ? workload.seconds() : Math.min(workload.seconds(), START_SECONDS + share * workload.seconds());
        int usual = options.quick() ? QUICK_PAIRS : options.named() ? NAMED_PAIRS
                : !isLong ? FULL_PAIRS : seconds < VERY_LONG_SECONDS ? LONG_PAIRS : VERY_LONG_PAIRS;
        return new Plan(options.pairs() == 0 ? usual : options.pairs(), options.noise() && !options.quick() && !(full && isLong), share,
                seconds);
    }

    /** How many runs there are with so many other sides. */
    int runs(int others) {
        return pairs * (1 + others + (noise ? 1 : 0));
    }
}
