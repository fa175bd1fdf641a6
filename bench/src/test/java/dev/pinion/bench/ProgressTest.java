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
        return new Progress(new PrintStream(out, true), new Terminal(terminal), 100, () -> now);
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
    void aSlowerMachineNeedsLonger() {
        Progress progress = progress(false);
        progress.done(50);
        now = 100_000_000_000L;
        progress.begin("spawn");
        assertTrue(out.toString().contains("about 1 min 40 s left"), out.toString());
    }
}
