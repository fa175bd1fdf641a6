package dev.pinion.bench;

import dev.pinion.bench.Row.Standing;
import dev.pinion.page.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page of a session: where it ran, the table, a plot of all ratios with their intervals, and one of each workload's percentiles. */
final class HtmlReport {

    /** Percentiles of one distribution, as far as a workload prints them: {@code p50}, or {@code 50us-p50} and the like. */
    private static final List<String> PERCENTILES = List.of("p50", "p99", "max");

    private final Results results;
    private final List<String> sides = new ArrayList<>();
    private final boolean several;

    private HtmlReport(Results results) {
        this.results = results;
        sides.add(results.subject());
        sides.addAll(results.others());
        several = results.isSeveral();
    }

    static Page page(Results results) {
        HtmlReport report = new HtmlReport(results);
        return new Page("pinion bench: " + results.subject() + " beside " + String.join(", ", results.others()), report.body(), report.data(),
                Page.resource(HtmlReport.class, "report.css"), Page.resource(HtmlReport.class, "report.js"));
    }

    private String body() {
        StringBuilder body = new StringBuilder();
        List<String> losses = results.losses();
        String behind = Page.escape(results.behindSentence());
        body.append("<p>").append(Page.escape(results.noiseSentence())).append(' ')
                .append(losses.isEmpty() ? behind : "<a href=\"#behind\">" + behind + "</a>").append("</p>\n");
        body.append("<h2>Ratios to the others</h2>\n<p class=\"dim\">").append(Page.escape(results.subject()))
                .append("'s time over the other side's: the median of the ratios within rounds, with its 90 % interval. Below the line at 1 it is")
                .append(" faster. The scale is logarithmic. Shares and counts, which are compared by their difference, are in the table only.")
                .append(Page.escape(beyondTheScale())).append("</p>\n<div id=\"key\"></div>\n<div class=\"wide\"><div class=\"plot\" id=\"ratios\"></div></div>\n");
        body.append("<h2>All figures</h2>\n<div class=\"wide\">\n").append(table()).append("</div>\n").append(legend());
        if (!losses.isEmpty()) {
            body.append("<h2 id=\"behind\">Behind</h2>\n<ul>\n");
            losses.forEach(loss -> body.append("<li>").append(Page.escape(loss)).append("</li>\n"));
            body.append("</ul>\n");
        }
        if (!latencies().isEmpty()) {
            body.append("<h2>Latencies</h2>\n<p class=\"dim\">Medians of the runs' percentiles, logarithmic. Where a side has no point, it never happened there.</p>\n<div id=\"latencies\"></div>\n");
        }
        body.append("<h2>Machine</h2>\n<dl>\n");
        results.machine().facts().forEach((name, fact) -> body.append("<dt>").append(Page.escape(name)).append("</dt><dd>")
                .append(Page.escape(fact)).append("</dd>\n"));
        return body.append("<dt>made by</dt><dd><code>").append(Page.escape(results.command())).append("</code></dd>\n</dl>\n").toString();
    }

    /** The ratios that no logarithmic scale has a place for: how many, and why. */
    private String beyondTheScale() {
        int never = 0;
        int neverHere = 0;
        int nothing = 0;
        for (Row row : results.lines().stream().flatMap(line -> line.rows().stream()).toList()) {
            double ratio = row.comparison().median();
            if (row.figure().unit().isRatio() && (ratio == 0 || ratio == Double.POSITIVE_INFINITY)) {
                boolean isNever = Double.isInfinite(row.median(ratio == 0 ? row.b() : row.a()));
                never += isNever && ratio == 0 ? 1 : 0;
                neverHere += isNever && ratio > 0 ? 1 : 0;
                nothing += isNever ? 0 : 1;
            }
        }
        int all = never + neverHere + nothing;
        return all == 0 ? "" : " " + all + (all == 1 ? " arrow" : " arrows") + " at the edge: " + Stream.of(beyond(never, "never happened on the other side"),
                beyond(neverHere, "never happened on " + results.subject() + "'s side"), beyond(nothing, "was too little to tell on one side"))
                .filter(reason -> !reason.isEmpty()).collect(Collectors.joining("; ")) + ".";
    }

    private static String beyond(int count, String why) {
        return count == 0 ? "" : count + " where it " + why;
    }

    private String legend() {
        String subject = Page.escape(results.subject());
        return """
                <dl class="legend">
                <dt>bold</dt><dd>the best of the row</dd>
                <dt>ratios</dt><dd>%s's figure over the other side's, and the 90 %% interval; below 1 %s needs less. With a sign: the difference</dd>
                <dt>~</dt><dd>fewer rounds than the 90 %% need, so the interval is all that they gave</dd>
                <dt>never</dt><dd>it did not happen while the program waited</dd>
                <dt>-</dt><dd>not measured, or nothing to compare</dd>
                <dt>behind</dt><dd>%s is worse by more than the interval, and than the machine alone makes of it; behind?: so it looks, in fewer rounds than the 90 %% need</dd>
                <dt>again</dt><dd>the same side's second runs over its first: a difference inside that interval is the machine's noise</dd>
                <dt>rep</dt><dd>runs made again because the machine's pace drifted; !: some count although it did</dd>
                <dt>goal</dt><dd>what the project asks of this figure, met or MISSED: at most so many times the other side's (1.00x), so much more (+), or so much by itself</dd>
                </dl>
                """.formatted(subject, subject, subject);
    }

