package dev.pinion.bench;

import java.util.Arrays;

/**
 * By how much the runs of one session differ from those of another, which are no pairs. The estimate is Hodges and Lehmann's: the median of all
 * differences between a run of one and a run of the other; the interval is made of two of them, as the distribution of Mann and Whitney's
 * count allows. No random numbers, no assumption about the shape but that it is the same in both.
 */
final class Shift {

    private Shift() {
    }

    /** What all later values are over all earlier ones, as a ratio. Two that never came are alike. */
    static Statistics.Interval ratio(double[] earlier, double[] later) {
        return interval(earlier, later, true);
    }

    /** What all later values are above all earlier ones. Two that never came are alike. */
    static Statistics.Interval difference(double[] earlier, double[] later) {
        return interval(earlier, later, false);
    }

    private static Statistics.Interval interval(double[] earlier, double[] later, boolean ratio) {
        double[] all = new double[earlier.length * later.length];
        int next = 0;
        for (double a : earlier) {
            for (double b : later) {
                all[next++] = a == b ? (ratio ? 1 : 0) : ratio ? b / a : b - a;
            }
        }
        Arrays.sort(all);
        double[] below = tail(earlier.length, later.length);
        // With k the largest number for which P(U < k) is small enough on each side: the k-th from either end.
        int k = 1;
        while (2 * (k + 1) <= all.length && 1 - 2 * below[k + 1] >= Statistics.WANTED_COVERAGE) {
            k++;
        }
        return new Statistics.Interval(Statistics.median(all), all[k - 1], all[all.length - k], Math.max(0, 1 - 2 * below[k]));
    }

    /** {@code tail[k]}: the probability of a count below k where both are alike, of n and m values. */
    private static double[] tail(int n, int m) {
        // ways[i][u]: orders of i earlier values among those later ones taken so far in which u pairs have the later one first.
        double[][] ways = new double[n + 1][n * m + 1];
        for (int i = 0; i <= n; i++) {
            ways[i][0] = 1;
        }
        for (int j = 1; j <= m; j++) {
            double[][] now = new double[n + 1][n * m + 1];
            now[0][0] = 1;
            for (int i = 1; i <= n; i++) {
                for (int u = 0; u <= i * j; u++) {
                    // The largest is an earlier value, above all j later ones; or a later one, which adds nothing.
                    now[i][u] = (u >= j ? now[i - 1][u - j] : 0) + ways[i][u];
                }
            }
            ways = now;
        }
        double total = Arrays.stream(ways[n]).sum();
        double[] tail = new double[n * m + 2];
        for (int k = 1; k < tail.length; k++) {
            tail[k] = tail[k - 1] + ways[n][k - 1] / total;
        }
        return tail;
    }
}
