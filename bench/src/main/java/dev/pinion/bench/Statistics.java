package dev.pinion.bench;

import java.util.Arrays;

/**
 * Medians and their intervals, without assumptions about the distribution.
 *
 * <p>The interval is made of two order statistics: the k-th smallest and k-th largest value, with the largest k for which
 * the binomial coverage is at least 90 %. It needs no random numbers, so the same samples print the same line. With fewer
 * than five values not even smallest and largest reach 90 %; they are given all the same, and {@link Interval#coverage}
 * says what they are worth.
 */
public final class Statistics {

    /** The coverage asked for. */
    public static final double WANTED_COVERAGE = 0.90;

    /** Low and high end around a median, and the probability with which they enclose the true median. */
    public record Interval(double median, double low, double high, double coverage) {

        /** Whether there were too few samples for the coverage asked for. */
        public boolean tooFewSamples() {
            return coverage < WANTED_COVERAGE;
        }
    }

    private Statistics() {
    }

    /** The middle value, or the mean of the two in the middle. {@code values} is not changed and not empty. */
    public static double median(double[] values) {
        double[] sorted = sorted(values);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The median with its 90 % interval. {@code values} is not changed and not empty. */
    public static Interval interval(double[] values) {
        double[] sorted = sorted(values);
        int n = sorted.length;
        // outside(k) = P(fewer than k of n samples lie below the median); coverage of [k-th, n+1-k-th] is 1 - 2 outside(k).
        double outside = Math.pow(0.5, n);
        double term = outside;
        int k = 1;
        while (2 * (k + 1) <= n) {
            term = term * (n - k + 1) / k;
            if (1 - 2 * (outside + term) < WANTED_COVERAGE) {
                break;
            }
            outside += term;
            k++;
        }
        return new Interval(median(sorted), sorted[k - 1], sorted[n - k], Math.max(0, 1 - 2 * outside));
    }

    /** Largest over smallest: how far the runs of one side were apart. */
    public static double spread(double[] values) {
        double[] sorted = sorted(values);
        return sorted[sorted.length - 1] / sorted[0];
    }

    private static double[] sorted(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no samples");
        }
        double[] copy = values.clone();
        Arrays.sort(copy);
        return copy;
    }
}
