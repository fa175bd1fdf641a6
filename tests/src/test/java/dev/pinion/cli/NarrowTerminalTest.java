package dev.pinion.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a terminal of 40 columns that {@code script} makes. */
@Timeout(60)
class NarrowTerminalTest {
    @TempDir
    private Path directory;

    @Test
    void widthAndColourAreTheOutputsWhereverTheInputComesFrom() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/script")), "no script(1) here");
        Launcher.Outcome outcome = Launcher.launch(directory, Map.of("TERM", "xterm", "COLUMNS", ""), "/usr/bin/script", "-qec",
                "stty cols 40; '" + Launcher.SCRIPT + "' topology < /dev/null", "/dev/null");
        assertEquals(0, outcome.code(), outcome.out().toString());
        List<String> plain = outcome.out().stream().map(line -> line.replaceAll("\033\\[[0-9;]*m|\r", "")).toList();
        assertTrue(plain.getFirst().endsWith(" usable"), plain.toString());
        plain.forEach(line -> assertTrue(line.length() <= 40, line));
        assertTrue(plain.stream().anyMatch(line -> line.startsWith("pinning: ") || line.startsWith("note: ")), "there is something to break: " + plain);
        assertTrue(outcome.out().stream().anyMatch(line -> line.contains("\033[1m")), "in colour");
    }
}
