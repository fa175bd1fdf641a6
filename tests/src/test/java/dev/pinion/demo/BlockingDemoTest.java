package dev.pinion.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class BlockingDemoTest {
    @Test
    void onTheJdkNobodyRunsDuringARead() throws Exception {
        List<BlockingPicture.Column> columns = new ArrayList<>();
        BlockingFigures jdk = BlockingRun.measure(false, Output.JAR, columns::add);
        assertEquals(BlockingProgram.COLUMNS, columns.size());
        assertNull(jdk.found());
        assertTrue(jdk.reads() > 0 && jdk.readsNoticed() == 0, jdk.toString());
        assertTrue(jdk.maxMillis() > BlockingProgram.COLUMN_MILLIS && jdk.nextMaxMillis() > BlockingProgram.COLUMN_MILLIS, jdk.toString());
    }

    @Test
    void onPinionTheOthersRunDuringARead() throws Exception {
        List<BlockingPicture.Column> columns = new ArrayList<>();
        BlockingFigures pinion = BlockingRun.measure(true, Output.JAR, columns::add);
        assertEquals(BlockingProgram.COLUMNS, columns.size());
        assertTrue(pinion.readsNoticed() > 0 && pinion.found().blocks() > 0 && pinion.found().handOffs() > 0, pinion.toString());
        assertTrue(columns.stream().anyMatch(c -> c.reading() > 0.9 && c.computing() > 0 && c.answering() > 0), columns.toString());
        assertTrue(pinion.p50Millis() > 0 && pinion.p50Millis() <= pinion.p99Millis() && pinion.p99Millis() <= pinion.maxMillis(), pinion.toString());
        assertTrue(pinion.answered() > 0 && pinion.answered() <= pinion.requests() && pinion.millionSteps() > 0, pinion.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theProgramEndsThoughItsReadStillBlocks(boolean onPinion) throws Exception {
        ProcessBuilder builder = ChildJvm.of(BlockingProgram.class, onPinion, Output.JAR, "-Djdk.virtualThreadScheduler.parallelism=1");
        builder.environment().put("GOMAXPROCS", "1");
        Process program = builder.start();
        try (BufferedReader output = program.inputReader()) {
            List<String> lines = output.lines().toList(); // nothing is ever written to its FIFO
            assertTrue(program.waitFor(30, TimeUnit.SECONDS), "it did not end");
            assertEquals(0, program.exitValue());
            assertEquals(BlockingProgram.COLUMNS + 2, lines.size());
            BlockingFigures figures = BlockingFigures.ofLine(lines.getLast());
            assertEquals(1, figures.reads());
            assertEquals(onPinion ? 1 : 0, figures.readsNoticed(), figures.toString());
        } finally {
            program.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theProgramEndsWithItsInput(boolean onPinion) throws Exception {
        Process program = ChildJvm.of(BlockingProgram.class, onPinion, Output.JAR).start();
        try (BufferedReader output = program.inputReader()) {
            program.getOutputStream().close();
            assertTrue(output.lines().noneMatch(line -> line.startsWith("figures")), "it went on without its parent");
            assertTrue(program.waitFor(30, TimeUnit.SECONDS), "it did not end");
            assertNotEquals(0, program.exitValue());
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void itFitsIntoFortyColumnsAndPrintsNoEscapesIntoAPipe(@TempDir Path elsewhere) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Output output = Output.of(new ProcessBuilder(java, "-cp", Output.JAR.getPath(), Demo.class.getName(), "blocking")
                .directory(elsewhere.toFile()));
        assertEquals(0, output.code(), output.err());
        assertFalse(output.out().contains("\u001b"), output.out());
        assertTrue(output.out().lines().allMatch(line -> line.length() < 40), output.out());
        assertEquals(2, output.out().lines().filter(line -> line.startsWith("  reads ") && line.contains("=")).count(), output.out());
        assertTrue(output.out().lines().anyMatch(line -> line.startsWith("  reads noticed ")), output.out());
    }

    @Test
    void aProgramThatDoesNotStartIsOneSentence() {
        IOException e = assertThrows(IOException.class, () -> BlockingRun.measure(false, new File("no-such.jar"), column -> {}));
        assertEquals("it ended with code 1 and no figures", e.getMessage());
    }
}
