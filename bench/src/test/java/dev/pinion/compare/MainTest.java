package dev.pinion.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.Pinion;
import dev.pinion.compare.program.TestProgram;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command as the launcher starts it, with small programs. */
@Timeout(300)
class MainTest {
    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    private Path directory;

    private record Outcome(int code, String out, String err) {}

    private static String origin(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }

    private Outcome compare(List<String> options, String... program) throws Exception {
        String programs = origin(TestProgram.class);
        String pinion = origin(Pinion.class);
        List<String> command = new ArrayList<>(List.of(JAVA, "--enable-native-access=ALL-UNNAMED", "-Dpinion.peers=" + Path.of("peers").toAbsolutePath(),
                "-Djava.io.tmpdir=" + directory, "-cp",
                String.join(File.pathSeparator, origin(Main.class), pinion, origin(Histogram.class)), Main.class.getName()));
        for (String traced : List.of("", "schedtrace=20")) {
            List<String> start = new ArrayList<>(List.of(JAVA, "--enable-native-access=ALL-UNNAMED", "-cp", programs + File.pathSeparator + pinion,
                    "dev.pinion.agent.RunMain", traced, "class", TestProgram.class.getName()));
            start.addAll(List.of(program));
            command.add(Integer.toString(start.size()));
            command.addAll(start);
        }
        command.addAll(options);
        command.addAll(List.of("--", "-cp", programs, TestProgram.class.getName()));
        command.addAll(List.of(program));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        int code = process.waitFor();
        return new Outcome(code, Files.readString(out), Files.readString(err));
    }

    /** Of a line of the table, whether it has two values that are not zero. */
    private static void measured(String title, Outcome outcome) {
        String line = outcome.out.lines().filter(l -> l.startsWith(title + "  ")).findFirst().orElse("no " + title + " in " + outcome);
        assertTrue(line.matches(title + " +[1-9][^ ]*( [numsu]+)? +[1-9][^ ]*( [numsu]+)? {3}.*"), line);
    }

    private List<Path> leftovers() throws Exception {
        try (var files = Files.walk(directory)) {
            return files.filter(file -> file.toString().contains("pinion-compare")).toList();
        }
    }

    @Test
    void aProgramThatComputesIsMeasuredAndToldThatItStartsNoVirtualThreads() throws Exception {
        Path json = directory.resolve("x.json");
        Outcome outcome = compare(List.of("--runs", "1", "--json", json.toString()), "compute");

        assertEquals(0, outcome.code, outcome.toString());
        for (String title : List.of("wall time", "CPU time", "voluntary switches", "threads at most")) {
            measured(title, outcome);
        }
        assertTrue(outcome.out.contains("Verdict: wall time: too few runs to tell"), outcome.out);
        assertTrue(outcome.out.contains("hardly anything in virtual threads"), outcome.out);
        String samples = Files.readString(json, StandardCharsets.UTF_8);
        assertTrue(samples.contains("\"figure\":\"CPU time\",\"jdk\":[") && samples.contains("\"outcome\":\"too few\""), samples);
        assertEquals(List.of(), leftovers());
    }

