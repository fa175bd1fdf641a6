package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    private static double[] upTo(int n) {
        return IntStream.rangeClosed(1, n).asDoubleStream().toArray();
    }

    @Test
    void medianOfOddAndEvenCounts() {
        assertEquals(2, Statistics.median(new double[] {3, 1, 2}));
        assertEquals(2.5, Statistics.median(new double[] {4, 1, 3, 2}));
        assertEquals(7, Statistics.median(new double[] {7}));
    }

    @Test
    void medianLeavesItsArgumentAlone() {
        double[] values = {3, 1, 2};
        Statistics.median(values);
        assertArrayEquals(new double[] {3, 1, 2}, values);
    }

    @Test
    void nineValuesGiveTheSecondAndTheEighth() {
        Statistics.Interval interval = Statistics.interval(upTo(9));
        assertEquals(5, interval.median());
        assertEquals(2, interval.low());
        assertEquals(8, interval.high());
        assertEquals(1 - 2 * (1 + 9) / 512.0, interval.coverage(), 1e-12);
        assertFalse(interval.tooFewSamples());
    }

    /** Ranks from the tables of the sign test: the largest k whose interval still covers 90 %. */
    @Test
    void ranksAreThoseOfTheSignTest() {
        int[][] countAndRank = {{5, 1}, {7, 1}, {8, 2}, {10, 2}, {11, 3}, {15, 4}, {20, 6}, {30, 11}, {50, 19}};
        for (int[] row : countAndRank) {
            Statistics.Interval interval = Statistics.interval(upTo(row[0]));
            assertEquals(row[1], interval.low(), "low end of " + row[0]);
            assertEquals(row[0] + 1 - row[1], interval.high(), "high end of " + row[0]);
        }
    }

    @Test
    void threeValuesAreTooFewAndSaySo() {
        Statistics.Interval interval = Statistics.interval(upTo(3));
        assertEquals(1, interval.low());
        assertEquals(3, interval.high());
        assertEquals(0.75, interval.coverage(), 1e-12);
        assertTrue(interval.tooFewSamples());
    }

    @Test
    void intervalEnclosesTheTrueMedianAsOftenAsItClaims() {
        Random random = new Random(42);
        int rounds = 20_000;
        int enclosed = 0;
        double coverage = 0;
        for (int round = 0; round < rounds; round++) {
            // Skewed, as run times are; the median of exp(gaussian) is 1.
            double[] values = IntStream.range(0, 9).mapToDouble(i -> Math.exp(random.nextGaussian())).toArray();
            Statistics.Interval interval = Statistics.interval(values);
            enclosed += interval.low() <= 1 && 1 <= interval.high() ? 1 : 0;
            coverage = interval.coverage();
        }
        assertEquals(coverage, enclosed / (double) rounds, 0.01);
    }

    @Test
    void spreadIsSlowestOverFastest() {
        assertEquals(4, Statistics.spread(new double[] {2, 8, 3}));
    }

    @Test
    void nothingHasNoMedian() {
        assertThrows(IllegalArgumentException.class, () -> Statistics.median(new double[0]));
        assertThrows(IllegalArgumentException.class, () -> Statistics.interval(new double[0]));
    }
}
