package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Children played by a shell. */
class ChildProcessTest {

    private static final Workload YIELD = Catalogue.select(List.of("yield")).getFirst();

    private static Sample run(String script) throws Exception {
        return ChildProcess.run(Side.JDK, YIELD, List.of("/bin/sh", "-c", script), List.of(), 0.25);
    }

    private static Sample run(String script, String load) throws Exception {
        return ChildProcess.run(Side.JDK, YIELD, List.of("/bin/sh", "-c", script), List.of("/bin/sh", "-c", load), 0.25);
    }

    @Test
    void aChildThatEndsBeforeItsLoadIsQuoted() {
        String message = assertThrows(ChildProcess.Failed.class,
                () -> run("echo out of luck; echo @serve 77; exit 3", "while echo @begin; do :; done")).getMessage();
        assertTrue(message.contains("code 3") && message.contains("out of luck"), message);
    }

    /** A child that asks for its load, and prints what it is told. */
    private static final String SERVED = "echo @carrier ForkJoinPool-1-worker-1; echo @serve 77; read a; read b; read c; "
            + "[ \"$a $b $c\" = 'begin end 5 quit' ] && echo @usage 10 0 0 5";

    @Test
    void theLoadsFiguresAreTheSamplesAndItsBordersTheChilds() throws Exception {
        Sample sample = run(SERVED, "echo @begin; echo @end 5; echo @metric op $0");
        assertEquals(77, sample.metrics().get("op"));
        assertEquals(2, sample.usage().cpuNanosPerOperation());
    }

    @Test
    void aLoadThatFailsIsQuoted() {
        String message = assertThrows(ChildProcess.Failed.class,
                () -> run("echo @serve 77; read a", "echo kept off; exit 1")).getMessage();
        assertTrue(message.contains("load") && message.contains("kept off"), message);
    }

    @Test
    void aChildThatAsksForNoLoadGivesNoFigure() {
        String message = assertThrows(ChildProcess.Failed.class,
                () -> run("echo @carrier ForkJoinPool-1-worker-1; echo @metric op 42", "echo @metric op 1")).getMessage();
        assertTrue(message.contains("no load"), message);
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
    void aChildIsToldItsShare() throws Exception {
        assertEquals(0.25, run("echo @carrier ForkJoinPool-1-worker-1; echo @metric op $BENCH_SHARE").metrics().get("op"));
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
    void variablesThatWouldChangeOneSideAreRemoved() {
        Map<String, String> environment = new HashMap<>(Map.of("PATH", "/bin"));
        for (String name : List.of("PINION", "PINION_OPTS", "GOMAXPROCS", "GODEBUG", "GOGC", "GOMEMLIMIT", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS",
                "JDK_JAVA_OPTIONS")) {
            environment.put(name, "1");
        }
        ChildProcess.prepare(environment, 0.5);
        assertEquals(Map.of("PATH", "/bin", ChildProcess.SHARE, "0.5"), environment);
    }
}
