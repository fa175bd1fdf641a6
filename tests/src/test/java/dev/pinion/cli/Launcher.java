package dev.pinion.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Calls the launcher script, with the JDK of the tests and nothing else of Pinion's in the environment. */
public final class Launcher {
    public static final Path SCRIPT = Path.of(System.getProperty("pinion.test.home"), "pinion").normalize();

    private static final long PATIENCE_SECONDS = 50;

    private Launcher() {}

    /** What came of it, line by line. */
    public record Outcome(int code, List<String> out, List<String> err) {}

    /** Runs it to its end. @param directory where it runs, and where its output is kept */
    public static Outcome pinion(Path directory, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        return launch(directory, Map.of(), command.toArray(String[]::new));
    }

    static Outcome launch(Path directory, Map<String, String> environment, String... command) throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeAll(List.of("PINION", "PINION_OPTS", "GOMAXPROCS"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it ends");
        return new Outcome(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
    }
}
