package dev.pinion.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the jcstress tests of this module; an outcome that is FORBIDDEN fails. {@code -Dpinion.jcstress.mode=default} (or {@code tough})
 * takes long, in all of jcstress's compilation modes; {@code quick}, in one, if not said.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class JcstressTest {
    private static final String MODE = System.getProperty("pinion.jcstress.mode");

    @ParameterizedTest
    @ValueSource(strings = {
        "dev.pinion.queue.RingVersusThiefStress", "dev.pinion.sched.PWordStress", "dev.pinion.sched.IdleStress",
        "dev.pinion.api.WaitGroupStress", "dev.pinion.timer.TimerStress", "dev.pinion.netpoll.EpollStress",
    })
    void nothingForbiddenIsSeen(String tests, @TempDir Path directory) throws IOException, InterruptedException {
        String exports = " --add-exports java.base/jdk.internal.";
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp", System.getProperty("java.class.path"),
                        "org.openjdk.jcstress.Main",
                        "-t", tests + ".*",
                        "-m", MODE == null ? "quick" : MODE,
                        "-sc", "false",
                        "-r", directory.toString(),
                        MODE == null ? "-jvmArgs" : "-jvmArgsPrepend",
                        "--enable-native-access=ALL-UNNAMED" + exports + "misc=ALL-UNNAMED" + exports + "vm=ALL-UNNAMED"
                                + exports + "access=ALL-UNNAMED"))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        process.getOutputStream().close();
        try {
            int code = process.waitFor();
            String log = Files.readString(directory.resolve("log"), StandardCharsets.ISO_8859_1);
            assertEquals(0, code, log);
            assertTrue(log.contains("Failed tests: No matches."), log);
            assertTrue(log.contains("Error tests: No matches."), log);
            assertTrue(log.lines().anyMatch(line -> line.matches(".*All remaining tests: [1-9].*")), log); // it found some
        } finally {
            process.destroyForcibly();
        }
    }
}
