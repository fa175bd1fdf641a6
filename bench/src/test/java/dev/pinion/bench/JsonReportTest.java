package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReportTest {
    private static final PrintStream NOBODY = new PrintStream(OutputStream.nullOutputStream());

    @Test
    void whatIsReadIsWhatWasWritten(@TempDir Path directory) throws Exception {
        Results results = Made.results(Made.line("yield", "op", 1, 90, 100, 120),
                Made.line("announced-block", "p50", 0, 5_000, Double.POSITIVE_INFINITY, 170_000),
                new Results.Missing("skynet", "go", 1, Condition.HOG, "a \"reason\"\twith \\ all"));
        Path file = directory.resolve("results.json");
        JsonReport.write(file, results);
        assertEquals(results.toString(), JsonReport.read(file, NOBODY).toString());
    }

    private static String read(Path file, String text) throws Exception {
        Files.writeString(file, text);
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        JsonReport.read(file, new PrintStream(err, true));
        return err.toString();
    }

    @Test
    void anotherFormatIsNamedAndNotMisread(@TempDir Path directory) {
        Path file = directory.resolve("x.json");
        String text = JsonReport.text(Made.results(Made.line("yield", "op", 1, 90, 100, 120)));
        assertEquals(file + ": it was written by another version of pinion bench: its format is 2, and 1 is read here",
                assertThrows(Invalid.class, () -> read(file, text.replace("\"format\":1", "\"format\":2"))).getMessage());
        assertTrue(assertThrows(Invalid.class, () -> read(file, text.replace("\"format\":1,", ""))).getMessage().contains("without a number"));
        assertTrue(assertThrows(Invalid.class, () -> read(file, text.replace("\"against\":\"go\"", "\"against\":\"erlang\""))).getMessage()
                .startsWith(file + ": 'erlang' is no side"));
    }

    @Test
    void whatIsNotReadIsSaid(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("x.json");
        String text = JsonReport.text(Made.results(Made.line("yield", "op", 1, 90, 100, 120)));
        assertEquals("", read(file, text));
        assertTrue(read(file, text.replace("\"workload\":\"yield\"", "\"workload\":\"bygone\"")).contains("left out: bygone/op"));
        assertTrue(read(file, text.replace("\"unit\":\"nanos\"", "\"unit\":\"bytes\"")).contains("left out: yield/op"));
        String oneSample = "\"bAgain\":[{\"value\":1.0}]";
        assertThrows(Invalid.class, () -> read(file, text.replaceAll("\"bAgain\":\\[[^]]*]", oneSample)), "rounds without a partner");
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
