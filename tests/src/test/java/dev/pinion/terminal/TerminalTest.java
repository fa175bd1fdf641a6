package dev.pinion.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminalTest {
    @TempDir
    Path directory;

    private Path pointingTo(String target) throws IOException {
        return Files.createSymbolicLink(directory.resolve("1"), Path.of(target));
    }

    @Test
    void aTerminalIsOneWhereverTheInputComesFrom() throws IOException {
        Path one = pointingTo("/dev/pts/3");
        assertTrue(Terminal.of(one, "xterm", null).isOne());
        assertTrue(Terminal.of(one, "xterm", "").isOne());
        assertFalse(Terminal.of(one, "xterm", "1").isOne());
        assertFalse(Terminal.of(one, "dumb", null).isOne());
        assertFalse(Terminal.of(one, null, null).isOne());
    }

    @Test
    void pipesFilesAndClosedOutputsAreNone() throws IOException {
        assertFalse(Terminal.of(pointingTo("pipe:[123]"), "xterm", null).isOne());
        assertFalse(Terminal.of(directory.resolve("none"), "xterm", null).isOne());
    }

    @Test
    void nothingButATerminalGetsEscapes() {
        assertEquals("text", new Terminal(false).paint(Terminal.GREEN, "text"));
        assertEquals("text", new Terminal(false).bold("text"));
        assertEquals("", new Terminal(false).restartLine());
        assertEquals("\u001b[1mtext\u001b[0m", new Terminal(true).bold("text"));
        assertEquals("\u001b[32mtext\u001b[0m", new Terminal(true).paint(Terminal.GREEN, "text"));
    }
}