    private String table() {
        StringBuilder table = new StringBuilder("<table>\n<thead><tr><th>workload</th>").append(several ? "<th>P, condition</th>" : "");
        sides.forEach(side -> table.append("<th>").append(Page.escape(side)).append("</th>"));
        results.others().forEach(other -> table.append("<th>").append(Page.escape(results.subject() + "/" + other)).append("</th>"));
        table.append("<th>").append(Page.escape(results.others().isEmpty() ? "" : results.others().getFirst() + " ")).append("again</th><th>rep</th><th>goal</th></tr></thead>\n<tbody>\n");
        for (Results.Entry entry : results.entries()) {
            table.append("<tr><td>").append(Page.escape(entry.name()).replace("/", "/<wbr>")).append("</td>")
                    .append(several ? "<td>" + entry.procs() + ", " + entry.condition().label() + "</td>" : "");
            switch (entry) {
                case Line line -> cells(table, line);
                case Results.Missing missing -> table.append("<td class=\"dim reason\" colspan=\"").append(2 * sides.size() + 2).append("\">")
                        .append(Page.escape((missing.side() == null ? "" : missing.side() + " ") + "not measured: " + missing.reason()))
                        .append("</td>");
            }
            table.append("</tr>\n");
        }
        return table.append("</tbody>\n</table>\n").toString();
    }

    private void cells(StringBuilder table, Line line) {
        Set<String> best = line.best();
        for (String side : sides) {
            OptionalDouble median = line.median(side);
            String text = median.isEmpty() ? "-" : Page.escape(line.figure().unit().format(median.getAsDouble()));
            table.append("<td>").append(best.contains(side) ? "<b>" + text + "</b>" : text).append("</td>");
        }
        for (String other : results.others()) {
            Row row = line.against(other);
            table.append(row == null ? "<td>-" : "<td" + colour(line, row) + ">" + Page.escape(Table.interval(row, row.comparison()))
                    + (line.standing(row) == Standing.NOT_BEHIND ? "" : " " + line.standing(row).mark())).append("</td>");
        }
        Row first = line.rows().getFirst();
        table.append("<td class=\"dim\">").append(Page.escape(Table.interval(first, first.noise()))).append("</td><td>")
                .append(Table.repeats(line.repeats())).append("</td><td class=\"goal\">")
                .append(Page.escape(goals(line))).append("</td>");
    }

    /** Whom the subject is behind is said beside the ratio. A goal is not broken over two lines, so that most rows have one. */
    private static String goals(Line line) {
        return line.rows().stream().flatMap(row -> row.verdicts().stream()).distinct()
                .map(verdict -> verdict.endsWith(")") ? verdict.replace(' ', '\u00a0') : verdict).collect(Collectors.joining(", "));
    }

    private static String colour(Line line, Row row) {
        return line.standing(row) == Standing.BEHIND ? " class=\"worse\"" : line.isAhead(row) ? " class=\"better\"" : "";
    }

    private String data() {
        List<String> ratios = new ArrayList<>();
        for (Line line : results.lines()) {
            if (line.figure().unit().isRatio()) {
                List<String> each = results.others().stream().map(other -> ratio(line.against(other))).toList();
                if (each.stream().anyMatch(ratio -> !ratio.equals("null"))) {
                    ratios.add("{\"name\":" + JsonReport.quote(results.title(line)) + ",\"ratios\":[" + String.join(",", each) + "]}");
                }
            }
        }
        return "{\"subject\":" + JsonReport.quote(results.subject()) + ",\"others\":["
                + String.join(",", results.others().stream().map(JsonReport::quote).toList()) + "],\"ratios\":[" + String.join(",", ratios)
                + "],\"latencies\":[" + String.join(",", latencies()) + "]}";
    }

    /** Median, low and high end, each 0 or null where it lies below or above any scale; null where nothing was compared. */
    private static String ratio(Row row) {
        if (row == null || Double.isNaN(row.comparison().median())) {
            return "null";
        }
        Statistics.Interval interval = row.comparison();
        return "[" + end(interval.median()) + "," + end(interval.low()) + "," + end(interval.high()) + "]";
    }

    private static String end(double value) {
        return value == 0 ? "0" : number(value);
    }

    /** The workloads with at least two percentiles of one distribution: its name, their names, and each side's values. */
    private List<String> latencies() {
        Map<String, List<Line>> groups = new LinkedHashMap<>();
        for (Line line : results.lines()) {
            String metric = line.figure().metric();
            PERCENTILES.stream().filter(metric::endsWith).findFirst().ifPresent(percentile -> {
                String prefix = metric.substring(0, metric.length() - percentile.length());
                if (!prefix.equals("late-")) {
                    groups.computeIfAbsent(line.workload().name() + (prefix.isEmpty() ? "" : " " + prefix.substring(0, prefix.length() - 1))
                            + (several ? " (" + line.procs() + ", " + line.condition().label() + ")" : ""), n -> new ArrayList<>()).add(line);
                }
            });
        }
        List<String> latencies = new ArrayList<>();
        groups.forEach((name, lines) -> {
            if (lines.size() > 1) {
                List<String> labels = lines.stream().map(line -> PERCENTILES.stream().filter(line.figure().metric()::endsWith).findFirst()
                        .orElseThrow()).map(JsonReport::quote).toList();
                List<String> values = sides.stream().map(side -> "[" + String.join(",", lines.stream().map(line -> line.median(side))
                        .map(median -> median.isEmpty() ? "null" : number(median.getAsDouble())).toList()) + "]").toList();
                latencies.add("{\"name\":" + JsonReport.quote(name) + ",\"labels\":[" + String.join(",", labels) + "],\"sides\":["
                        + String.join(",", values) + "]}");
            }
        });
        return latencies;
    }

    private static boolean isPlotted(double value) {
        return Double.isFinite(value) && value > 0;
    }

    /** As a logarithmic axis can show it; null where it cannot. */
    private static String number(double value) {
        return isPlotted(value) ? String.format(Locale.ROOT, "%.6g", value) : "null";
    }
}
