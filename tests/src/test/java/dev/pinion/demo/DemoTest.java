package dev.pinion.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DemoTest {
    @Test
    void goProgramPrintsATimeAndAPictureForEachGomaxprocs(@TempDir Path reservations) throws Exception {
        ProcessBuilder program = ChildJvm.of(GoProgram.class, true, Output.JAR, "-Djava.io.tmpdir=" + reservations);
        program.environment().put("GOMAXPROCS", "3");
        Output output = Output.of(program);
        assertEquals("", output.err());
        assertEquals(0, output.code(), output.out());
        List<String> lines = output.out().lines().toList();
        int cpus = Runtime.getRuntime().availableProcessors();
        assertEquals("Default GOMAXPROCS: 3", lines.get(0));
        assertEquals("NumCPU: " + cpus, lines.get(1));
        assertFalse(output.out().contains("\u001b"), "escapes in a pipe");

        int at = 4;
        for (int procs : new TreeSet<>(List.of(1, 4, cpus))) {
            assertEquals("", lines.get(at++));
            assertTrue(Pattern.matches("With GOMAXPROCS=" + procs + ": \\d+\\.\\dms", lines.get(at)), lines.get(at));
            at++;
            StringBuilder ran = new StringBuilder();
            for (int p = 0; p < procs; p++) {
                assertTrue(Pattern.matches("  P" + p + "( on CPU \\d+)? +[0-9.]+", lines.get(at)), lines.get(at));
                ran.append(lines.get(at++).substring(17));
            }
            assertTrue(ran.chars().anyMatch(Character::isDigit), "no G in the picture: " + output.out());
            if (procs == 1) {
                assertEquals(10, ran.chars().filter(Character::isDigit).distinct().count(), output.out());
            }
        }
        assertEquals(at, lines.size());
    }

    private static Output demo(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                Output.JAR.getPath(), Demo.class.getName()));
        command.addAll(List.of(arguments));
        return Output.of(new ProcessBuilder(command));
    }

    private static void assertRefused(String sentence, String... arguments) throws Exception {
        Output output = demo(arguments);
        assertEquals("pinion demo: " + sentence + "\n", output.err());
        assertEquals("", output.out());
        assertEquals(2, output.code());
    }

    @Test
    void aWrongArgumentIsRefusedInOneSentence() throws Exception {
        assertRefused("there is no demo 'fast'; there are 'pinion demo' and 'pinion demo blocking'.", "fast");
        assertRefused("argument 'fast' is one too many; 'pinion demo blocking' takes no more.", "blocking", "fast");
    }

    @Test
    void helpNamesBothDemos() throws Exception {
        Output output = demo("--help");
        assertTrue(output.out().startsWith("Usage: pinion demo [blocking]\n"), output.out());
        assertEquals(0, output.code());
    }
}
