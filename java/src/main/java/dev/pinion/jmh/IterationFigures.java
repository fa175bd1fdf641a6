package dev.pinion.jmh;

import dev.pinion.cpu.StealTime;
import dev.pinion.cpu.ThreadCounters;
import dev.pinion.cpu.Throttling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What happened to the workers during one iteration, as the difference of two snapshots, and whether its figure is to be trusted.
 * Numbers are {@link Double#NaN} where they are not known.
 *
 * @param migrations      of all workers together
 * @param voluntary       switches of all workers together, by which a worker waited for something
 * @param involuntary     switches of all workers together, by which its CPU was taken from a worker
 * @param runDelayPercent of the iteration, that the worst-off worker could have run and had no CPU
 * @param throttles       how often a quota stopped the cgroup or one of its parents
 * @param throttledMillis the CPU time that it withheld, all CPUs and all those groups together, so more than what passed
 * @param stealPercent    of the time of the workers' CPUs, that the hypervisor kept
 * @param doubts          why the figure is not to be trusted; empty if nothing that is known speaks against it
 * @param unknown         what cannot be read
 */
record IterationFigures(double migrations, double voluntary, double involuntary, double runDelayPercent, double throttles,
                        double throttledMillis, double stealPercent, List<String> doubts, List<String> unknown) {
    /** From here on, in percent, the figure is not to be trusted: chosen, not measured. */
    static final double TOLERATED_PERCENT = 1;

    /**
     * @param begun     {@code System.nanoTime()} before the counters were read
     * @param ended     the same afterwards: whoever reads may be kept from a CPU as well
     * @param workers   the threads that run the benchmark, with their counters
     * @param throttled null if not known
     * @param steal     of the workers' CPUs, null if not known
     */
    record Snapshot(long begun, long ended, Map<Worker, ThreadCounters> workers, Throttling.Reading throttled, StealTime steal) {
    }

    /** Workers that were born in between are counted from their birth. */
    static IterationFigures between(Snapshot before, Snapshot after) {
        List<String> doubts = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        double elapsed = Math.max(1, after.ended - before.begun);
        double migrations = 0;
        double voluntary = 0;
        double involuntary = 0;
        double worst = 0;
        boolean complete = !after.workers.isEmpty() && after.workers.keySet().containsAll(before.workers.keySet());
        if (!complete) {
            unknown.add(after.workers.isEmpty() ? "which threads run the benchmark" : "what befell a worker that has ended");
            migrations = voluntary = involuntary = worst = Double.NaN;
        }
        for (Map.Entry<Worker, ThreadCounters> entry : after.workers.entrySet()) {
            Worker worker = entry.getKey();
            ThreadCounters had = entry.getValue().since(before.workers.getOrDefault(worker, worker.since()));
            double moved = figure(had.migrations());
            double waited = 100 * figure(had.waitedNanos()) / elapsed;
            migrations += moved;
            voluntary += figure(had.voluntary());
            involuntary += figure(had.involuntary());
            worst = Double.isNaN(waited) || waited > worst ? waited : worst; // once NaN, always NaN
            String name = worker.shortName();
            if (waited > TOLERATED_PERCENT) {
                doubts.add(name + " was kept from " + (worker.cpu() == Worker.NOT_PINNED ? "every CPU" : "CPU " + worker.cpu())
                        + " for " + percent(waited) + " of the iteration");
            }
            if (worker.cpu() != Worker.NOT_PINNED && moved > 0) {
                doubts.add(name + " left CPU " + worker.cpu() + ", to which it was pinned");
            }
        }
        if (complete) {
            name(unknown, migrations, "migrations");
            name(unknown, voluntary + involuntary, "switches");
            name(unknown, worst, "run delay");
        }
        boolean throttleKnown = before.throttled != null && after.throttled != null;
        double throttles = throttleKnown ? after.throttled.times() - before.throttled.times() : Double.NaN;
        double throttledMillis = throttleKnown ? (after.throttled.micros() - before.throttled.micros()) / 1000.0 : Double.NaN;
        if (throttles > 0 || throttledMillis > 0) {
            doubts.add("a CPU quota withheld " + String.format(Locale.ROOT, "%.1f ms", throttledMillis) + " of CPU time, all CPUs together");
        }
        name(unknown, throttles, "throttling");
        double steal = steal(before.steal, after.steal);
        if (steal > TOLERATED_PERCENT) {
            doubts.add("the hypervisor took " + percent(steal) + " of the CPUs' time");
        }
        name(unknown, steal, "steal time");
        return new IterationFigures(migrations, voluntary, involuntary, worst, throttles, throttledMillis, steal,
                List.copyOf(doubts), List.copyOf(unknown));
    }

    private static double figure(long count) {
        return count == ThreadCounters.UNKNOWN ? Double.NaN : count;
    }

    /** Unknown also where no tick came in between, or where other CPUs are meant than before. */
    private static double steal(StealTime before, StealTime after) {
        if (before == null || after == null || after.all() <= before.all()) {
            return Double.NaN;
        }
        return 100.0 * (after.stolen() - before.stolen()) / (after.all() - before.all());
    }

    private static void name(List<String> unknown, double figure, String name) {
        if (Double.isNaN(figure)) {
            unknown.add(name);
        }
    }

    private static String percent(double percent) {
        return String.format(Locale.ROOT, "%.1f %%", percent);
    }
}
