package dev.pinion.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.compare.Comparison.Pair;
import dev.pinion.terminal.Terminal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Sample.Use USE = new Sample.Use(1e9, 1e9, 0, 0, 0, 2, Double.NaN);
    private static final Report REPORT = new Report(Comparison.of(Collections.nCopies(5, new Pair(new Sample(Map.of(Figure.WALL, 2e9, Figure.CPU, 1e9), USE),
            new Sample(Map.of(Figure.WALL, 1e9, Figure.CPU, 1e9), USE)))), List.of("the machine is a made one, and quick at that"), List.of(),
            "64 connections by a C program on one thread; it has CPU 1, the program CPU 0", 5, 2);

    private static String text(int columns, boolean terminal) {
        return REPORT.text(new Terminal(terminal), columns);
    }

    @Test
    void figuresStandInColumnsWhereThereIsRoom() {
        assertTrue(text(Integer.MAX_VALUE, false).startsWith("""
                5 pairs of runs                JDK      Pinion   Pinion through JDK
                wall time                  2000 ms     1000 ms   better, 50 % less: 0.50 (0.50 to 0.50)
                CPU time                   1000 ms     1000 ms   no difference found: 1.00 (1.00 to 1.00)
                """), text(Integer.MAX_VALUE, false));
    }

    @Test
    void noLineIsLongerThanTheTerminal() {
        assertTrue(text(40, false).startsWith("""
                5 pairs of runs: JDK, Pinion, Pinion
                through JDK
                wall time: 2000 ms, 1000 ms
                  better, 50 % less: 0.50 (0.50 to 0.50)
                """), text(40, false));
        for (int columns : List.of(40, 60, 79, 80, 120)) {
            assertEquals(List.of(), text(columns, false).lines().filter(line -> line.length() > columns).toList());
            assertEquals(text(columns, false), text(columns, true).replaceAll("\u001b\\[[0-9]*m", ""));
        }
    }
}
