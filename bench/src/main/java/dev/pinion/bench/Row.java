package dev.pinion.bench;

import dev.pinion.bench.Statistics.Interval;
import dev.pinion.bench.Workload.Figure;
import dev.pinion.bench.Workload.Goal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * All runs of one workload under one condition, and what one of its figures says.
 *
 * @param workload  what ran
 * @param figure    which of its figures this is
 * @param procs     number of Ps
 * @param condition what else happened
 * @param subject   side A
 * @param against   side B
 * @param a         A's samples, one a round
 * @param b         B's samples, one a round
 * @param again     B's second samples, one a round, or empty
 */
record Row(Workload workload, Figure figure, int procs, Condition condition, Side subject, Side against, List<Sample> a,
        List<Sample> b, List<Sample> again) {

    /** What side B is called: differently from side A, if it is the same. */
    String againstLabel() {
        return Contestant.labelOf(subject, against);
    }

    /** What can be said of A being worse than B. */
    enum Standing {
        NOT_BEHIND(""),
        /** In every round, which are too few for an interval. */
        MAYBE_BEHIND("behind?"), BEHIND("behind");

        private final String mark;

        Standing(String mark) {
            this.mark = mark;
        }

        /** One word for tables, or nothing. */
        String mark() {
            return mark;
        }
    }

    /**
     * Whether A is worse than B by more than the interval, and by more than the machine alone makes of it. Of the load generator's own lateness
     * nobody is.
     *
     * @param noise what a side is against itself, or null where that was not measured
     */
    Standing standing(Interval noise) {
        Interval comparison = comparison();
        double equal = figure.unit().isRatio() ? 1 : 0;
        if (figure.isGenerators() || !(comparison.low() > equal) || noise != null && comparison.median() <= noise.high()) {
            return Standing.NOT_BEHIND;
        }
        return comparison.tooFewSamples() ? Standing.MAYBE_BEHIND : Standing.BEHIND;
    }

    /** Whether A is better than B by as much as makes it behind where it is worse. @param noise as for {@link #standing} */
    boolean isAhead(Interval noise) {
        Interval comparison = comparison();
        double equal = figure.unit().isRatio() ? 1 : 0;
        return !figure.isGenerators() && comparison.high() < equal && !comparison.tooFewSamples() && (noise == null || comparison.median() < noise.low());
    }

    double[] values(List<Sample> samples) {
        return samples.stream().mapToDouble(sample -> sample.metrics().get(figure.metric())).toArray();
    }

    double median(List<Sample> samples) {
        return Statistics.median(values(samples));
    }

    /** A over B, or A minus B, within pairs. */
    Interval comparison() {
        return Statistics.interval(comparisons());
    }

    /** The same of B's second runs against its first: what the machine alone does to such a figure. Null if not run. */
    Interval noise() {
        return again.isEmpty() ? null : Statistics.interval(compare(values(again), values(b)));
    }

    /** A over B, or A minus B, of each pair; two that never came are alike. */
    double[] comparisons() {
        return compare(values(a), values(b));
    }

    private double[] compare(double[] left, double[] right) {
        double[] pairs = new double[left.length];
        for (int i = 0; i < pairs.length; i++) {
            boolean ratio = figure.unit().isRatio();
            pairs[i] = left[i] == right[i] ? (ratio ? 1 : 0) : ratio ? left[i] / right[i] : left[i] - right[i];
        }
        return pairs;
    }

    /** Median of a counter over the samples, or NaN where a side does not measure it. */
    double usage(List<Sample> samples, ToDoubleFunction<Sample.Usage> counter) {
        double[] values = samples.stream().filter(sample -> sample.usage() != null)
                .mapToDouble(sample -> counter.applyAsDouble(sample.usage())).toArray();
        return values.length == 0 ? Double.NaN : Statistics.median(values);
    }

    /** Median of slowest over fastest task, or NaN where a workload has no equal tasks. */
    double fair(List<Sample> samples) {
        double[] values = samples.stream().mapToDouble(Sample::fair).filter(Double::isFinite).toArray();
        return values.length == 0 ? Double.NaN : Statistics.median(values);
    }

    /** Below this share of the fastest task's turns the slowest one starves, and a rate is no rate. */
    static final double STARVING = 0.1;

    /**
     * The goals that this row is held against, and whether they are met; and whose tasks starve. Only Pinion has goals, and
     * a side whose tasks starve meets none: it did less work than was asked.
     */
    List<String> verdicts() {
        List<String> verdicts = new ArrayList<>();
        boolean starving = fair(a) < STARVING;
        for (Goal goal : figure.goals()) {
            if (subject == Side.PINION && goal.applies(against, procs, condition)) {
                String limit = switch (goal.kind()) {
                    case RATIO -> String.format(Locale.ROOT, "%.2fx", goal.limit());
                    case DIFFERENCE -> "+" + figure.unit().format(goal.limit());
                    case ABSOLUTE -> figure.unit().format(goal.limit());
                };
                verdicts.add((goal.met(comparison(), median(a)) && !starving ? "met" : "MISSED") + " (" + limit + ")");
            }
        }
        if (starving) {
            verdicts.add("tasks starve on " + subject.label());
        }
        if (fair(b) < STARVING) {
            verdicts.add("tasks starve on " + againstLabel());
        }
        return verdicts;
    }
}
