package dev.pinion.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pinion.cpu.AffinityMask;
import dev.pinion.cpu.HostFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command on this very machine. */
@Timeout(60)
class DoctorCommandTest {
    private static final Pattern FINDING = Pattern.compile("\"name\":\"([a-z-]+)\",\"group\":\"[a-z]+\",\"level\":\"([a-z]+)\"");

    @TempDir
    private Path directory;

    private final int cpu = AffinityMask.read(HostFiles.ofThisMachine(), "self").first();

    private Map<String, String> examined(String... under) throws Exception {
        List<String> command = new ArrayList<>(List.of(under));
        command.addAll(List.of(Launcher.SCRIPT.toString(), "doctor", "--cpus", Integer.toString(cpu), "--json"));
        Launcher.Outcome outcome = Launcher.launch(directory, Map.of(), command.toArray(String[]::new));
        assertEquals(List.of(), outcome.err());
        assertEquals(1, outcome.out().size(), outcome.out().toString());
        String json = outcome.out().getFirst();
        assertTrue(json.contains("\"exitCode\":" + outcome.code() + ","), json);
        Map<String, String> levels = new TreeMap<>();
        Matcher finding = FINDING.matcher(json);
        while (finding.find()) {
            levels.put(finding.group(1), finding.group(2));
        }
        assertEquals(levels.containsValue("fail") ? 1 : 0, outcome.code());
        Matcher clock = Pattern.compile("\"name\":\"nano-time\".*?\"effect\":\\{\"micros\":([0-9.E-]+)").matcher(json);
        assertTrue(clock.find() && Double.parseDouble(clock.group(1)) > 0, json);
        return levels;
    }

    @Test
    void everybodyGetsTheSameFindingsAndThoseThatNeedRootAreUnknown() throws Exception {
        Map<String, String> own = examined();
        assertEquals("pass", own.get("usable"), own.toString());
        assertTrue(!own.get("jitter").equals("unknown") && !own.get("epoll").equals("unknown"), "the probes ran: " + own);

        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become another user");
        Map<String, String> nobody = examined("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        assertEquals(own.keySet(), nobody.keySet());
        assertEquals("pass", nobody.get("usable"), nobody.toString());
        assertTrue(!nobody.get("jitter").equals("unknown") && !nobody.get("epoll").equals("unknown"), "the probes ran: " + nobody);
        for (String name : List.of("smi", "slice", "tracing")) { // in files that others may not read
            assertTrue(!own.get(name).equals("unknown") || nobody.get(name).equals("unknown"),
                    name + " is not known to root, and to nobody it is " + nobody.get(name));
        }
    }

    @Test
    void theTextIsPlainInAPipe() throws Exception {
        Launcher.Outcome outcome = Launcher.pinion(directory, "doctor", "--cpus", Integer.toString(cpu));
        assertTrue(outcome.code() <= 1, outcome.err().toString());
        assertTrue(outcome.out().getFirst().startsWith("CPU " + cpu + ", "), outcome.out().toString());
        assertTrue(outcome.out().get(1).matches("\\d+ fail, \\d+ warn, \\d+ unknown, \\d+ info, \\d+ pass"), outcome.out().get(1));
        assertTrue(outcome.out().stream().noneMatch(line -> line.contains("\033")), "no colour in a pipe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999;CPU 99999 is not on this machine", "3-1;write 1-3", "x;'x' does not belong", ",;a number is missing"})
    void badInputIsOneSentenceAndCode2(String listAndSentence) throws Exception {
        String[] parts = listAndSentence.split(";");
        Launcher.Outcome outcome = Launcher.pinion(directory, "doctor", "--cpus", parts[0]);
        assertEquals(2, outcome.code());
        assertEquals(1, outcome.err().size(), outcome.err().toString());
        assertTrue(outcome.err().getFirst().contains(parts[1]), outcome.err().toString());
        assertEquals(List.of(), outcome.out());
    }
}
