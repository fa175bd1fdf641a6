package dev.pinion.jitter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.ThreadCounters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How gaps are counted, attributed and shown, on made-up ones. */
class JitterReportTest {
    private static final long SECOND = 1_000_000_000;

    @TempDir
    private Path root;

    /** For each CPU a reader with one gap of 15 us and one of the given length, in two seconds. */
    private static Side side(String name, int cpus, long gap) {
        List<Gaps> readers = new ArrayList<>();
        List<Causes> causes = new ArrayList<>();
        for (int cpu = 0; cpu < cpus; cpu++) {
            Gaps gaps = new Gaps(2 * SECOND);
            gaps.add(0, 15_000);
            gaps.add(SECOND, gap);
            gaps.wasRead(2 * SECOND, 1_000_000);
            readers.add(gaps);
            causes.add(new Causes(cpu).count(false, "LOC", 500).count(false, "36 (disk)", 20).count(true, "RCU", 10));
        }
        return new Side(name, readers, causes);
    }

    private static Jitter.Result result(int cpus) {
        return new Jitter.Result(side("pinned", cpus, 200_000), side("unpinned", cpus, 3_000_000), "A <fake> machine.");
    }

    @ParameterizedTest
    @CsvSource({"1000,0", "1999,0", "2000,1", "5000,2", "9999,2", "10000,3", "999999,8", "1000000,9", "100000000,15", "9000000000,15"})
    void aGapIsCountedInTheRowThatBeginsBelowIt(long nanos, int row) {
        Gaps gaps = new Gaps(SECOND);
        gaps.add(0, nanos);

        for (int i = 0; i < Gaps.BOUNDS.length; i++) {
            assertEquals(i == row ? 1 : 0, gaps.count(i), "row " + i);
        }
        assertEquals(nanos, gaps.sumNanos());
        assertEquals(nanos, gaps.longest());
    }

    @Test
    void theTimelineKeepsTheLongestOfASlice() {
        Gaps gaps = new Gaps(Gaps.SLICES * 10_000L);
        gaps.add(500, 2_000);
        gaps.add(3_000, 7_000);
        gaps.add(9_000, 1_000);
        gaps.add(10_000, 4_000);
        gaps.add(100_000_000, 5_000); // a stretch ends with a gap, beyond its time

        assertEquals(7_000, gaps.longest(0));
        assertEquals(4_000, gaps.longest(1));
        assertEquals(0, gaps.longest(2));
        assertEquals(5_000, gaps.longest(Gaps.SLICES - 1));
    }

    @Test
    void aGapIsInEverySliceThatItCoversAndCountsOnce() {
        Gaps gaps = new Gaps(Gaps.SLICES * 10_000L);
        gaps.add(15_000, 25_000); // from the middle of slice 1 to the last moment of slice 3
        gaps.add(Gaps.SLICES * 10_000L - 5_000, 1_000_000);

        assertEquals(0, gaps.longest(0));
        for (int slice = 1; slice <= 3; slice++) {
            assertEquals(25_000, gaps.longest(slice), "slice " + slice);
        }
        assertEquals(0, gaps.longest(4));
        assertEquals(1_000_000, gaps.longest(Gaps.SLICES - 1));
        assertEquals(2, gaps.countFrom(0));
        assertEquals(1_025_000, gaps.sumNanos());
    }

    @Test
    void theClocksTimeIsWhatTheGapsLeave() {
        Gaps gaps = new Gaps(SECOND);
        gaps.add(0, SECOND / 2);
        gaps.wasRead(SECOND, 10_000_000);

        assertEquals(50, gaps.clockNanos());
    }

    private void write(String file, String content) throws Exception {
        Files.createDirectories(root.resolve("proc"));
        Files.writeString(root.resolve("proc").resolve(file), content);
    }

