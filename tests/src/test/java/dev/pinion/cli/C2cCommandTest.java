package dev.pinion.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pinion.cpu.AffinityMask;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code pinion c2c} as a user calls it, on what CPUs there are. */
@Timeout(120)
class C2cCommandTest {
    private static final CpuSet ALLOWED = AffinityMask.read(HostFiles.ofThisMachine(), "self");

    @TempDir
    private Path directory;

    private static String two() {
        assumeTrue(ALLOWED.size() > 1, "one CPU only");
        return ALLOWED.first() + "," + ALLOWED.next(ALLOWED.first() + 1);
    }

    @Test
    void measuresAPair() throws Exception {
        Path csv = directory.resolve("pairs.csv");
        Path html = directory.resolve("page.html");
        Launcher.Outcome outcome = Launcher.pinion(directory, "c2c", "--cpus", two(), "--csv", csv.toString(), "--html", html.toString());

        assertEquals(0, outcome.code(), outcome.err().toString());
        assertTrue(outcome.out().getFirst().startsWith("One line"), outcome.out().toString());
        assertTrue(outcome.out().contains("Two lines:"), outcome.out().toString());
        assertEquals(2, outcome.out().stream().filter(line -> line.matches("CPU +" + two().replace(",", " +"))).count(), outcome.out().toString());
        assertTrue(outcome.out().stream().noneMatch(line -> line.contains("\033")), "no colour in a pipe");
        List<String> lines = Files.readAllLines(csv);
        assertEquals(2, lines.size());
        String[] figures = lines.getLast().split(",");
        assertEquals(two(), figures[0] + "," + figures[1]);
        for (int i : new int[] {2, 5}) {
            double nanos = Double.parseDouble(figures[i]);
            assertTrue(nanos > 1, "no word goes from core to core in a nanosecond: " + lines.getLast());
            assertTrue(Double.parseDouble(figures[i + 1]) <= nanos && nanos <= Double.parseDouble(figures[i + 2]), lines.getLast());
        }
        assertTrue(Files.readString(html).contains("<h2>Two lines</h2>"));
    }

    @Test
    void soItDoesAsNobody() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become another user");
        assumeTrue(Files.exists(Path.of("/usr/bin/setpriv")), "no setpriv here");
        Launcher.Outcome outcome = Launcher.launch(directory, Map.of(), "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                Launcher.SCRIPT.toString(), "c2c", "--cpus", two());

        assertEquals(0, outcome.code(), outcome.err().toString());
        assertEquals(List.of(), outcome.err());
    }

    @Test
    void oneCpuIsNoPair() throws Exception {
        int cpu = ALLOWED.first();
        Launcher.Outcome outcome = Launcher.pinion(directory, "c2c", "--cpus", Integer.toString(cpu));

        assertEquals(new Launcher.Outcome(2, List.of(), List.of("pinion c2c: from core to core there must be two CPUs, and CPU " + cpu + " is one")), outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "--cpus 65000;CPU 65000 is not on this machine", "--cpus x;does not belong in a list", "--csvv f;did you mean --csv?",
        "--html /nowhere/at/all.html;there is no directory /nowhere/at", "--csv /proc;--csv /proc cannot be written", "now;argument 'now' is one too many"
    })
    void whatIsWrongIsOneSentence(String caseAndSentence) throws Exception {
        two();
        Launcher.Outcome outcome = Launcher.pinion(directory, ("c2c " + caseAndSentence.substring(0, caseAndSentence.indexOf(';'))).split(" "));

        assertEquals(2, outcome.code());
        assertEquals(1, outcome.err().size(), outcome.err().toString());
        assertTrue(outcome.err().getFirst().contains(caseAndSentence.substring(caseAndSentence.indexOf(';') + 1)), outcome.err().toString());
        assertEquals(List.of(), outcome.out());
    }
}
