package dev.pinion.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.compare.Comparison.Outcome;
import dev.pinion.compare.Comparison.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final Sample.Use USE = new Sample.Use(1e9, 1e9, 0, 0, 0, 2, Double.NaN);

    private static Comparison compare(Figure figure, double[] jdk, double[] pinion) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < jdk.length; i++) {
            pairs.add(new Pair(new Sample(Map.of(figure, jdk[i]), USE), new Sample(Map.of(figure, pinion[i]), USE)));
        }
        List<Comparison> all = Comparison.of(pairs);
        assertEquals(1, all.size());
        return all.getFirst();
    }

    @Test
    void lessTimeIsBetterAndSaysByHowMuch() {
        Comparison wall = compare(Figure.WALL, new double[] {10, 11, 10, 12, 10}, new double[] {8, 8.8, 7.9, 9.6, 8.1});
        assertEquals(Outcome.BETTER, wall.outcome());
        assertEquals("better, 20 % less: 0.80 of the JDK's (0.79 to 0.81)", wall.sentence(" of the JDK's"));
    }

    @Test
    void moreTimeIsWorse() {
        Comparison wall = compare(Figure.WALL, new double[] {10, 10, 10, 10, 10}, new double[] {30, 31, 29, 33, 30});
        assertEquals(Outcome.WORSE, wall.outcome());
        assertTrue(wall.sentence("").startsWith("worse, 3.00 times as much: 3.00 (2.90 to 3.30)"), wall.sentence(""));
    }

    @Test
    void moreRequestsAreBetterAndFewerWorse() {
        double[] slow = {100, 101, 99, 100, 100};
        double[] fast = {120, 121, 122, 119, 120};
        assertEquals(Outcome.BETTER, compare(Figure.RATE, slow, fast).outcome());
        assertEquals(Outcome.WORSE, compare(Figure.RATE, fast, slow).outcome());
    }

    @Test
    void anIntervalThatContains1IsNoDifference() {
        Comparison wall = compare(Figure.WALL, new double[] {10, 10, 10, 10, 10}, new double[] {9, 9, 9.5, 10.1, 9});
        assertEquals(Outcome.NONE, wall.outcome());
        assertTrue(wall.sentence("").startsWith("no difference found: 0.90 (0.90 to 1.01)"), wall.sentence(""));
    }

    @Test
    void fourRunsAreTooFewHoweverClearTheyLook() {
        Comparison wall = compare(Figure.WALL, new double[] {10, 10, 10, 10}, new double[] {5, 5, 5, 5});
        assertEquals(Outcome.TOO_FEW, wall.outcome());
        assertTrue(wall.sentence("").startsWith("too few runs to tell, 5 are the least: 0.50"), wall.sentence(""));
    }

    /** Pairs count, not the sides' medians: here the machine became twice as slow in between. */
    @Test
    void ratiosAreTakenWithinPairs() {
        Comparison wall = compare(Figure.WALL, new double[] {10, 10, 20, 20, 20}, new double[] {9, 9, 18, 18, 18});
        assertEquals(Outcome.BETTER, wall.outcome());
        assertEquals(0.9, wall.ratio().high(), 1e-9);
    }

    @Test
    void countsAreNeitherBetterNorWorse() {
        Comparison switches = compare(Figure.VOLUNTARY, new double[] {10, 10, 10, 10, 10}, new double[] {5, 5, 5, 5, 5});
        assertEquals(Outcome.DIFFERENT, switches.outcome());
        assertEquals("50 % less: 0.50 (0.50 to 0.50)", switches.sentence(""));
    }

    @Test
    void nothingOnBothSidesIsNoDifferenceAndOnOneItIsOne() {
        double[] none = new double[5];
        double[] some = {1, 2, 1, 1, 3};
        assertEquals(Outcome.NONE, compare(Figure.MIGRATIONS, none, none).outcome());
        assertEquals(Outcome.DIFFERENT, compare(Figure.MIGRATIONS, some, none).outcome());
        Comparison fromNone = compare(Figure.MIGRATIONS, none, some);
        assertEquals(Outcome.DIFFERENT, fromNone.outcome());
        assertEquals("the JDK has none: infinite (infinite to infinite)", fromNone.sentence(""));
    }

    @Test
    void whatIsBelowTheFiguresResolutionIsNotSaidToBeAlike() {
        Comparison gc = compare(Figure.GC, new double[] {311e3, 0, 400e3, 311e3, 2e6}, new double[] {422e3, 400e3, 422e3, 800e3, 3e6});
        assertEquals(Outcome.TOO_SMALL, gc.outcome());
        assertEquals("too small to compare", gc.sentence(""));
        assertEquals(Outcome.DIFFERENT, compare(Figure.GC, new double[] {311e3, 311e3, 311e3, 311e3, 311e3}, new double[] {2e6, 2e6, 2e6, 2e6, 2e6}).outcome());
    }

    @Test
    void aFigureThatOneRunLacksIsLeftOut() {
        Sample with = new Sample(Map.of(Figure.WALL, 1.0, Figure.MIGRATIONS, 1.0), USE);
        Sample without = new Sample(Map.of(Figure.WALL, 1.0), USE);
        List<Comparison> all = Comparison.of(List.of(new Pair(with, with), new Pair(with, without)));
        assertEquals(List.of(Figure.WALL), all.stream().map(Comparison::figure).toList());
    }
}
