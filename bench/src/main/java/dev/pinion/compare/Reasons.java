package dev.pinion.compare;

import dev.pinion.bench.Statistics;
import dev.pinion.compare.Comparison.Outcome;
import dev.pinion.compare.Comparison.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Why a scheduler may have made no difference, as far as what was measured tells. Knows nothing but numbers. */
final class Reasons {
    /** Below this many turns of Gs the program has hardly a virtual thread: Pinion's own start takes a few. */
    private static final long FEW_TURNS = 20;

    /** A switch of threads costs some 5 us with what it does to the caches: so many a second are half a percent. */
    private static final double FEW_SWITCHES_PER_CPU_SECOND = 1000;

    private static final double NEARLY_ALL = 0.8;
    private static final double MUCH = 0.25;

    /** Of one core: below it, the program waits most of the time. */
    private static final double HARDLY = 0.25;

    private static final double GENERATORS_LIMIT = 0.9;

    /** Largest through smallest run of one side. */
    private static final double UNEVEN = 1.3;

    private static final double SHORT_NANOS = 1e9;

    private Reasons() {}

    /**
     * Sentences, the most telling first; none when nothing is known.
     *
     * @param pairs what was measured, not none
     * @param trace what Pinion said of the warm-up, or null
     * @param main  the figure that the verdict is about
     */
    static List<String> of(List<Pair> pairs, Trace trace, Comparison main) {
        List<String> reasons = new ArrayList<>();
        boolean none = main.outcome() == Outcome.NONE || main.outcome() == Outcome.TOO_FEW;
        double wall = median(pairs, Sample.Use::wallNanos);
        double cpu = median(pairs, Sample.Use::cpuNanos);
        if (median(pairs, use -> Double.isNaN(use.generatorsShare()) ? 0 : use.generatorsShare()) >= GENERATORS_LIMIT) {
            reasons.add("the load generator itself was at its limit, so the rate is its own rather than the server's");
        }
        if (trace != null && trace.turns() < FEW_TURNS) {
            reasons.add("the program runs hardly anything in virtual threads, and Pinion schedules nothing else");
        }
        double jit = median(pairs, use -> use.jitNanos() / use.cpuNanos());
        if (jit >= MUCH) {
            reasons.add(percent(jit) + " of the CPU time is the JIT compiler's: the runs are too short to show much else");
        }
        if (none) {
            addUseOfTime(reasons, pairs, wall, cpu);
            double spread = Math.max(Statistics.spread(main.jdk()), Statistics.spread(main.pinion()));
            if (spread > UNEVEN) {
                reasons.add(String.format(Locale.ROOT, "the runs of one side are themselves up to %.1f times apart: more runs, or a quieter machine, "
                        + "may show a difference", spread));
            }
        }
        if (main.outcome() == Outcome.WORSE && main.figure() == Figure.WALL && wall < SHORT_NANOS) {
            reasons.add("the runs are short, and each has Pinion's own start in it");
        }
        return reasons;
    }

    private static void addUseOfTime(List<String> reasons, List<Pair> pairs, double wall, double cpu) {
        int cores = pairs.getFirst().jdk().use().cores();
        double gc = median(pairs, use -> use.gcNanos() / use.cpuNanos());
        double switches = median(pairs, use -> 1e9 * use.switches() / use.cpuNanos());
        if (gc >= MUCH) {
            reasons.add(percent(gc) + " of the CPU time is the garbage collector's, which no scheduler of virtual threads changes");
        }
        if (cpu < HARDLY * wall) {
            reasons.add("it uses a CPU for " + percent(cpu / wall) + " of the time only: it waits on others, who are as slow for either scheduler");
        } else if (switches < FEW_SWITCHES_PER_CPU_SECOND && cpu >= NEARLY_ALL * wall) {
            reasons.add(String.format(Locale.ROOT, "it computes and hardly ever blocks: %.0f context switches in a second of CPU time, and CPU time for "
                    + "%.1f of %d cores", switches, cpu / wall, cores));
        }
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    /** Of the JDK's side: Pinion's idle Ps may spin, and it starts more threads. */
    private static double median(List<Pair> pairs, ToDoubleFunction<Sample.Use> of) {
        return Statistics.median(pairs.stream().mapToDouble(pair -> of.applyAsDouble(pair.jdk().use())).toArray());
    }
}
