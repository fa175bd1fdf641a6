package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class JmhRowsTest {
    @TempDir
    private Path directory;

    @Test
    void jmhKnowsTheRows() throws Exception {
        String list = jmh("-l");

        for (String row : List.of("LocalRunQueueRows.pushPoll", "LocalRunQueueRows.pushNextPollNext", "LocalRunQueueRows.pushStealHalfPoll",
                "StealRows.contended", "GlobalRunQueueRows.pushPollByTwo", "TimerHeapRows.addRunExpired", "WaitGroupRows.addDone")) {
            assertTrue(list.contains("dev.pinion.bench.jmh." + row + "\n"), list);
        }
        assertTrue(list.contains("dev.pinion.sched.PWordRows.runEnter\n"), list);
    }

    /** Each once and in one JVM, which is no measurement: that they run at all. */
    @Test
    void everyRowRuns() throws Exception {
        String out = jmh("-f", "0", "-wi", "0", "-i", "1", "-r", "1ms", "-foe", "true");

        assertTrue(out.contains("PWordRows.runTake "), out);
    }

    @Test
    void aForkInheritsTheFlagsAndWarnsOfNothing() throws Exception {
        String out = jmh("PWordRows.runEnter", "-f", "1", "-wi", "0", "-i", "1", "-r", "1ms", "-foe", "true");

        assertTrue(out.contains("PWordRows.runEnter "), out);
        assertTrue(out.lines().noneMatch(line -> line.contains("WARNING")), out);
    }

    private String jmh(String... arguments) throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        // JMH keeps a lock in the temporary directory, which may be another user's in the common one.
        Process process = new ProcessBuilder(JmhRows.command(List.of("-Djava.io.tmpdir=" + directory), List.of(arguments)))
                .redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            assertTrue(process.waitFor(100, TimeUnit.SECONDS), "it ends");
            assertEquals("", Files.readString(err));
            assertEquals(0, process.exitValue());
            return Files.readString(out);
        } finally {
            process.destroyForcibly();
        }
    }
}
