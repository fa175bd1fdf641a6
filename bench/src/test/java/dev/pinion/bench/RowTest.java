package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.terminal.Terminal;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class RowTest {

    private static List<Sample> samples(String metric, double... values) {
        return DoubleStream.of(values).mapToObj(value -> new Sample(Map.of(metric, value), null, Double.NaN, "")).toList();
    }

    private static Row row(String workload, String metric, List<Sample> a, List<Sample> b) {
        return row(workload, metric, Condition.QUIET, Side.JDK, a, b);
    }

    private static Row row(String workload, String metric, Condition condition, Side against, List<Sample> a, List<Sample> b) {
        Workload chosen = Catalogue.select(List.of(workload)).getFirst();
        Workload.Figure figure = chosen.figures().stream().filter(each -> each.metric().equals(metric)).findFirst().orElseThrow();
        return new Row(chosen, figure, 1, condition, Side.PINION, against, a, b, List.of());
    }

    private static String line(Row row) {
        return new Table("pinion", List.of(row.againstLabel()), false, new Terminal(false)).line(new Line(List.of(row), new NoiseCheck.Repeats(0, 0)));
    }

    /** The machine grew slower by three from pair to pair: medians of the sides say nothing, ratios within pairs do. */
    @Test
    void ratiosAreTakenWithinPairs() {
        Row row = row("spawn", "op", samples("op", 90, 270, 810, 2430, 7290), samples("op", 100, 300, 900, 2700, 8100));
        assertEquals(0.9, row.comparison().median(), 1e-12);
        assertEquals(0.9, row.comparison().low(), 1e-12);
        assertEquals(0.9, row.comparison().high(), 1e-12);
        assertNull(row.noise());
        assertEquals(List.of("met (1.00x)"), row.verdicts());
    }

    @Test
    void aWideIntervalMissesANotSlowerGoal() {
        Row row = row("spawn", "op", samples("op", 90, 90, 90, 90, 110), samples("op", 100, 100, 100, 100, 100));
        assertEquals(0.9, row.comparison().median(), 1e-12);
        assertEquals(List.of("MISSED (1.00x)"), row.verdicts());
    }

    @Test
    void aSideWhoseTasksStarveMeetsNoGoal() {
        List<Sample> starving = DoubleStream.of(10, 10, 10, 10, 10)
                .mapToObj(value -> new Sample(Map.of("op", value), null, 0.01, "")).toList();
        Row fast = row("delisle-churn", "op", starving, samples("op", 100, 100, 100, 100, 100));
        assertEquals(List.of("MISSED (1.00x)", "tasks starve on pinion"), fast.verdicts());
        Row slow = row("delisle-churn", "op", samples("op", 9, 9, 9, 9, 9), starving);
        assertEquals(List.of("met (1.00x)", "tasks starve on jdk"), slow.verdicts());
    }

    @Test
    void startUpIsADifference() {
        Row row = row("startup", "wall", samples("wall", 150, 130, 140, 150, 160), samples("wall", 100, 100, 100, 100, 100));
        assertEquals(50, row.comparison().median(), 1e-12);
        assertEquals(List.of("met (+60.0 ms)"), row.verdicts());
    }

    @Test
    void goalsBesideHogsAreOthersThanOnAQuietMachine() {
        List<Sample> a = samples("p50", 90_000, 90_000, 90_000, 90_000, 90_000);
        assertEquals(List.of("MISSED (20.0 us)"), row("block-unannounced", "p50", Condition.QUIET, Side.JDK, a, a).verdicts());
        assertEquals(List.of("met (100 us)"), row("block-unannounced", "p50", Condition.HOG, Side.JDK, a, a).verdicts());
        assertEquals(List.of("met (100 us)"), row("block-unannounced", "p50", Condition.HOGS4, Side.GO, a, a).verdicts());
        assertEquals(List.of(), row("block-unannounced", "p50", Condition.QUOTA, Side.JDK, a, a).verdicts());
    }

    @Test
    void whatNeverHappensOnOneSideIsSaidAndHasNoRatio() {
        double never = Double.POSITIVE_INFINITY;
        Row theirs = row("block-unannounced", "p50", samples("p50", 15_000, 15_000, 15_000), samples("p50", never, never, never));
        assertTrue(line(theirs).contains(" never "), line(theirs));
        assertEquals(List.of("met (20.0 us)"), theirs.verdicts());
        Row ours = row("block-unannounced", "p50", samples("p50", never, never, never), samples("p50", never, never, never));
        assertTrue(line(ours).contains("never     never 1.000 [1.000 1.000]~ "), line(ours));
        assertEquals(List.of("MISSED (20.0 us)"), ours.verdicts());
        Row oursOnly = row("block-unannounced", "p50", samples("p50", never, never, never), samples("p50", 100, 100, 100));
        assertTrue(line(oursOnly).contains("never    100 ns never~ "), line(oursOnly));
    }

    @Test
    void twoThatNeverCameAreAlike() {
        double[] never = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        Row row = row("spawn", "op", samples("op", never), samples("op", never));
        assertEquals(1, row.comparison().high());
        assertEquals(List.of("met (1.00x)"), row.verdicts());
    }

    @Test
    void aLineIsOneLineAndNamesTheWorkload() {
        Row row = row("yield", "op", samples("op", 99, 101, 100), samples("op", 100, 100, 100));
        String line = line(row);
        assertTrue(line.startsWith("yield "), line);
        assertTrue(line.contains("1.000 [0.990 1.010]~"), line);
        assertEquals(1, line.lines().count());
    }
}