    @Test
    void whatTheKernelCountsIsAttributedToItsCpu() throws Exception {
        HostFiles host = new HostFiles(root.resolve("proc"), root.resolve("sys"), root);
        write("interrupts", "     CPU0 CPU3\n 36:   5   7  PCI-MSIX-0000:00:02.0   1-edge      virtio1\nLOC:  100  200   Local timer interrupts\n");
        write("softirqs", "     CPU0 CPU3\n RCU:  1  2\n");
        write("stat", "cpu  1 1 1 1 1 1 1 9 0 0\ncpu0 1 1 1 1 1 1 1 4 0 0\ncpu3 1 1 1 1 1 1 1 5 0 0\nintr 1 2\n");
        Counts before = new Counts(host);
        write("interrupts", "     CPU0 CPU3\n 36:   5   9  PCI-MSIX-0000:00:02.0   1-edge      virtio1\nLOC:  150  290   Local timer interrupts\n");
        write("softirqs", "     CPU0 CPU3\n RCU:  1  6\n");
        write("stat", "cpu  1 1 1 1 1 1 1 9 0 0\ncpu0 1 1 1 1 1 1 1 4 0 0\ncpu3 1 1 1 1 1 1 1 8 0 0\n");
        Counts after = new Counts(host);
        Causes third = new Causes(3);
        Causes first = new Causes(0);
        after.since(before, 3, third);
        after.since(before, 0, first);

        assertEquals(Map.of("36 (virtio1)", 2L, "LOC", 90L), third.interrupts);
        assertEquals(Map.of("RCU", 4L), third.softirqs);
        assertEquals(30, third.stealMillis);
        assertEquals(Map.of("LOC", 50L), first.interrupts);
        assertEquals(Map.of(), first.softirqs);
        assertEquals(0, first.stealMillis);
    }

