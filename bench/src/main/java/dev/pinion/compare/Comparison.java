package dev.pinion.compare;

import dev.pinion.bench.Statistics;
import dev.pinion.bench.Statistics.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One figure of both sides.
 *
 * @param jdk    of each pair
 * @param pinion of the same pair
 * @param ratio  Pinion's through the JDK's, within pairs
 */
record Comparison(Figure figure, double[] jdk, double[] pinion, Interval ratio) {

    /** Pairs that an interval of 90 % takes. */
    private static final int LEAST = 5;

    /** What can be said. */
    enum Outcome { BETTER, WORSE, DIFFERENT, NONE, TOO_FEW, TOO_SMALL }

    /** A measured pair. */
    record Pair(Sample jdk, Sample pinion) {}

    /** All figures that each of {@code pairs}, which are not none, has. */
    static List<Comparison> of(List<Pair> pairs) {
        List<Comparison> all = new ArrayList<>();
        for (Figure figure : Figure.values()) {
            if (pairs.stream().allMatch(pair -> pair.jdk().figures().containsKey(figure) && pair.pinion().figures().containsKey(figure))) {
                double[] jdk = pairs.stream().mapToDouble(pair -> pair.jdk().figures().get(figure)).toArray();
                double[] pinion = pairs.stream().mapToDouble(pair -> pair.pinion().figures().get(figure)).toArray();
                all.add(new Comparison(figure, jdk, pinion, Statistics.interval(ratios(figure, jdk, pinion))));
            }
        }
        return all;
    }

    /** Nothing through nothing is 1, and so is what is too small to be told from nothing. */
    private static double[] ratios(Figure figure, double[] jdk, double[] pinion) {
        double[] ratios = new double[jdk.length];
        for (int i = 0; i < ratios.length; i++) {
            boolean neither = jdk[i] < figure.resolution() && pinion[i] < figure.resolution();
            ratios[i] = neither || jdk[i] == pinion[i] ? 1 : pinion[i] / jdk[i];
        }
        return ratios;
    }

    /** Whether the figures differ, and as a rule by less than they can be told apart. */
    private boolean isTooSmall() {
        return !Arrays.equals(jdk, pinion) && Statistics.median(jdk) < figure.resolution() && Statistics.median(pinion) < figure.resolution();
    }

    Outcome outcome() {
        if (isTooSmall()) {
            return Outcome.TOO_SMALL;
        }
        if (ratio.tooFewSamples()) {
            return Outcome.TOO_FEW;
        }
        if (ratio.low() <= 1 && ratio.high() >= 1) {
            return Outcome.NONE;
        }
        return switch (figure.better()) {
            case NEITHER -> Outcome.DIFFERENT;
            case LESS -> ratio.high() < 1 ? Outcome.BETTER : Outcome.WORSE;
            case MORE -> ratio.low() > 1 ? Outcome.BETTER : Outcome.WORSE;
        };
    }

    /** One sentence without its end: what can be said, with the ratio and its interval. {@code of} stands between the two. */
    String sentence(String of) {
        String numbers = number(ratio.median()) + of + " (" + number(ratio.low()) + " to " + number(ratio.high()) + ")";
        return switch (outcome()) {
            case TOO_SMALL -> "too small to compare";
            case TOO_FEW -> "too few runs to tell, " + LEAST + " are the least: " + numbers;
            case NONE -> "no difference found: " + numbers;
            case BETTER -> "better, " + change() + ": " + numbers;
            case WORSE -> "worse, " + change() + ": " + numbers;
            case DIFFERENT -> change() + ": " + numbers;
        };
    }

    /** In words: "12 % less", "3.4 times as much". */
    String change() {
        double median = ratio.median();
        if (median == Double.POSITIVE_INFINITY) {
            return "the JDK has none";
        }
        if (median >= 2) {
            return number(median) + " times as much";
        }
        double percent = Math.abs(median - 1) * 100;
        return String.format(Locale.ROOT, percent < 9.95 ? "%.1f" : "%.0f", percent) + (median < 1 ? " % less" : " % more");
    }

    private static String number(double value) {
        return value == Double.POSITIVE_INFINITY ? "infinite" : String.format(Locale.ROOT, value < 99.5 ? "%.2f" : "%.0f", value);
    }
}
