package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.cpu.HostFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole command, ended in the middle of a run. */
@Timeout(120)
class EndedBySignalTest {
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

    @Test
    void neitherChildrenNorFilesStay() throws Exception {
        Process bench = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + directory, "-cp", String.join(File.pathSeparator, origin(Main.class), origin(HostFiles.class), origin(Histogram.class)),
                Main.class.getName(), "--subject", "jdk", "--against", "minimal", "--workload", "yield", "--pairs", "100")
                .redirectErrorStream(true).redirectOutput(directory.resolve("said").toFile()).start();
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

    private String said() {
        try {
            return Files.readString(directory.resolve("said"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