    @Test
    void whatTheKernelStopsTellingIsUnknownFromThenOn() throws Exception {
        HostFiles host = new HostFiles(root.resolve("proc"), root.resolve("sys"), root);
        write("interrupts", "     CPU0\nLOC:  100   Local timer interrupts\n");
        write("stat", "cpu0 1 1 1 1 1 1 1\n"); // without a column for steal time
        Counts before = new Counts(host);
        Causes causes = new Causes(0);
        new Counts(host).since(before, 0, causes);
        assertEquals(ThreadCounters.UNKNOWN, causes.stealMillis);
        assertTrue(causes.interruptsTold);
        assertFalse(causes.softirqsTold);
        write("stat", "cpu0 1 1 1 1 1 1 1 4 0 0\n");
        new Counts(host).since(new Counts(host), 0, causes);
        assertEquals(ThreadCounters.UNKNOWN, causes.stealMillis, "what was taken before is not known afterwards");

        Side pinned = side("pinned", 1, 200_000);
        Side untold = new Side("pinned", pinned.readers(), List.of(causes));
        List<String> lines = JitterText.draw(new Jitter.Result(untold, side("unpinned", 1, 200_000), ""), Integer.MAX_VALUE, false).lines().toList();
        assertEquals(1, lines.stream().filter(line -> line.matches(" +0 +1\\.0 +200 us +0\\.01 +0 +0 \\| +0 +- +-")).count(), lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("CPU 0: ") && line.endsWith("softirqs are not told")), lines.toString());
    }

    @ParameterizedTest
    @CsvSource({"40", "55", "56", "80", "91", "97", "98", "161"})
    void itFitsTheTerminal(int columns) {
        for (int cpus : new int[] {1, 64}) {
            String text = JitterText.draw(result(cpus), columns, true).replaceAll("\u001b\\[[0-9;]*m", "");
            text.lines().forEach(line -> assertTrue(line.length() <= columns, line.length() + ": " + line));
            for (String figure : List.of(">10 us/s", "longest", "lost %", "moves", "switches", "irqs/s", "softirqs/s", "steal ms")) {
                assertEquals(2, text.lines().filter(line -> line.matches("(un)?pinned .* " + figure + "( .*|$)")).count(), figure);
            }
        }
    }

    @Test
    void bothWaysStandSideBySide() {
        List<String> lines = JitterText.draw(result(2), Integer.MAX_VALUE, false).lines().toList();

        String tens = lines.stream().filter(line -> line.startsWith("10 us ")).findFirst().orElseThrow();
        assertTrue(tens.matches("10 us +1\\.00  #+ +1\\.00  #+"), tens); // two readers, each one in two seconds
        assertTrue(lines.stream().anyMatch(line -> line.matches("200 us +1\\.00  #+")), "pinned only");
        assertTrue(lines.stream().anyMatch(line -> line.matches("2 ms {40,}1\\.00  #+")), "unpinned only");
        assertEquals(2, lines.stream().filter(line -> line.matches("pinned +\\d \\|.{60}\\|")).count());
        assertEquals(2, lines.stream().filter(line -> line.matches("unpinned +\\d \\|.{60}\\|")).count());
        assertTrue(lines.stream().anyMatch(line -> line.matches(" +1 +1\\.0 +200 us +0\\.01 +0 +0 \\| +260 +5 +0")), lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("CPU 1: ") && line.contains("LOC 250/s, 36 (disk) 10/s; softirqs RCU 5/s")), lines.toString());
    }

    @Test
    void whatTheKernelDoesNotTellIsNoNought() {
        Side pinned = side("pinned", 1, 200_000);
        pinned.readers().getFirst().involuntary = -1;
        pinned.readers().getFirst().waitNanos = -1;
        List<String> lines = JitterText.draw(new Jitter.Result(pinned, side("unpinned", 1, 200_000), ""), Integer.MAX_VALUE, false).lines().toList();

        assertEquals(1, lines.stream().filter(line -> line.matches(" +0 +1\\.0 +200 us +0\\.01 +0 +- \\| +260 +5 +0")).count(), lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("CPU 0: the bound reader how long it waited for others is not told;")), lines.toString());
    }

    @Test
    void colourIsOnlyAdded() {
        String plain = JitterText.draw(result(64), Integer.MAX_VALUE, false);
        String coloured = JitterText.draw(result(64), Integer.MAX_VALUE, true);

        assertFalse(plain.contains("\u001b"));
        assertTrue(coloured.contains("\u001b[31m"), "3 ms are red");
        assertTrue(coloured.contains("\u001b[33m"), "200 us are yellow");
        assertEquals(plain, coloured.replaceAll("\u001b\\[[0-9;]*m", ""));
    }

    @ParameterizedTest
    @CsvSource({"0,' '", "1000,.", "3999,.", "4000,:", "16000,-", "64000,=", "64000000,%", "70000000,@", "9000000000,@"})
    void aSignIsAFactorOfFour(long nanos, String sign) {
        assertEquals(sign, JitterText.sign(nanos, false));
    }

    @Test
    void thePageHasTheFiguresWithoutScriptsAndTheDataForThePlots() {
        String html = JitterPage.html(result(64));

        assertEquals(2 * 64, count("<tr><td>\\d+</td><td>1\\.0</td><td>[\\w. ]+</td><td>0\\.\\d\\d</td><td>0</td><td>0</td><td>260</td><td>5</td><td>0</td></tr>", html));
        assertEquals(1, count("<tr><td>200 us</td><td>32.00</td><td>0.00</td></tr>", html), "a row of the histogram");
        assertEquals(1, count("<tr><td>100 ms and longer</td>", html));
        assertEquals(64, count("<dt>CPU \\d+</dt><dd>the bound reader waited 0.0 ms of 2.0 s for others; LOC 250/s", html));
        assertTrue(html.contains("A &lt;fake&gt; machine."));
        assertTrue(html.contains("getElementById('timeline')") && html.contains("id=\"timeline\""));
    }

    @Test
    void eachReaderHasItsOwnBandOfTime() {
        Jitter.Result result = result(3);
        result.unpinned().readers().get(2).add(SECOND / 2, 40_000_000);
        String html = JitterPage.html(result);

        assertTrue(html.contains("\"slices\":" + Gaps.SLICES + ",\"seconds\":2.0"), "data");
        assertEquals(2, count("\"cpus\":\\[0,1,2\\],\"longest\":\\[(\\[15000(,\\d+){239}\\],?){3}\\]", html));
        assertTrue(html.contains("The longest: pinned 0, 200 us at 1.00 s; unpinned 2, 40 ms at 0.50 s."));
    }

    @Test
    void whereNoGapIsThereIsNoLongest() {
        Gaps gaps = new Gaps(SECOND);
        gaps.wasRead(SECOND, 10_000_000);

        assertEquals("pinned, none", new Side("pinned", List.of(gaps), List.of(new Causes(0))).worst());
    }

    private static long count(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().count();
    }
}