    @Test
    void aProgramOfVirtualThreadsIsNotToldSo() throws Exception {
        Outcome outcome = compare(List.of("--runs", "1"), "block");

        assertEquals(0, outcome.code, outcome.toString());
        measured("wall time", outcome);
        assertFalse(outcome.out.contains("hardly anything in virtual threads"), outcome.out);
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aServerIsPutUnderLoadAndEnded() throws Exception {
        String port = Integer.toString(freePort());
        Path json = directory.resolve("x.json");
        Outcome outcome = compare(List.of("--runs", "1", "--warmup", "0", "--seconds", "1", "--connections", "4", "--json", json.toString(), "--load",
                "http://127.0.0.1:" + port + "/x"), "serve", port);

        assertEquals(0, outcome.code, outcome.toString());
        for (String title : List.of("time to first request", "requests/s", "closed-loop p50", "closed-loop p99", "closed-loop p99.9", "CPU time a request")) {
            measured(title, outcome);
        }
        assertTrue(outcome.out.contains("load: 4 connections by ") && outcome.out.contains("\nclosed loop: a connection asks again when it is answered"),
                outcome.out);
        String samples = Files.readString(json, StandardCharsets.UTF_8);
        assertTrue(samples.contains("\"loop\":\"closed\"") && samples.contains("\"figure\":\"closed-loop p99\""), samples);
        boolean compiler = List.of(System.getenv("PATH").split(File.pathSeparator)).stream().anyMatch(place -> Files.isExecutable(Path.of(place, "cc")));
        assertEquals(compiler && Runtime.getRuntime().availableProcessors() > 1, outcome.out.contains("by a C program on one thread"), outcome.out);
        // It was ended, and its port is free.
        new ServerSocket(Integer.parseInt(port), 1, InetAddress.getLoopbackAddress()).close();
    }

    @Test
    void whatTheCProgramDoesNotUnderstandTheJdksClientDoesAndThatIsSaid() throws Exception {
        String port = Integer.toString(freePort());
        Outcome outcome = compare(List.of("--runs", "1", "--warmup", "0", "--seconds", "1", "--connections", "4", "--load",
                "http://127.0.0.1:" + port + "/"), "serve-in-chunks", port);

        assertEquals(0, outcome.code, outcome.toString());
        for (String title : List.of("requests/s", "closed-loop p50", "closed-loop p99.9")) {
            measured(title, outcome);
        }
        assertTrue(outcome.out.contains("by java.net.http.HttpClient in a JVM of its own, since the C program understands only"), outcome.out);
    }

    @Test
    void aPortThatAnswersAlreadyIsNotTheProgram() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Outcome outcome = compare(List.of("--load", "http://127.0.0.1:" + taken.getLocalPort() + "/"), "serve", Integer.toString(freePort()));
            assertEquals(1, outcome.code, outcome.toString());
            assertTrue(outcome.err.contains("something answers at http://127.0.0.1:" + taken.getLocalPort() + "/ already"), outcome.err);
        }
    }

    @Test
    void aServerIsMeasuredUntilItSaysThatItServes() throws Exception {
        Outcome outcome = compare(List.of("--runs", "1", "--warmup", "0", "--until", "servi"), "serve", Integer.toString(freePort()));

        assertEquals(0, outcome.code, outcome.toString());
        measured("wall time", outcome);
        measured("CPU time", outcome);
    }

    @Test
    void aProgramThatFailsIsQuotedAndItsOutputNamed() throws Exception {
        Outcome outcome = compare(List.of("--runs", "2"), "fail");

        assertEquals(1, outcome.code, outcome.toString());
        assertEquals("", outcome.out);
        assertTrue(outcome.err.contains("on JDK: ended with code 3; its last lines: out of luck (all in "), outcome.err);
        assertTrue(outcome.err.contains("on Pinion: ended with code 3; its last lines: out of luck (all in "), outcome.err);
        assertTrue(outcome.err.contains("fails on both schedulers"), outcome.err);
        assertEquals(2, leftovers().stream().filter(file -> file.toString().endsWith(".log")).count(), leftovers().toString());
    }

    @Test
    void aProgramThatFailsOnOneSideIsSaidTo() throws Exception {
        Outcome outcome = compare(List.of("--runs", "2", "--warmup", "0"), "fail-on-pinion");

        assertEquals(1, outcome.code, outcome.toString());
        assertTrue(outcome.err.contains("run 1 of 2, on Pinion: ended with code 3; its last lines: not on this one"), outcome.err);
        assertTrue(outcome.err.contains("fails on one scheduler and not on the other"), outcome.err);
    }

    @Test
    void aTextThatNeverComesIsOneSentence() throws Exception {
        Outcome outcome = compare(List.of("--runs", "1", "--warmup", "0", "--timeout", "2", "--until", "ready"), "hang");

        assertEquals(1, outcome.code, outcome.toString());
        assertTrue(outcome.err.contains("on JDK: did not print 'ready' within 2 s (--timeout)"), outcome.err);
    }

    @Test
    void aTextThatCannotComeAnyMoreIsOneSentence() throws Exception {
        Outcome outcome = compare(List.of("--runs", "1", "--warmup", "0", "--until", "ready"), "fail");

        assertEquals(1, outcome.code, outcome.toString());
        assertTrue(outcome.err.contains("on JDK: ended with code 3 before it printed 'ready'"), outcome.err);
    }

    @Test
    void aFileThatCannotBeWrittenIsToldBeforeAnyRun() throws Exception {
        Outcome outcome = compare(List.of("--json", directory.resolve("nowhere/x.json").toString()), "hang");

        assertEquals(2, outcome.code, outcome.toString());
        assertEquals("pinion compare: --json " + directory.resolve("nowhere/x.json") + ": there is no directory " + directory.resolve("nowhere") + "\n",
                outcome.err);
        assertEquals(List.of(), leftovers());
    }

    @Test
    void badInputIsOneSentenceAndCode2() throws Exception {
        Outcome outcome = compare(List.of("--runs", "none"), "compute");

        assertEquals(2, outcome.code);
        assertEquals(1, outcome.err.lines().count(), outcome.err);
        assertTrue(outcome.err.startsWith("pinion compare: --runs none"), outcome.err);
    }
}
