package dev.pinion.bench.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutsideLoadTest {
    private final List<String> reported = new ArrayList<>();
    private final Report report = new Report() {
        @Override
        void metric(String name, double value) {
            reported.add(name + " " + value);
        }

        @Override
        void usage(ResourceUsage used, long operations) {
            reported.add("usage of " + operations);
        }
    };

    private void serve(String words) throws IOException {
        OutsideLoad.serve(report, new BufferedReader(new StringReader(words)));
    }

    @Test
    void theWindowsCpuTimeIsReportedForEachAnswer() throws IOException {
        serve("begin\nend 40\nquit\nend 1\n");
        assertEquals("usage of 40", reported.getFirst());
        assertTrue(reported.get(1).startsWith("cpu "), reported.toString());
        assertEquals(2, reported.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "begin\n", "end 40\nquit\n", "begin\nend 40\n", "start\nquit\n"})
    void anythingElseIsAnError(String words) {
        assertThrows(IOException.class, () -> serve(words));
    }

    @Test
    void unevenIsFastestOverSlowestAndNeverWhereOneStarved() {
        report.uneven(10, 40, 20);
        report.uneven(0, 40, 0);
        assertEquals(List.of("uneven 4.0", "starved 0.0", "uneven Infinity", "starved 2.0"), reported);
    }
}
