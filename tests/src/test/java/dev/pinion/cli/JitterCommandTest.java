package dev.pinion.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pinion.cpu.AffinityMask;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code pinion jitter} as a user calls it, on what CPUs there are. */
@Timeout(120)
class JitterCommandTest {
    private static final CpuSet ALLOWED = AffinityMask.read(HostFiles.ofThisMachine(), "self");

    @TempDir
    private Path directory;

    private void assertReadsEachCpu(String... prefix) throws Exception {
        Path html = directory.resolve("page.html");
        List<String> command = new ArrayList<>(List.of(prefix));
        command.addAll(List.of(Launcher.SCRIPT.toString(), "jitter", "--for", "300ms"));
        if (prefix.length == 0) {
            command.addAll(List.of("--html", html.toString()));
        }
        Launcher.Outcome outcome = Launcher.launch(directory, Map.of(), command.toArray(String[]::new));

        assertEquals(0, outcome.code(), outcome.err().toString());
        int begin = outcome.out().indexOf(outcome.out().stream().filter(line -> line.matches("pinned +CPU .*moves.*")).findFirst().orElseThrow());
        int row = begin + 1;
        for (int cpu = ALLOWED.first(); cpu >= 0; cpu = ALLOWED.next(cpu + 1)) {
            String[] words = outcome.out().get(row++).strip().split(" +");
            assertEquals(Integer.toString(cpu), words[0]);
            assertEquals("0", words[words.length - 6], "a bound reader was on another CPU: " + outcome.out());
        }
        assertTrue(outcome.out().stream().noneMatch(line -> line.contains("\033")), "no colour in a pipe");
        if (prefix.length == 0) {
            assertTrue(Files.readString(html).contains("<title>Jitter</title>"));
        }
    }

    @Test
    void readsEachCpu() throws Exception {
        assertReadsEachCpu();
    }

    @Test
    void soItDoesAsNobody() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become another user");
        assumeTrue(Files.exists(Path.of("/usr/bin/setpriv")), "no setpriv here");
        assertReadsEachCpu("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "--for 3;--for 3: give a duration", "--for 99ms;--for 99ms: give a duration", "--for 61m;give a duration", "--for x;give a duration",
        "--cpus 65000;CPU 65000 is not on this machine", "--html /nowhere/at/all.html;there is no directory /nowhere/at", "--fro 1s;did you mean --for?"
    })
    void whatIsWrongIsOneSentence(String caseAndSentence) throws Exception {
        Launcher.Outcome outcome = Launcher.pinion(directory, ("jitter " + caseAndSentence.substring(0, caseAndSentence.indexOf(';'))).split(" "));

        assertEquals(2, outcome.code());
        assertEquals(1, outcome.err().size(), outcome.err().toString());
        assertTrue(outcome.err().getFirst().contains(caseAndSentence.substring(caseAndSentence.indexOf(';') + 1)), outcome.err().toString());
        assertEquals(List.of(), outcome.out());
    }
}
