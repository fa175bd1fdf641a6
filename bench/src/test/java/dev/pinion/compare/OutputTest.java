package dev.pinion.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputTest {
    private static final String TRACE = "SCHED 76ms: gomaxprocs=2 runqueue=0 [ 0 0 ] schedticks=[ 20 22 ] announced=1 found=3 handoffs=11\n";

    @TempDir
    private Path directory;

    private static boolean found(String text, String... pieces) {
        Output.Search search = new Output.Search(text);
        boolean found = false;
        for (String piece : pieces) {
            byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
            found = search.isIn(bytes, bytes.length);
        }
        return found;
    }

    @Test
    void aTextIsFoundAcrossPiecesButNotAcrossLines() {
        assertTrue(found("ready", "not yet\nalmost rea", "dy"));
        assertFalse(found("ready", "rea\ndy\n"));
    }

    @Test
    void aLetterOfSeveralBytesMayBeCutInTwo() {
        Output.Search search = new Output.Search("für");
        byte[] bytes = "für".getBytes(StandardCharsets.UTF_8);
        assertFalse(search.isIn(bytes, 2));
        assertTrue(search.isIn(new byte[] {bytes[2], bytes[3]}, 2));
    }

    @Test
    void pinionsTraceIsNotTheProgramsOutput() throws Exception {
        assertFalse(found("found=", TRACE));
        Path file = Files.writeString(directory.resolve("x.log"), "hello\n" + TRACE);
        assertEquals("hello", Output.lastLines(file));
    }

    @Test
    void theLastTraceCountsAndTheProgramsOwnLinesDoNot() throws Exception {
        Path file = Files.writeString(directory.resolve("x.log"), TRACE + "SCHED of the program\n" + TRACE.replace("20 22", "30 40") + "end\n");
        assertEquals(new Trace(70), Trace.last(file));
        assertNull(Trace.last(Files.writeString(file, "nothing here\n")));
    }

    @Test
    void theLastWordsAreFoundBeforeAnyLengthOfTrace() throws Exception {
        Path file = Files.writeString(directory.resolve("x.log"), "listening\n" + TRACE.repeat(2_000));
        assertEquals("listening", Output.lastLines(file));
    }

    @Test
    void aLineWithoutAnEndIsCut() throws Exception {
        Path file = Files.writeString(directory.resolve("x.log"), "first\r\n" + "x".repeat(100_000));
        assertEquals("first | " + "x".repeat(1_000) + " ...", Output.lastLines(file));
    }

    @Test
    void ofAnExceptionItIsTheWordsThatAreQuoted() throws Exception {
        Path file = Files.writeString(directory.resolve("x.log"), "Exception in thread \"main\" java.lang.IllegalStateException: no köttbullar\n"
                + "\tat a.B.c(B.java:1)\n".repeat(9) + "Caused by: java.io.IOException: none left\n\tat a.B.d(B.java:2)\n");
        assertEquals("Exception in thread \"main\" java.lang.IllegalStateException: no köttbullar | Caused by: java.io.IOException: none left",
                Output.lastLines(file));
    }

    @Test
    void nothingSaidIsSaid() throws Exception {
        assertEquals("nothing", Output.lastLines(Files.writeString(directory.resolve("x.log"), "")));
    }
}
