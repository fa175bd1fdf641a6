package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReportTest {

    @Test
    void whatIsReadIsWhatWasWritten(@TempDir Path directory) throws Exception {
        Results results = Made.results(Made.line("yield", "op", 1, 90, 100, 120),
                Made.line("announced-block", "p50", 0, 5_000, Double.POSITIVE_INFINITY, 170_000),
                new Results.Missing("skynet", "go", 1, Condition.HOG, "a \"reason\"\twith \\ all"));
        Path file = directory.resolve("results.json");
        JsonReport.write(file, results);
        assertEquals(results.toString(), JsonReport.read(file).toString());
    }

    @Test
    void jsonIsTakenApart() throws Exception {
        assertEquals(Map.of("a", List.of(1.0, -2.5e3, true, "x\u00e9\n\"/")),
                Json.parse(" { \"a\" : [1, -2.5e3 ,true, \"x\\u00e9\\n\\\"\\/\"] } "));
        assertEquals(List.of(), Json.parse("[]"));
        assertEquals(Map.of(), Json.parse("{}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1,]", "{\"a\":}", "01", "1.", "nul", "\"\\x\"", "\"\\u12g4\"", "[1] 2", "\"open", "{a:1}", "-", "\"\t\""})
    void whatIsNoJsonIsRefused(String text) {
        assertThrows(Json.Malformed.class, () -> Json.parse(text));
        assertThrows(Json.Malformed.class, () -> Json.parse("[".repeat(100_000)));
    }
}
