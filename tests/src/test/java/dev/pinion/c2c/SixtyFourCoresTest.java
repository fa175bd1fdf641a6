package dev.pinion.c2c;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What is drawn for a machine with 64 CPUs: two nodes of two L3 caches of eight cores with two threads each; the second threads are CPUs 32 to 63. Siblings
 * take 10 ns, a cache 40, a node 90, the other node 160 and twice as much by two lines.
 */
class SixtyFourCoresTest {
    private static final int CPUS = 64;
    private static final double[] NANOS = {10, 40, 90, 160};

    private static int distance(int a, int b) {
        int coreA = a % 32;
        int coreB = b % 32;
        return coreA == coreB ? 0 : coreA / 8 == coreB / 8 ? 1 : coreA / 16 == coreB / 16 ? 2 : 3;
    }

    private static Matrix matrix(double factor) {
        Matrix matrix = new Matrix(IntStream.range(0, CPUS).toArray());
        for (int a = 0; a < CPUS; a++) {
            for (int b = a + 1; b < CPUS; b++) {
                double nanos = NANOS[distance(a, b)] * factor;
                matrix.set(a, b, nanos * 0.95, nanos * 0.98, nanos, nanos * 1.05, nanos * 40); // one round was interrupted
            }
        }
        return matrix;
    }

    private static Latencies latencies() {
        return new Latencies(matrix(1), matrix(2), "A <fake> machine.");
    }

    @Test
    void oneInterruptedRoundChangesNothing() {
        Matrix matrix = new Matrix(4, 7);
        matrix.set(0, 1, 100, 101, 99, 98, 5000);

        assertEquals(100, matrix.median(1, 0));
        assertEquals(99, matrix.low(0, 1));
        assertEquals(101, matrix.high(0, 1));
        assertFalse(matrix.isNoisy(0, 1));
        assertEquals(0, matrix.noisyPairs());
        assertTrue(Double.isNaN(matrix.median(0, 0)));
    }

    @Test
    void figuresWhereTheyFit() {
        List<String> lines = HeatMap.draw(matrix(1), Integer.MAX_VALUE, false).lines().toList();

        assertEquals(65, lines.size());
        assertTrue(lines.getFirst().matches("CPU( +\\d+){64}"), lines.getFirst());
        assertTrue(lines.stream().allMatch(line -> line.length() == lines.getFirst().length()), "columns stand below each other");
        assertEquals("0 . 40 40", String.join(" ", lines.get(1).strip().split(" +")).substring(0, 9));
        assertEquals("10", lines.get(1).strip().split(" +")[33], "CPU 32 is the sibling of CPU 0");
        assertEquals("160", lines.get(1).strip().split(" +")[17]);
        assertFalse(lines.toString().contains("\u001b"));
    }

    @Test
    void aDigitAPairWhereTheyDoNot() {
        List<String> lines = HeatMap.draw(matrix(1), 80, false).lines().toList();

        assertEquals(66, lines.size(), "what the digits mean is broken in two");
        assertTrue(lines.subList(0, 64).stream().allMatch(line -> line.length() == 68), lines.getFirst());
        String first = lines.getFirst().substring(4);
        assertEquals(".", first.substring(0, 1));
        assertEquals("0", first.substring(32, 33));
        assertEquals("9", first.substring(16, 17));
        assertTrue(first.charAt(1) < first.charAt(8) && first.charAt(8) < first.charAt(16), first);
        assertTrue(lines.get(64).startsWith("0 from 10, 1 from ") && lines.getLast().endsWith(" ns"), lines.getLast());
        assertTrue(HeatMap.draw(matrix(1), 40, false).lines().skip(64).allMatch(line -> line.length() <= 40));
    }

    @Test
    void coloursAreOfTheSameTextAndTheSlowestIsAnotherThanTheFastest() {
        Matrix matrix = matrix(1);
        for (int columns : new int[] {80, 1000}) {
            String coloured = HeatMap.draw(matrix, columns, true);
            assertEquals(HeatMap.draw(matrix, columns, false), coloured.replaceAll("\u001b\\[[0-9;]*m", ""));
            assertTrue(coloured.contains("\u001b[30;48;5;41m") && coloured.contains("\u001b[30;48;5;197m"));
        }
    }

