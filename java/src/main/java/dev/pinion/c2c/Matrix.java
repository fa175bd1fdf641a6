package dev.pinion.c2c;

import java.util.Arrays;

/** What was measured for each pair of CPUs, one way, in nanoseconds: of each round the mean, of the rounds the quartiles. Filled by one thread. */
public final class Matrix {
    /** Beyond this distance of the quartiles, as a share of the median, something else was at work on one of the two CPUs. */
    static final double NOISY = 0.25;

    private final int[] cpus;
    private final double[][] median;
    private final double[][] low;
    private final double[][] high;

    /** @param cpus in the order of rows and columns; no figure is known yet */
    public Matrix(int... cpus) {
        this.cpus = cpus.clone();
        median = unknown(cpus.length);
        low = unknown(cpus.length);
        high = unknown(cpus.length);
    }

    private static double[][] unknown(int size) {
        double[][] figures = new double[size][size];
        for (double[] row : figures) {
            Arrays.fill(row, Double.NaN);
        }
        return figures;
    }

    /** Sets a pair, in both directions. @param a and {@code b} are rows, not CPUs @param rounds what each round took */
    public void set(int a, int b, double... rounds) {
        double[] sorted = rounds.clone();
        Arrays.sort(sorted);
        median[a][b] = median[b][a] = sorted[sorted.length / 2];
        low[a][b] = low[b][a] = sorted[sorted.length / 4];
        high[a][b] = high[b][a] = sorted[sorted.length * 3 / 4];
    }

    /** @return the number of rows */
    public int size() {
        return cpus.length;
    }

    /** @return the CPU of a row and column */
    public int cpu(int row) {
        return cpus[row];
    }

    /** @return the median; not a number on the diagonal, and where nothing was measured */
    public double median(int a, int b) {
        return median[a][b];
    }

    /** @return the lower quartile */
    public double low(int a, int b) {
        return low[a][b];
    }

    /** @return the upper quartile */
    public double high(int a, int b) {
        return high[a][b];
    }

    /** @return whether the figure of a pair is not to be trusted */
    public boolean isNoisy(int a, int b) {
        return high[a][b] - low[a][b] > NOISY * median[a][b];
    }

    /** @return of how many pairs the figure is not to be trusted */
    public int noisyPairs() {
        int count = 0;
        for (int a = 0; a < cpus.length; a++) {
            for (int b = a + 1; b < cpus.length; b++) {
                count += isNoisy(a, b) ? 1 : 0;
            }
        }
        return count;
    }
}
