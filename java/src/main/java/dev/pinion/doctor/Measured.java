package dev.pinion.doctor;

import dev.pinion.cpu.CpuSet;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the probes measured. A figure that is not there is {@code NaN}, or absent from its map, and {@link #whyNot} says why. Filled by one
 * thread, then handed over.
 */
public final class Measured {
    /** Names of probes, in {@link #whyNot}. */
    static final String CLOCK = "nanoTime";
    static final String EPOLL = "epoll";
    static final String EVENTFD = "eventfd";
    static final String FUTEX = "futex";
    static final String JITTER = "jitter";
    static final String LIBRARY = "library";

    double clockNanos = Double.NaN;
    double epollNanos = Double.NaN;
    Wake eventfd;
    Wake futex;
    final Map<Integer, Gaps> gaps = new TreeMap<>();
    final Map<String, String> whyNot = new TreeMap<>();

    /**
     * How long after a thread was woken on another CPU it ran.
     *
     * @param from  the waking CPU
     * @param to    the woken thread's
     * @param count how many were measured
     * @param p50   microseconds
     * @param p99   microseconds
     */
    record Wake(int from, int to, int count, double p50, double p99) {
    }

    /**
     * What a thread that did nothing but read the clock missed.
     *
     * @param seconds     how long it read
     * @param count       gaps longer than 10 us
     * @param worstMicros the longest
     * @param sumMicros   all of them
     * @param waitMicros  how long the thread waited for the CPU meanwhile, because others ran there; NaN if the kernel does not tell
     */
    record Gaps(double seconds, int count, double worstMicros, double sumMicros, double waitMicros) {
    }

    /** @return the CPU with the longest gap among these, null if none was measured */
    Map.Entry<Integer, Gaps> worst(CpuSet cpus) {
        Map.Entry<Integer, Gaps> worst = null;
        for (Map.Entry<Integer, Gaps> entry : gaps.entrySet()) {
            if (cpus.contains(entry.getKey()) && (worst == null || entry.getValue().worstMicros > worst.getValue().worstMicros)) {
                worst = entry;
            }
        }
        return worst;
    }

    /**
     * @return the most that one of these CPUs lost in gaps beyond what its thread waited for other threads, as an effect: to interrupts and
     *         what the kernel does after them, to the hypervisor or the firmware; null if nothing was measured or lost
     */
    Effect lostToOtherThanThreads(CpuSet cpus) {
        Effect most = null;
        for (Map.Entry<Integer, Gaps> entry : gaps.entrySet()) {
            double lost = entry.getValue().sumMicros - entry.getValue().waitMicros;
            if (cpus.contains(entry.getKey()) && lost > 0 && (most == null || lost > most.micros())) {
                most = new Effect(lost, "of " + entry.getValue().seconds + " s lost on CPU " + entry.getKey() + ", and not to threads");
            }
        }
        return most;
    }

    /** @return the longest gap on these CPUs as an effect, null if there was none or nothing was measured */
    Effect worstGap(CpuSet cpus) {
        Map.Entry<Integer, Gaps> worst = worst(cpus);
        return worst == null || worst.getValue().count == 0 ? null
                : new Effect(worst.getValue().worstMicros, "the longest gap on CPU " + worst.getKey());
    }
}
