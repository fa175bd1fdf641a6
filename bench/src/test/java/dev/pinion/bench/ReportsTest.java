package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.bench.Row.Standing;
import dev.pinion.page.Page;
import dev.pinion.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Table, Markdown and page say the same. */
class ReportsTest {
    private static final Results RESULTS = Made.results(Made.line("yield", "op", 0, 90, 100, 45), Made.line("sleep", "50us-p50", 0, 10_000, 60_000, 60_000),
            Made.line("sleep", "50us-p99", 0, 20_000, 70_000, 60_000), new Results.Missing("hog-beside", null, 1, Condition.QUIET, "it needs <more> CPUs"));

    private static String table(boolean terminal) {
        return new Table("pinion", List.of("jdk", "go"), false, new Terminal(terminal)).all(RESULTS);
    }

    @Test
    void severalSidesStandBesideEachOther() {
        String line = table(false).lines().filter(each -> each.startsWith("yield ")).findFirst().orElseThrow();
        assertTrue(line.matches("yield +1 quiet +90.0 ns +100 ns +45.0 ns 0.900 \\[0.900 0.900] +2.000 \\[2.000 2.000] +1.000 \\[1.000 1.000] .*behind go"), line);
        String head = table(false).lines().findFirst().orElseThrow();
        assertEquals(head.indexOf("pinion/go"), line.indexOf("2.000 ["));
    }

    private static String table(int columns, boolean wide, boolean terminal) {
        return new Table("pinion", List.of("jdk", "go"), wide, new Terminal(terminal), columns).all(RESULTS);
    }

    @Test
    void onANarrowTerminalColumnsAreFewerAndThenLinesMore() {
        assertTrue(table(149, false, false).contains("jdk again"));
        String fewer = table(127, false, false);
        assertTrue(fewer.startsWith("workload ") && !fewer.contains("jdk again") && fewer.contains("\nyield "), fewer);
        String lines = table(40, false, false);
        assertTrue(lines.startsWith("""
                yield, 1 P, quiet
                  pinion  90.0 ns
                  jdk      100 ns 0.900 [0.900 0.900]
                  jdk again 1.000 [1.000 1.000]
                  go      45.0 ns 2.000 [2.000 2.000]
                """), lines);
        assertTrue(table(40, true, false).contains("cpu/op 2.00 ns, 2.00 ns;"), table(40, true, false));
        for (int columns : List.of(40, 60, 79, 127, 149)) {
            for (boolean wide : List.of(false, true)) {
                String all = table(columns, wide, false);
                assertEquals(List.of(), all.lines().filter(line -> line.length() > columns).toList());
                assertEquals(all, table(columns, wide, true).replaceAll("\u001b\\[[01]m", ""));
                for (String told : List.of("behind go", "0.900 [0.900 0.900]", "not measured:", "'again' is")) {
                    assertTrue(all.replaceAll("\\s+", " ").contains(told), told + " in " + all);
                }
            }
        }
    }

    @Test
    void theBestIsBoldOnATerminalOnly() {
        assertTrue(table(true).contains("\u001b[1m45.0 ns\u001b[0m"), table(true));
        assertFalse(table(true).contains("\u001b[1m90.0 ns"));
        assertFalse(table(false).contains("\u001b"));
    }

    @Test
    void columnsStandWhereTheyStandWithoutBold() {
        assertEquals(table(false), table(true).replaceAll("\u001b\\[[01]m", ""));
    }

    @Test
    void whereTheSubjectIsBehindIsSaidEverywhere() {
        assertTrue(table(false).contains("pinion is behind in 1 comparison.\nbehind in yield: go 2.000"), table(false));
        String markdown = Markdown.text(RESULTS);
        assertTrue(markdown.contains("| `yield` | 90.0 ns | 100 ns | **45.0 ns** | 0.900 [0.900 0.900] | 2.000 [2.000 2.000] **behind** |"), markdown);
        assertTrue(markdown.contains("pinion is behind in 1 comparison.") && markdown.contains("Made by `./pinion bench --quick`"), markdown);
        String html = HtmlReport.page(RESULTS).html();
        assertTrue(html.contains("<td class=\"worse\">2.000 [2.000 2.000] behind</td>"));
        assertTrue(html.contains("<td class=\"better\">0.900 [0.900 0.900]</td>"));
        assertTrue(html.contains("<b>45.0 ns</b>"));
    }