    @Test
    void aFigureThatVariesIsMarked() {
        Matrix matrix = new Matrix(0, 1, 2);
        matrix.set(0, 1, 100, 100, 100, 100);
        matrix.set(0, 2, 80, 100, 130, 200);
        matrix.set(1, 2, 100, 100, 100, 100);

        assertEquals(1, matrix.noisyPairs());
        String[] first = HeatMap.draw(matrix, 80, false).lines().toList().get(1).strip().split(" +");
        assertEquals(List.of("0", ".", "100", "130~"), List.of(first));
    }

    @Test
    void aDigitStandsForNoFigureThatIsNotToBeTrusted() {
        Matrix matrix = new Matrix(0, 1, 2);
        matrix.set(0, 1, 100, 100, 100, 100);
        matrix.set(0, 2, 80, 100, 130, 200);
        matrix.set(1, 2, 100, 100, 100, 100);

        assertEquals(List.of("0 .0~", "1 0.0", "2 ~0."), HeatMap.draw(matrix, 8, false).lines().limit(3).map(String::strip).toList());
    }

    @Test
    void equalFiguresHaveOneColour() {
        Matrix matrix = new Matrix(0, 1, 2);
        matrix.set(0, 1, 100);
        matrix.set(0, 2, 100);
        matrix.set(1, 2, 100);

        assertEquals(List.of("0 .00", "1 0.0", "2 00."), HeatMap.draw(matrix, 8, false).lines().limit(3).map(String::strip).toList());
    }

    @Test
    void pairsOfTheSameRelationAreSummedUp() {
        List<Relations.Row> rows = Relations.of(matrix(1), SixtyFourCoresTest::distance);

        assertEquals(List.of("threads of one core", "cores of one L3 cache", "L3 caches of one node", "nodes"), rows.stream().map(Relations.Row::name).toList());
        assertEquals(List.of(32, 448, 512, 1024), rows.stream().map(Relations.Row::pairs).toList());
        assertEquals(40, rows.get(1).median(), 1e-9);
    }

    @Test
    void csvHasALineForEachPair() {
        List<String> lines = LatencyCsv.write(latencies()).lines().toList();

        assertEquals(1 + 64 * 63 / 2, lines.size());
        assertEquals(8, lines.getFirst().split(",").length);
        assertEquals("0,1,40.0,39.2,42.0,80.0,78.4,84.0", lines.get(1));
        assertTrue(lines.stream().skip(1).allMatch(line -> line.matches("\\d+,\\d+(,\\d+\\.\\d){6}")));
    }

    @Test
    void thePageHasBothTablesWithoutScripts() {
        String html = LatencyPage.html(latencies(), SixtyFourCoresTest::distance);

        assertEquals(2 * 64 * 63, count("<td[^>]* style=\"--step:\\d\" title=\"CPU \\d+ and CPU \\d+: [\\d.]+ ns, quartiles [\\d.]+ and [\\d.]+\">\\d+</td>", html));
        assertEquals(2 * 64, count("<td class=\"self\">", html));
        assertEquals(2, count("<td>cores of one L3 cache</td><td>448</td>", html));
        assertTrue(html.contains("A &lt;fake&gt; machine."));
        assertEquals(64 * 63 / 2, count("\"oneLine\":", html));
    }

    @Test
    void thePageSaysWhatItsColoursMeanWhereThereIsMoreThanOne() {
        String html = LatencyPage.html(latencies(), SixtyFourCoresTest::distance);
        assertEquals(2 * Scale.STEPS, count("<span class=\"step\" style=\"--step:\\d\">\\d+</span>", html));
        assertEquals(1, count("<span class=\"step\" style=\"--step:0\">10</span><span class=\"step\" style=\"--step:1\">13</span>", html));

        Matrix two = new Matrix(0, 1);
        two.set(0, 1, 110);
        assertEquals(0, count("class=\"step\"", LatencyPage.html(new Latencies(two, two, ""), (a, b) -> 1)));
    }

    private static long count(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().count();
    }
}
