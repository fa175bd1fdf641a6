package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScreenTest {

    @Test
    void onlyATerminalThatMayBeColouredIsOne(@TempDir Path directory) throws Exception {
        Path terminal = Files.createSymbolicLink(directory.resolve("1"), Path.of("/dev/pts/3"));
        Path pipe = Files.createSymbolicLink(directory.resolve("2"), Path.of("pipe:[5]"));
        assertTrue(Screen.of(terminal, "xterm", null).isTerminal());
        assertFalse(Screen.of(terminal, "xterm", "1").isTerminal());
        assertFalse(Screen.of(terminal, "dumb", null).isTerminal());
        assertFalse(Screen.of(terminal, null, null).isTerminal());
        assertFalse(Screen.of(pipe, "xterm", null).isTerminal());
        assertFalse(Screen.of(directory.resolve("none"), "xterm", null).isTerminal());
        assertEquals("text", new Screen(false).bold("text"));
    }
}
