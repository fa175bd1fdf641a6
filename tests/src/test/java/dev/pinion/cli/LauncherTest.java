package dev.pinion.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher script as a user calls it. */
@Timeout(60)
class LauncherTest {
    private static final Path JAR = Path.of(System.getProperty("pinion.test.jar")).normalize();

    @TempDir
    private Path directory;

    private Launcher.Outcome launch(Map<String, String> environment, String... command) throws Exception {
        return Launcher.launch(directory, environment, command);
    }

    private Launcher.Outcome pinion(String... arguments) throws Exception {
        return Launcher.pinion(directory, arguments);
    }

    private String program() throws Exception {
        Path source = directory.resolve("a program/Echo.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, """
                public class Echo {
                    public static void main(String[] arguments) throws Exception {
                        Thread.ofVirtual().start(() -> System.out.println(String.join("|", arguments))).join();
                        System.exit(7);
                    }
                }
                """);
        return source.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "run;there must be a -- between",
        "run --cpus 0;there must be a -- between",
        "run x -- y;there must be a -- between",
        "run --cpus -- -version;option --cpus needs a value",
        "run --gomaxproc 2 -- -version;unknown option --gomaxproc; did you mean --gomaxprocs?",
        "run --cpus idle=park -- -version;option --cpus cannot have the value 'idle=park'",
        "run --;no program",
        "run -- -Xmx1g -cp x;no program",
        "run -- -jar nowhere.jar;no such jar: nowhere.jar",
        "attach x;'x' is no process id",
        "attach;the PID is missing",
        "topology --jsn;unknown option --jsn; did you mean --json?",
        "topolgy;unknown command topolgy; did you mean topology?",
    })
    void badInputIsOneSentenceAndCode2(String caseAndSentence) throws Exception {
        int semicolon = caseAndSentence.indexOf(';');
        Launcher.Outcome outcome = pinion(caseAndSentence.substring(0, semicolon).split(" "));

        assertAll(
                () -> assertEquals(2, outcome.code()),
                () -> assertEquals(1, outcome.err().size(), outcome.err().toString()),
                () -> assertTrue(outcome.err().getFirst().contains(caseAndSentence.substring(semicolon + 1)), outcome.err().toString()),
                () -> assertEquals(List.of(), outcome.out()));
    }

    /** These reach the agent, whose sentence it is. */
    @ParameterizedTest
    @ValueSource(strings = {
        "--cpus 99999", "--cpus 1-", "--cpus ,", "--cpus 3-1", "--gomaxprocs 0", "--gomaxprocs -1", "--gomaxprocs x", "--gomaxprocs 100000",
        "--idle sleepy", "--housekeeping 99999", "--reserve all", "--maxthreads 0", "--maxthreads=x", "--schedtrace 0", "--gomaxprocs=0"
    })
    void aBadValueIsOneSentenceAndCode2(String options) throws Exception {
        List<String> command = new ArrayList<>(List.of("run"));
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of("--", program()));

        Launcher.Outcome outcome = pinion(command.toArray(String[]::new));

        assertEquals(2, outcome.code());
        assertEquals(1, outcome.err().size(), outcome.err().toString());
        assertTrue(outcome.err().getFirst().contains(options.replaceAll(".*[ =]", "")), outcome.err().toString());
        assertEquals(List.of(), outcome.out());
    }

    @Test
    void everyOptionReachesTheAgent() throws Exception {
        Launcher.Outcome outcome = pinion(
                "run", "--unpinned", "--or-jdk", "--gomaxprocs", "3", "--maxthreads", "100", "--idle", "spin", "--schedtrace=1", "--", program(), "x");

        assertEquals(7, outcome.code());
        assertEquals(List.of("x"), outcome.out());
        assertTrue(outcome.err().stream().allMatch(line -> line.startsWith("SCHED ") && line.contains(" gomaxprocs=3 ")), outcome.err().toString());
        assertTrue(!outcome.err().isEmpty(), "a program that takes longer than a millisecond is traced");
    }

    @Test
    void aWrongGomaxprocsInTheEnvironmentIsAWarning() throws Exception {
        Launcher.Outcome outcome = launch(Map.of("GOMAXPROCS", "abc"), Launcher.SCRIPT.toString(), "run", "--", program(), "x");

        assertEquals(7, outcome.code());
        assertEquals(List.of("x"), outcome.out());
        assertEquals(1, outcome.err().size(), outcome.err().toString());
        assertTrue(outcome.err().getFirst().startsWith("pinion: GOMAXPROCS=abc "), outcome.err().toString());
    }

    @Test
    void runsAProgramThroughALinkFromElsewhereWithSpacesInPaths() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("a link"), Launcher.SCRIPT);

        Launcher.Outcome outcome = launch(
                Map.of(), link.toString(), "run", "--gomaxprocs", "1", "--idle=park", "--", program(), "a b", "--cpus");

        assertEquals(new Launcher.Outcome(7, List.of("a b|--cpus"), List.of()), outcome);
    }

    @Test
    void theCommandLineHasTheLastWordOverTheEnvironment() throws Exception {
        Launcher.Outcome outcome =
                launch(Map.of("PINION_OPTS", "idle=park,gomaxprocs=1"), Launcher.SCRIPT.toString(), "run", "--idle", "sleepy", "--", program());

        assertEquals(2, outcome.code());
        assertTrue(outcome.err().getFirst().contains("sleepy"), outcome.err().toString());
    }

    @Test
    void pinionOffIsPlainJava() throws Exception {
        Launcher.Outcome outcome =
                launch(Map.of("PINION", "off"), Launcher.SCRIPT.toString(), "run", "--idle", "sleepy", "--", program(), "x");

        assertEquals(new Launcher.Outcome(7, List.of("x"), List.of()), outcome);
    }

    @Test
    void printsThePathOfTheJar() throws Exception {
        assertEquals(new Launcher.Outcome(0, List.of(JAR.toString()), List.of()), pinion("jar"));
    }

    @Test
    void drawsThisMachine() throws Exception {
        Launcher.Outcome outcome = pinion("topology");

        assertEquals(0, outcome.code(), outcome.err().toString());
        assertTrue(String.join("\n", outcome.out()).contains("P0"), outcome.out().toString());
        assertTrue(outcome.out().stream().anyMatch(line -> line.startsWith("pinning: checked through Java-Thread-Affinity on CPU")),
                outcome.out().toString());
        assertTrue(outcome.out().stream().noneMatch(line -> line.contains("\033")), "no colour in a pipe");
    }

    /** The function of the launcher alone, on reports as Surefire writes them: with a message, with an exception, and one of an earlier run. */
    @Test
    void skippedTestsAreListedWithTheirReasons(@TempDir Path home) throws Exception {
        Path reports = Files.createDirectories(home.resolve("tests/target/surefire-reports"));
        Files.writeString(reports.resolve("TEST-a.xml"), """
                <testsuite>
                  <testcase name="one" classname="x.A" time="0.0"/>
                  <testcase name="two" classname="x.A" time="0.0">
                    <skipped message="no &quot;b&quot; &amp; c"/>
                  </testcase>
                  <testcase name="three(int)[1]" classname="x.A" time="0.0">
                    <skipped type="org.opentest4j.TestAbortedException"><![CDATA[org.opentest4j.TestAbortedException: Assumption failed: one CPU only
                	at x.A.three(A.java:3)]]></skipped>
                  </testcase>
                </testsuite>
                """);
        Path old = reports.resolve("TEST-b.xml");
        Files.writeString(old, "<testcase name=\"old\" classname=\"x.B\" time=\"0.0\">\n<skipped message=\"gone\"/>\n");
        Files.setLastModifiedTime(old, FileTime.fromMillis(1_000));
        Process process = new ProcessBuilder("bash", "-c",
                "eval \"$(sed -n '/^skipped_tests()/,/^}/p' \"$1\")\"; home=$2; skipped_tests 2", "x", Launcher.SCRIPT.toString(), home.toString()).start();

        assertEquals(List.of("  skipped: x.A.two: no \"b\" & c", "  skipped: x.A.three(int)[1]: one CPU only"), process.inputReader().lines().toList());
    }
}
