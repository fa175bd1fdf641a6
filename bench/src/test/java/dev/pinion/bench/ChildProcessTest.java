package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Children played by a shell. */
class ChildProcessTest {

    private static final Workload YIELD = Catalogue.select(List.of("yield")).getFirst();

    private static Sample run(String script) throws Exception {
        return ChildProcess.run(Side.JDK, YIELD, 1, List.of("/bin/sh", "-c", script));
    }

    private static String failure(String script) {
        return assertThrows(ChildProcess.Failed.class, () -> run(script)).getMessage();
    }

    @Test
    void aGoodChildGivesASample() throws Exception {
        Sample sample = run("echo @carrier ForkJoinPool-1-worker-1; echo @metric op 42");
        assertEquals(42, sample.metrics().get("op"));
    }

    @Test
    void aChildThatFailsIsQuoted() {
        String message = failure("echo out of luck >&2; exit 3");
        assertTrue(message.contains("code 3") && message.contains("out of luck"), message);
    }

    @Test
    void aChildOnTheWrongSchedulerGivesNoFigure() {
        String message = failure("echo @carrier pinion-P0-M0; echo @metric op 42");
        assertTrue(message.contains("pinion-P0-M0"), message);
    }

    @Test
    void aChildWithoutTheFigureIsRefused() {
        String message = failure("echo @carrier ForkJoinPool-1-worker-1; echo @metric other 42");
        assertTrue(message.contains("'op'"), message);
    }

    @Test
    void variablesThatWouldChangeOneSideAreRemoved() throws Exception {
        Sample sample = run("echo @carrier ForkJoinPool-1-worker-1; [ -z \"$PINION_OPTS$GOMAXPROCS$JAVA_TOOL_OPTIONS\" ] && echo @metric op 1");
        assertEquals(1, sample.metrics().get("op"));
    }
}
