package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int diff(Results before, Results after, String... options) throws Exception {
        JsonReport.write(directory.resolve("a.json"), before);
        JsonReport.write(directory.resolve("b.json"), after);
        List<String> arguments = new java.util.ArrayList<>(List.of(directory.resolve("a.json").toString(), directory.resolve("b.json").toString()));
        arguments.addAll(List.of(options));
        out.reset();
        err.reset();
        return Diff.run(arguments, new PrintStream(out, true), new PrintStream(err, true), Integer.MAX_VALUE);
    }

    private static Results ofYield(double pinion) {
        return Made.results(Made.line("yield", "op", 1, pinion, 100, 100));
    }

    @Test
    void theExitCodeSaysWhetherSomethingIsWorse() throws Exception {
        assertEquals(0, diff(ofYield(100), ofYield(100)));
        assertTrue(out.toString().contains("no difference"), out.toString());
        assertEquals(1, diff(ofYield(100), ofYield(120)));
        assertTrue(out.toString().contains(" worse\n") && out.toString().contains("1.2"), out.toString());
        assertEquals(0, diff(ofYield(100), ofYield(80)));
        assertTrue(out.toString().contains(" better\n"), out.toString());
    }

    @Test
    void theToleranceIsRoomBeyondTheInterval() throws Exception {
        assertEquals(0, diff(ofYield(100), ofYield(104)), "within the usual 5 %");
        assertEquals(1, diff(ofYield(100), ofYield(104), "--tolerance", "1%"));
        assertEquals(0, diff(ofYield(100), ofYield(120), "--tolerance", "30"));
    }

    private static Results ofFirst(int rounds, double pinion) {
        return Made.results(Made.first(rounds, Made.line("yield", "op", 1, pinion, 100, 100)));
    }

    /** Of two and two values one order in six has no pair the other way round. */
    @Test
    void fewerThanThreeRunsASideAreNoVerdict() throws Exception {
        for (int rounds : List.of(1, 2)) {
            assertEquals(0, diff(ofFirst(rounds, 100), ofFirst(rounds, 200)));
            assertTrue(out.toString().contains(" too few runs\n") && out.toString().contains(": 1 too few runs."), out.toString());
            assertFalse(out.toString().contains("by chance"), out.toString());
        }
        assertEquals(1, diff(ofFirst(3, 100), ofFirst(3, 200)));
        assertTrue(out.toString().contains("Were all that are judged alike, 0.050 of them would look worse by chance"), out.toString());
    }

    @Test
    void theGeneratorsOwnLatenessIsNobodysFault() throws Exception {
        assertEquals(0, diff(Made.results(Made.line("net-open-10k", "late-p99", 0, 1000, 1000, 1000)),
                Made.results(Made.line("net-open-10k", "late-p99", 0, 1990, 1000, 1000))));
        assertTrue(out.toString().contains(" the generator's own\n"), out.toString());
    }

    private static Results ofYield(double pinion, double jdk) {
        return Made.results(Made.line("yield", "op", 1, pinion, jdk, 100));
    }

    @Test
    void whatTheOtherSideDidLikewiseWasTheMachine() throws Exception {
        assertEquals(0, diff(ofYield(100, 300), ofYield(199, 597)));
        assertTrue(out.toString().contains(" the machine\n"), out.toString());
        assertEquals(0, diff(ofYield(199, 597), ofYield(100, 300)));
        assertTrue(out.toString().contains(": 1 the machine."), out.toString());
        assertEquals(1, diff(ofYield(100, 300), ofYield(199, 400)), "the machine explains a third of it");
        assertEquals(1, diff(ofYield(100, 300), ofYield(120, 280)), "the other side went the other way");
    }

    @Test
    void whatNeverHappensAnyMoreIsWorse() throws Exception {
        assertEquals(1, diff(Made.results(Made.line("announced-block", "p50", 0, 5_000, 1, 1)),
                Made.results(Made.line("announced-block", "p50", 0, Double.POSITIVE_INFINITY, 1, 1))));
        assertTrue(out.toString().contains("never"), out.toString());
    }

    @Test
    void countsAreComparedByTheirDifference() throws Exception {
        Results none = Made.results(Made.line("net-64", "starved", 0, 0, 0, 0));
        assertEquals(0, diff(none, none));
        assertEquals(1, diff(none, Made.results(Made.line("net-64", "starved", 0, 2, 0, 0))));
        assertTrue(out.toString().contains("+2.0"), out.toString());
    }

    @Test
    void anotherMachineIsAWarning() throws Exception {
        Results other = new Results(new Machine(Map.of("CPU", "another")), "", ofYield(100).entries());
        assertEquals(0, diff(ofYield(100), other));
        assertTrue(err.toString().contains("another") && err.toString().contains("warning"), err.toString());
        diff(ofYield(100), ofYield(100));
        assertEquals("", err.toString());
    }

    @Test
    void runsOfAnotherLengthAreAWarning() throws Exception {
        Line whole = Made.line("yield", "op", 0, 100, 100, 100);
        diff(Made.results(whole), Made.results(new Line(whole.rows(), whole.repeats(), 0.25)));
        assertTrue(err.toString().contains("warning: the runs of one file were longer") && err.toString().contains(" yield"), err.toString());
    }

    @Test
    void badInputIsOneSentence() throws Exception {
        Path good = directory.resolve("good.json");
        JsonReport.write(good, ofYield(100));
        Path bad = Files.writeString(directory.resolve("bad.json"), "{\"machine\": [");
        Path other = Files.writeString(directory.resolve("other.json"), "[1, 2]");
        for (List<String> arguments : List.of(List.of("only.json"), List.of(good.toString(), directory.resolve("none.json").toString()),
                List.of(good.toString(), directory.toString()), List.of(good.toString(), bad.toString()), List.of(good.toString(), other.toString()), List.of("--tolerance", "much", "a", "b"),
                List.of("--loud"))) {
            Invalid thrown = assertThrows(Invalid.class,
                    () -> Diff.run(arguments, new PrintStream(out, true), new PrintStream(err, true), Integer.MAX_VALUE));
            assertEquals(1, thrown.getMessage().lines().count(), thrown.getMessage());
        }
        assertThrows(Invalid.class, () -> diff(ofYield(1), Made.results(Made.line("spawn", "op", 0, 1, 1, 1))));
    }
}
