package dev.pinion.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pinion.cpu.CpuSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code pinion pin} as a user calls it. */
@Timeout(120)
class PinCommandTest {
    private static final List<String> NOBODY = List.of("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    private static final CpuSet ALLOWED = allowed();

    @TempDir
    private Path directory;

    private static CpuSet allowed() {
        try {
            return CpuSet.parseKernel(Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("Cpus_allowed_list:"))
                    .findFirst().orElseThrow().split(":")[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String last() {
        return Integer.toString(ALLOWED.last());
    }

    private static void assumeNobodyCanBe() {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become another user");
        assumeTrue(Files.exists(Path.of(NOBODY.getFirst())), "no setpriv here");
    }

    private Launcher.Outcome pin(List<String> prefix, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(Launcher.SCRIPT.toString(), "pin"));
        command.addAll(List.of(arguments));
        return Launcher.launch(directory, Map.of(), command.toArray(String[]::new));
    }

    @Test
    void theCommandIsOnItsCpusAndItsExitCodeIsOurs() throws Exception {
        Launcher.Outcome outcome = pin(List.of(), "--cpus", last(), "--", "sh", "-c", "grep Cpus_allowed_list: /proc/$$/status; exit 7");

        assertEquals(new Launcher.Outcome(7, List.of("Cpus_allowed_list:\t" + last()), List.of()), outcome);
    }

    @Test
    void soItIsAsNobody() throws Exception {
        assumeNobodyCanBe();
        Launcher.Outcome outcome = pin(NOBODY, "--cpus", last(), "--", "sh", "-c", "grep Cpus_allowed_list: /proc/$$/status; id -u");

        assertEquals(new Launcher.Outcome(0, List.of("Cpus_allowed_list:\t" + last(), "65534"), List.of()), outcome);
    }

    @Test
    void argumentsArePassedAsTheyAre() throws Exception {
        assertEquals(new Launcher.Outcome(0, List.of("--gc|@x|--|a b|"), List.of()),
                pin(List.of(), "--cpus", last(), "--", "printf", "%s|", "--gc", "@x", "--", "a b"));
    }

    @Test
    void aKilledCommandEndsAsShellsCountIt() throws Exception {
        assertEquals(128 + 9, pin(List.of(), "--cpus", last(), "--", "sh", "-c", "kill -9 $$").code());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "2;--cpus 65000 -- true;CPU 65000 is not on this machine",
        "2;--cpus 1- -- true;a number is missing after '-'",
        "2;--cpus 0 --gc x -- true;--gc x: 'x' does not belong in a list of CPUs",
        "2;--cpus 0 --jit 65000 -- true;--jit 65000: CPU 65000 is not on this machine",
        "2;-- true;option --cpus needs a value",
        "2;--cpus 0;no command",
        "2;--cpus 0 --jitt 0 -- true;unknown option --jitt; did you mean --jit?",
        "127;--cpus 0 -- no-such-command;there is no command 'no-such-command'",
        "127;--cpus 0 -- ./no-such-command;there is no command",
        "126;--cpus 0 -- /proc;is no file that this user may execute",
        "126;--cpus 0 -- /proc/version;is no file that this user may execute",
    })
    void whatIsWrongIsOneSentence(String caseAndSentence) throws Exception {
        assumeTrue(ALLOWED.contains(0), "CPU 0 is not ours");
        String[] parts = caseAndSentence.split(";", 3);
        Launcher.Outcome outcome = pin(List.of(), parts[1].split(" "));

        assertAll(
                () -> assertEquals(Integer.parseInt(parts[0]), outcome.code(), outcome.err().toString()),
                () -> assertEquals(1, outcome.err().size(), outcome.err().toString()),
                () -> assertTrue(outcome.err().getFirst().contains(parts[2]), outcome.err().toString()),
                () -> assertEquals(List.of(), outcome.out()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP", "USR1"})
    void aSignalReachesTheCommandWhichDecides(String signal) throws Exception {
        // What is ignored when it begins (under nohup, in the background) a shell cannot trap.
        ProcessBuilder builder = new ProcessBuilder("env", "--default-signal", "setsid", Launcher.SCRIPT.toString(), "pin", "--cpus", last(), "--", "sh", "-c",
                "trap 'echo got; exit 5' " + signal + "; echo ready; while :; do read line; done");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start(); // without a terminal, where a Ctrl-C would reach both
        try {
            assertEquals("ready", process.inputReader().readLine());
            assertEquals(0, new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor());
            process.outputWriter().write("\n"); // a shell runs its trap between two commands
            process.outputWriter().flush();
            assertEquals("got", process.inputReader().readLine());
            assertTrue(process.waitFor(50, TimeUnit.SECONDS));
            assertEquals(5, process.exitValue());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** The terminal sends it to the command itself; a second one would end many a program in the middle of its cleaning up. */
    @Test
    void aCtrlCReachesTheCommandOnce() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/script")), "no script here, which makes a terminal");
        String shell = "trap 'echo interrupted' INT; read a; echo ready; read b; read c; exit 5";
        ProcessBuilder builder = new ProcessBuilder("env", "--default-signal", "script", "-qec",
                "exec '" + Launcher.SCRIPT + "' pin --cpus " + last() + " -- sh -c \"" + shell + "\"", "/dev/null");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try {
            process.outputWriter().write("\n");
            process.outputWriter().flush();
            List<String> lines = new ArrayList<>();
            for (String line = process.inputReader().readLine(); line != null; line = process.inputReader().readLine()) {
                lines.add(line);
                if (line.endsWith("ready")) {
                    untilItWaits(process);
                    process.outputWriter().write(3); // Ctrl-C
                    process.outputWriter().flush();
                } else if (line.endsWith("interrupted")) {
                    process.outputWriter().write("\n");
                    process.outputWriter().flush();
                }
            }
            assertEquals(1, lines.stream().filter(line -> line.endsWith("interrupted")).count(), lines.toString());
            assertTrue(process.waitFor(50, TimeUnit.SECONDS));
            assertEquals(5, process.exitValue(), lines.toString());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** The command may run before the thread that starts it is done: an interrupt of that moment it gets twice. */
    private static void untilItWaits(Process process) throws InterruptedException {
        while (process.descendants().anyMatch(PinCommandTest::isStarting)) {
            Thread.sleep(1);
        }
    }

    private static boolean isStarting(ProcessHandle process) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            return tasks.anyMatch(task -> comm(task).equals("pin"));
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    private static String comm(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    @Test
    void standardInputIsTheCommands() throws Exception {
        Launcher.Outcome outcome = Launcher.launch(directory, Map.of(),
                "sh", "-c", "echo hello | '" + Launcher.SCRIPT + "' pin --cpus " + last() + " -- cat");

        assertEquals(new Launcher.Outcome(0, List.of("hello"), List.of()), outcome);
    }

    private void assertCollectorAndCompilersAreElsewhere(List<String> prefix, boolean byAShell) throws Exception {
        assumeTrue(ALLOWED.size() > 1, "one CPU: there is no elsewhere");
        String first = Integer.toString(ALLOWED.first());
        Path program = Path.of(PinCommandTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String classes = program + ":" + Path.of(CpuSet.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        List<String> arguments = new ArrayList<>(List.of("--cpus", first, "--gc", last(), "--jit", last(), "--"));
        if (byAShell) {
            arguments.addAll(List.of("sh", "-c", "\"$@\"; exit $?", "sh"));
        }
        arguments.addAll(List.of(java, "-XX:+UseG1GC", "-cp", classes, "dev.pinion.pin.PinnedJvm", last()));

        Launcher.Outcome outcome = pin(prefix, arguments.toArray(String[]::new));

        assertEquals(List.of("main: " + first + ", GC and JIT: " + last()), outcome.out(), outcome.err().toString());
        List<String> err = outcome.err().stream().filter(line -> !line.startsWith("Picked up ")).toList();
        assertEquals(2, err.size(), err.toString());
        assertTrue(err.getFirst().matches("pinion pin: \\d+ GC threads? moved to CPU " + last() + ": .*GC Thread#0.*"), err.toString());
        assertTrue(err.getLast().matches("pinion pin: \\d+ JIT threads? moved to CPU " + last() + ": .*C2 CompilerThre.*"), err.toString());
        assertEquals(0, outcome.code());
    }

    @Test
    void collectorAndCompilersOfAJvmAreElsewhere() throws Exception {
        assertCollectorAndCompilersAreElsewhere(List.of(), false);
    }

    @Test
    void alsoOfAJvmThatTheCommandStarts() throws Exception {
        assertCollectorAndCompilersAreElsewhere(List.of(), true);
    }

    @Test
    void alsoAsNobody() throws Exception {
        assumeNobodyCanBe();
        assertCollectorAndCompilersAreElsewhere(NOBODY, false);
    }
}
