package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.cpu.HostFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole command, as a process. */
@Timeout(120)
class MainTest {
    @TempDir
    private Path directory;

    private static String origin(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }

    private List<Path> leftovers() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("pinion-bench")).toList();
        }
    }

    private static List<ProcessHandle> children(Process process) {
        return process.descendants().filter(child -> child.info().commandLine().orElse("").contains(Launch.CHILD)).toList();
    }

    private Process start(String... arguments) throws Exception {
        return start(Map.of(), arguments);
    }

    private Process start(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir=" + directory, "-cp",
                String.join(File.pathSeparator, origin(Main.class), origin(HostFiles.class), origin(Histogram.class)), Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(directory.resolve("said").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Ended by a signal in the middle of a run. */
    @Test
    void neitherChildrenNorFilesStay() throws Exception {
        Process bench = start("--subject", "jdk", "--against", "minimal", "--workload", "yield", "--pairs", "100");
        try {
            while (children(bench).isEmpty()) {
                assertTrue(bench.isAlive(), this::said);
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertEquals(1, leftovers().size());
            List<ProcessHandle> children = children(bench);

            bench.destroy();
            bench.waitFor();

            assertEquals(List.of(), leftovers());
            assertTrue(children.stream().noneMatch(ProcessHandle::isAlive), children.toString());
            assertFalse(said().contains("not measured"), said());
        } finally {
            bench.descendants().forEach(ProcessHandle::destroyForcibly);
            bench.destroyForcibly().waitFor();
        }
    }

    private void isBadInput(String sentence, String... arguments) throws Exception {
        Process bench = start(arguments);
        try {
            assertTrue(bench.waitFor(60, TimeUnit.SECONDS), this::said);
            assertEquals(2, bench.exitValue(), this::said);
            assertEquals("pinion bench: " + sentence + System.lineSeparator(), said());
            assertEquals(List.of(), leftovers());
        } finally {
            bench.descendants().forEach(ProcessHandle::destroyForcibly);
            bench.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatCannotBeWrittenAfterwardsIsToldBefore() throws Exception {
        Path nowhere = directory.resolve("nowhere");
        for (String option : List.of("--json", "--html")) {
            isBadInput(option + " " + nowhere.resolve("x") + ": there is no directory " + nowhere, "--subject", "jdk", "--against", "minimal",
                    "--workload", "yield", "--pairs", "100", option, nowhere.resolve("x").toString());
        }
        isBadInput(directory + " cannot be read: it is a directory", "diff", directory.toString(), directory.toString());
    }

    @Test
    void theWidthOfTheEnvironmentIsKept() throws Exception {
        Path file = directory.resolve("x.json");
        JsonReport.write(file, Made.results(Made.line("sleep", "50us-p50", 1, 10_000, 60_000, 5_000)));
        for (List<String> words : List.of(List.of("show", file.toString()), List.of("diff", file.toString(), file.toString()))) {
            Process bench = start(Map.of("COLUMNS", "40"), words.toArray(String[]::new));
            assertEquals(0, bench.waitFor(), this::said);
            assertTrue(said().contains("sleep/50us-p50, 1 P, quiet") && said().lines().allMatch(line -> line.length() <= 40), said());
        }
    }

    @Test
    void theVersionIsThatOfTheJarThatRuns() throws Exception {
        Path jar = directory.resolve("some.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        for (String version : List.of("", "7.8")) {
            if (!version.isEmpty()) {
                manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
            }
            new JarOutputStream(Files.newOutputStream(jar), manifest).close();
            assertEquals(version.isEmpty() ? Machine.UNKNOWN : version, Main.pinionVersion(jar));
        }
    }

    @Test
    void aCpuThatMayNotBeUsedIsNamed() throws Exception {
        String allowed = CpuSet.format(CpuSet.allowed(HostFiles.ofThisMachine()));
        isBadInput("--cpus 9999: this process may use CPU " + allowed, "--subject", "jdk", "--against", "minimal", "--workload", "yield", "--pairs",
                "100", "--cpus", "9999");
    }

    private String said() {
        try {
            return Files.readString(directory.resolve("said"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
