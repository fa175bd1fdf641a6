package dev.pinion.jitter;

import dev.pinion.cpu.ThreadCounters;
import java.util.Map;
import java.util.TreeMap;

/** What the kernel did on one CPU while the readers read. */
public final class Causes {
    /** USER_HZ: 100 on every Linux that the JDK runs on. */
    private static final long MILLIS_OF_A_TICK = 10;

    final int cpu;
    final Map<String, Long> interrupts = new TreeMap<>();
    final Map<String, Long> softirqs = new TreeMap<>();
    /** Whether the kernel tells of them at all; else they are no noughts. */
    boolean interruptsTold = true;
    boolean softirqsTold = true;
    /** {@link ThreadCounters#UNKNOWN} where the kernel does not tell. */
    long stealMillis;

    /** @param cpu whose, nothing has happened yet */
    public Causes(int cpu) {
        this.cpu = cpu;
    }

    /** Adds to them. @param name as {@code /proc/interrupts} or {@code /proc/softirqs} has it @return this */
    public Causes count(boolean softirq, String name, long count) {
        (softirq ? softirqs : interrupts).merge(name, count, Long::sum);
        return this;
    }

    /** What the hypervisor took in between. @param ticks or {@link ThreadCounters#UNKNOWN}, which it then stays */
    void stolen(long ticks) {
        stealMillis = stealMillis == ThreadCounters.UNKNOWN || ticks == ThreadCounters.UNKNOWN ? ThreadCounters.UNKNOWN : stealMillis + ticks * MILLIS_OF_A_TICK;
    }

    static long total(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** @return the names with the most, such as {@code LOC 1000/s} */
    static String most(Map<String, Long> counts, double seconds, int names) {
        StringBuilder out = new StringBuilder();
        counts.entrySet().stream().sorted((a, b) -> Long.compare(b.getValue(), a.getValue())).limit(names).forEach(
                entry -> out.append(out.isEmpty() ? "" : ", ").append(entry.getKey()).append(' ').append(Math.round(entry.getValue() / seconds)).append("/s"));
        return out.toString();
    }
}
