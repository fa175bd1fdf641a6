package dev.pinion.jmh;

import dev.pinion.cpu.ThreadCounters;

/**
 * A thread that runs a benchmark.
 *
 * @param name  the thread's
 * @param tid   the kernel's thread id
 * @param cpu   the CPU that it is pinned to, or {@link #NOT_PINNED}
 * @param since its counters when it could first run a benchmark; all 0 is its birth
 */
record Worker(String name, int tid, int cpu, ThreadCounters since) {
    static final int NOT_PINNED = -1;

    /** @return for the user: {@code worker-1} */
    String shortName() {
        return name.substring(name.lastIndexOf("-jmh-") < 0 ? 0 : name.lastIndexOf("-jmh-") + 5);
    }
}