    @Test
    void whatTheMachineAloneMakesOfItIsNoLead() {
        Line line = RESULTS.lines().getFirst();
        Row row = line.rows().getFirst();
        assertTrue(line.isAhead(row));
        assertFalse(withAgain(line, 85, 85, 85, 85, 85).isAhead(row));
    }

    private static Line withAgain(Line line, double... values) {
        List<Row> rows = new ArrayList<>(line.rows());
        Row first = rows.getFirst();
        rows.set(0, new Row(first.workload(), first.figure(), first.procs(), first.condition(), first.subject(), first.against(), first.a(), first.b(),
                Made.samples(first.figure().metric(), values)));
        return new Line(rows, line.repeats());
    }

    @Test
    void aDifferenceThatASideHasAgainstItselfIsNone() {
        Line line = Made.line("yield", "op", 0, 110, 100, 90);
        assertEquals(List.of("jdk", "go"), line.sides(Standing.BEHIND));
        assertEquals(List.of("go"), withAgain(line, 100, 120, 90, 100, 100).sides(Standing.BEHIND), "the machine makes 20 % of it, and 22 % are more");
        assertEquals(List.of(), withAgain(line, 100, 130, 90, 100, 100).sides(Standing.BEHIND));
    }

    /** Of three rounds alike all look slower in one of eight. */
    @Test
    void threeRoundsAreTooFewToSayBehind() {
        Results results = Made.results(Made.first(3, Made.line("yield", "op", 0, 90, 100, 45)));
        Line line = results.lines().getFirst();
        assertEquals(List.of(), line.sides(Standing.BEHIND));
        assertEquals(List.of("behind? go"), line.verdicts().stream().filter(each -> !each.startsWith("met")).toList());
        assertEquals("pinion is slower in 1 comparison, in rounds too few to say that it is behind (behind?).", results.behindSentence());
        assertTrue(Markdown.text(results).contains("| 2.000 [2.000 2.000]~ **behind?** |"), Markdown.text(results));
        String html = HtmlReport.page(results).html();
        assertTrue(html.contains("<td>2.000 [2.000 2.000]~ behind?</td>"), html);
        assertTrue(html.contains("<li>behind? in yield: go 2.000"), html);
    }

    @Test
    void whoIsBehindAndWhereIsNamed() {
        Line other = Made.line("yield", "op", 0, 90, 100, 45);
        Results results = Made.results(other, new Line(other.rows().stream().map(row -> new Row(row.workload(), row.figure(), 2, Condition.HOG, row.subject(),
                row.against(), row.a(), row.b(), row.again())).toList(), other.repeats()));
        assertEquals(List.of("behind in yield (1, quiet): go 2.000 [2.000 2.000]", "behind in yield (2, hog): go 2.000 [2.000 2.000]"), results.losses());
        Line go = new Line(Made.line("yield", "op", 0, 1, 1, 1).rows().stream().map(row -> new Row(row.workload(), row.figure(), 1, Condition.QUIET, Side.GO,
                row.against() == Side.GO ? Side.PINION : row.against(), row.a(), row.b(), row.again())).toList(), other.repeats());
        assertTrue(HtmlReport.page(Made.results(go)).html().contains("go is behind nowhere."));
    }

    @Test
    void whatWasNotMeasuredIsSaidEverywhere() {
        assertTrue(table(false).contains("not measured: it needs <more> CPUs"));
        assertTrue(Markdown.text(RESULTS).contains("Not measured: `hog-beside`: it needs"));
        assertTrue(HtmlReport.page(RESULTS).html().contains("not measured: it needs &lt;more&gt; CPUs"));
    }

    @Test
    void thePageHasTheMachineAndPlotsRatiosAndPercentiles() throws Exception {
        String html = HtmlReport.page(RESULTS).html();
        assertTrue(html.contains("<dt>CPU</dt><dd>A &lt;CPU&gt; &amp; more</dd>"));
        assertTrue(html.contains("{\"name\":\"yield\",\"ratios\":[[0.900000,0.900000,0.900000],[2.00000,2.00000,2.00000]]}"));
        assertTrue(html.contains("{\"name\":\"sleep 50us\",\"labels\":[\"p50\",\"p99\"],\"sides\":[[10000.0,20000.0],[60000.0,70000.0],[60000.0,60000.0]]}"));
        Json.parse(HtmlReport.page(RESULTS).json());
    }

