package dev.pinion.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.demo.ServerRun.Result;
import dev.pinion.terminal.Terminal;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTableTest {
    private static final List<Result> JDK = List.of(
            new Result(1000, 1.0, 5, 9, 9, 0.5, 20), new Result(3000, 1.2, 4, 9, 11, 0.5, 20), new Result(2000, 1.1, 6, 9, 12, 0.5, 20));
    private static final List<Result> PINION = List.of(
            new Result(1100, 1.1, 4, 9, 10, 0.4, 21), new Result(3300, 1.3, 5, 8, 12, 0.4, 21), new Result(2200, 1.2, 5, 10, 13, 0.4, 21));

    private static List<String> rows(List<Result> jdk, List<Result> pinion, Terminal terminal) {
        return ComparisonTable.of(jdk, pinion, terminal).lines().toList();
    }

    private static String row(String name) {
        return rows(JDK, PINION, new Terminal(false)).stream().filter(line -> line.startsWith("  " + name)).findFirst().orElseThrow();
    }

    @Test
    void mediansAndTheirRatioStandInEachRow() {
        assertEquals("  requests/s                       2,000       2,200          1.10  Pinion 3 of 3", row("requests/s"));
        assertEquals("  p99, ms                           5.00        5.00          1.00  even", row("p99, ms"));
        assertEquals(8, rows(JDK, PINION, new Terminal(false)).size());
    }

    @Test
    void whereTheJdkWinsItShows() {
        assertTrue(row("p50, ms").endsWith("  JDK 3 of 3"), row("p50, ms"));
        assertTrue(row("CPU time").endsWith("  JDK 3 of 3"), row("CPU time"));
        assertTrue(row("OS threads").endsWith("  JDK 3 of 3"), row("OS threads"));
    }

    @Test
    void lessIsBetterExceptForThroughput() {
        assertTrue(row("context switches").endsWith("  Pinion 3 of 3"), row("context switches"));
        assertTrue(row("p99.9, ms").endsWith("  even"), row("p99.9, ms"));
    }

    @Test
    void aSideComparedWithItselfIsEvenThroughout() {
        assertEquals(7, rows(JDK, JDK, new Terminal(false)).stream().filter(line -> line.endsWith("  1.00  even")).count());
    }

    @Test
    void onlyWhatHeldInEveryPairIsPainted() {
        List<String> lines = rows(JDK, PINION, new Terminal(true));
        assertEquals(2, lines.stream().filter(line -> line.contains("\u001b[32mPinion 3 of 3\u001b[0m")).count());
        assertEquals(3, lines.stream().filter(line -> line.contains("\u001b[31mJDK 3 of 3\u001b[0m")).count());
        assertEquals(5, lines.stream().filter(line -> line.contains("\u001b")).count());
    }
}
