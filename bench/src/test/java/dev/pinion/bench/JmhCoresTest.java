package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@link dev.pinion.jmh.PinnedExecutor} and {@link dev.pinion.jmh.CoreProfiler} in JVMs that JMH forks. */
@Timeout(240)
class JmhCoresTest {
    private static final List<String> PINNED = List.of("-Djmh.executor=CUSTOM", "-Djmh.executor.class=dev.pinion.jmh.PinnedExecutor");
    private static final String UNKNOWN_OR_NUMBER = "(unknown|[0-9.]+ .*)";

    @TempDir
    private Path directory;

    private record Run(int code, String out) {
        List<String> figures(String label) {
            List<String> figures = new ArrayList<>();
            Matcher line = Pattern.compile("(?m)^ +" + Pattern.quote(label) + ": +(.*)$").matcher(out);
            while (line.find()) {
                figures.add(line.group(1));
            }
            return figures;
        }
    }

    @Test
    void pinnedWorkersNeverMigrate() throws Exception {
        Run run = jmh(PINNED, "-i", "2", "-r", "200ms", "-prof", "dev.pinion.jmh.CoreProfiler");
        assertEquals(0, run.code, run.out);
        assertFalse(run.out.contains("runs unpinned"), run.out);
        List<String> migrations = run.figures("core.migrations");
        assertEquals(2, migrations.size(), run.out);
        for (String figure : migrations) {
            assertTrue(figure.matches("unknown|≈ 0 #|0[0.]* #"), figure + "\n" + run.out);
        }
        assertFalse(run.out.contains("to which it was pinned"), run.out);
        everyFigureIsThere(run);
    }

    @Test
    void jmhsOwnWorkersAreFound() throws Exception {
        Run run = jmh(List.of(), "-t", "2", "-i", "2", "-r", "200ms", "-prof", "dev.pinion.jmh.CoreProfiler");
        assertEquals(0, run.code, run.out);
        assertFalse(run.out.contains("which threads run the benchmark"), run.out);
        everyFigureIsThere(run);
    }

    @Test
    void twoWorkersOnOneCpuAreAWarning() throws Exception {
        List<String> flags = new ArrayList<>(PINNED);
        int cpu = firstAllowed();
        flags.add("-Dpinion.jmh.cpus=" + cpu);
        Run run = jmh(flags, "-t", "2", "-i", "2", "-r", "300ms", "-prof", "dev.pinion.jmh.CoreProfiler");
        assertEquals(0, run.code, run.out);
        assertTrue(run.out.contains("pinion: 2 threads share CPU " + cpu + ", since pinion.jmh.cpus is " + cpu + "."), run.out);
        assumeFalse(run.figures("core.runDelay").contains("unknown"), "kernel without schedstats");
        List<String> trusted = run.figures("core.trusted");
        assertEquals(2, trusted.size(), run.out);
        for (String trust : trusted) {
            assertTrue(trust.matches("WARNING, this figure is not to be trusted: .*worker-[12] was kept from CPU " + cpu
                    + " for [0-9.]+ % of the iteration.*"), run.out);
        }
        assertTrue(run.out.contains("  0 of 2 iterations are to be trusted; WARNING, 2 are not"), run.out);
    }

    @Test
    void aWrongListOfCpusIsOneSentenceAndNoFigure() throws Exception {
        List<String> flags = new ArrayList<>(PINNED);
        flags.add("-Dpinion.jmh.cpus=0-x");
        Run run = jmh(flags, "-i", "1", "-r", "1ms", "-foe", "true");
        assertTrue(run.code != 0, run.out);
        assertTrue(run.out.contains("pinion.jmh.cpus 0-x: a number is missing after '-', give CPUs as in 0-3,8."), run.out);
    }

    private static void everyFigureIsThere(Run run) {
        for (String label : List.of("core.migrations", "core.switches.voluntary", "core.switches.involuntary", "core.runDelay",
                "core.throttles", "core.throttled", "core.steal")) {
            List<String> figures = run.figures(label);
            assertEquals(2, figures.size(), label + "\n" + run.out);
            figures.forEach(figure -> assertTrue(figure.matches("≈ .*|" + UNKNOWN_OR_NUMBER), label + ": " + figure));
        }
        for (String trust : run.figures("core.trusted")) {
            assertTrue(trust.matches("yes|unknown: .*|WARNING, this figure is not to be trusted: .*"), trust);
        }
        assertTrue(Pattern.compile("(?m)^  [0-2] of 2 iterations are to be trusted").matcher(run.out).find(), run.out);
    }

    private static int firstAllowed() throws Exception {
        Matcher list = Pattern.compile("(?m)^Cpus_allowed_list:\\s+(\\d+)").matcher(Files.readString(Path.of("/proc/self/status")));
        assertTrue(list.find());
        return Integer.parseInt(list.group(1));
    }

    private Run jmh(List<String> flags, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("CoreNoiseRows.chase", "-f", "1", "-wi", "0"));
        all.addAll(List.of(arguments));
        List<String> jvmFlags = new ArrayList<>(flags);
        jvmFlags.add("-Djava.io.tmpdir=" + directory); // JMH's lock, and Pinion's library
        Path out = directory.resolve("out");
        Process process = new ProcessBuilder(JmhRows.command(jvmFlags, all)).redirectErrorStream(true).redirectOutput(out.toFile()).start();
        try {
            assertTrue(process.waitFor(100, TimeUnit.SECONDS), "it ends");
            return new Run(process.exitValue(), Files.readString(out));
        } finally {
            process.destroyForcibly();
        }
    }
}
