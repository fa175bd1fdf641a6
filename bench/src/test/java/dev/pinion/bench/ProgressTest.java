package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long now;

    private Progress progress(boolean terminal) {
        return progress(terminal, 80);
    }

    private Progress progress(boolean terminal, int columns) {
        return new Progress(new PrintStream(out, true), new Terminal(terminal), columns, 100, () -> now);
    }

    @Test
    void elsewhereThanOnATerminalThereIsALineForEachWorkload() {
        Progress progress = progress(false);
        progress.begin("yield");
        progress.run("jdk");
        progress.clear();
        assertEquals("  yield ... (about 1 min 40 s left)" + System.lineSeparator(), out.toString());
    }

    @Test
    void onATerminalABarIsWrittenAgainAndAgain() {
        Progress progress = progress(true);
        progress.begin("yield");
        progress.run("jdk");
        progress.done(50);
        now = 50_000_000_000L;
        progress.run("go");
        String second = out.toString().substring(out.toString().lastIndexOf('\r'));
        assertEquals("\r\u001b[K[############............]  50 %  yield on go, about 50 s left", second);
    }

    @Test
    void aLineIsNeverLongerThanTheTerminal() {
        for (int columns : new int[] {40, 80, Integer.MAX_VALUE}) {
            Progress progress = progress(true, columns);
            progress.begin("tokio-spawn-many-remote-and-local-alike");
            out.reset();
            progress.run("minimal");
            String line = out.toString().replace("\r\u001b[K", "");
            assertTrue(line.length() < Math.min(80, columns) && line.contains("  0 %  tokio-spawn-many-remote"), line);
        }
    }

    @Test
    void aSlowerMachineNeedsLonger() {
        Progress progress = progress(false);
        progress.done(50);
        now = 100_000_000_000L;
        progress.begin("spawn");
        assertTrue(out.toString().contains("about 1 min 40 s left"), out.toString());
    }
}