    @Test
    void whatNeverHappenedIsNeitherPlottedNorBest() throws Exception {
        double never = Double.POSITIVE_INFINITY;
        Results results = Made.results(Made.line("announced-block", "p50", 0, 5_000, never, 170_000),
                Made.line("announced-block", "p99", 0, 9_000, never, 300_000));
        assertEquals(Set.of("pinion"), results.lines().getFirst().best());
        Json.parse(HtmlReport.page(results).json());
        assertTrue(HtmlReport.page(results).json().contains("[null,null]"));
        assertEquals(List.of(), results.losses());
        assertEquals(List.of("behind in announced-block/p50: go 2.000 [2.000 2.000]"),
                Made.results(Made.line("announced-block", "p50", 0, 2, never, 1)).losses());
    }

    @Test
    void ratiosBeyondTheScaleAreArrowsAndCounted() throws Exception {
        double never = Double.POSITIVE_INFINITY;
        Page page = HtmlReport.page(Made.results(Made.line("announced-block", "p50", 0, 5_000, never, 100_000), Made.line("announced-block", "p99", 0, 9_000, never, 9_000),
                Made.line("hogs-beside-sleeper", "p50", 0, never, 1_000, 2_000), Made.line("call-not-blocking", "call-over", 0, 0, 5, 5)));
        assertTrue(page.html().contains(" 6 arrows at the edge: 2 where it never happened on the other side; 2 where it never happened on pinion&#39;s side; "
                + "2 where it was too little to tell on one side.</p>"), page.body());
        assertTrue(page.json().contains("{\"name\":\"announced-block/p50\",\"ratios\":[[0,0,0],[0.0500000,0.0500000,0.0500000]]}"), page.json());
        assertTrue(page.json().contains("{\"name\":\"hogs-beside-sleeper/p50\",\"ratios\":[[null,null,null],[null,null,null]]}"), page.json());
        Json.parse(page.json());
        assertFalse(HtmlReport.page(RESULTS).body().contains("at the edge"));
    }

    @Test
    void thePageSaysWhatItsSignsMean() {
        String body = HtmlReport.page(RESULTS).body();
        for (String sign : List.of("bold", "ratios", "~", "never", "-", "behind", "again", "rep", "goal")) {
            assertTrue(body.contains("<dt>" + sign + "</dt><dd>"), sign);
        }
        assertTrue(body.contains("<th>jdk again</th><th>rep</th><th>goal</th>"));
        assertTrue(body.contains("<td class=\"goal\">met\u00a0(1.00x)</td>"), body);
    }

    @Test
    void largeRatiosAndDifferencesFitTheirColumn() {
        Row ratio = Made.line("yield", "op", 0, 1, 1, 1).rows().getFirst();
        assertEquals("9.999 [0.000 10.00]", Table.interval(ratio, new Statistics.Interval(9.9994, 0, 9.9996, 0.95)));
        assertEquals("99.99 [1000 142661]~", Table.interval(ratio, new Statistics.Interval(99.99, 999.96, 142_661.087, 0.75)));
        Row share = Made.line("announced-block", "missed", 0, 1, 1, 1).rows().getFirst();
        assertEquals("-99.9 [-100 +0.1]", Table.interval(share, new Statistics.Interval(-99.9, -100, 0.1, 0.95)));
    }

    @Test
    void noneIsBestWhereAllAreAlike() {
        assertEquals(Set.of(), Made.line("yield", "op", 0, 1, 1, 1).best());
        assertEquals(Set.of("pinion", "jdk"), Made.line("yield", "op", 0, 1, 1, 2).best());
    }

    @Test
    void repeatsAreCountedOncePerWorkload() {
        NoiseCheck.Repeats repeats = new NoiseCheck.Repeats(3, 1);
        List<Results.Entry> entries = List.of(new Line(Made.line("sleep", "50us-p50", 0, 1, 1, 1).rows(), repeats),
                new Line(Made.line("sleep", "50us-p99", 0, 1, 1, 1).rows(), repeats));
        Results results = new Results(Made.MACHINE, "", entries);
        assertEquals(repeats, results.repeats());
        String foot = new Table("pinion", List.of("jdk", "go"), false, new Terminal(false)).foot(results);
        assertTrue(foot.contains("3 runs were repeated") && foot.contains("1 count"), foot);
        assertEquals("3!", Table.repeats(repeats));
    }
}
