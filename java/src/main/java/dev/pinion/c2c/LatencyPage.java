package dev.pinion.c2c;

import dev.pinion.cpu.JsonWriter;
import dev.pinion.page.Page;
import java.util.Locale;
import java.util.function.IntBinaryOperator;

/** The page of what was found: both matrices as coloured tables, which need no script, and the figures as data. */
public final class LatencyPage {
    private LatencyPage() {}

    /** @param distance as for {@link Relations#of} @return the page as HTML */
    public static String html(Latencies latencies, IntBinaryOperator distance) {
        String body = "<p>Nanoseconds from one core to another, one way: the median of several rounds. <span class=\"dim\">" + Page.escape(latencies.machine())
                + " Where the quartiles of a pair lie more than a quarter of the median apart, something else ran there meanwhile: its figure is pale.</span></p>\n"
                + part("One line", "Both threads change one word by compare-and-set in turn.", latencies.oneLine(), distance)
                + part("Two lines", "Each thread changes a word of its own, and waits for the other's.", latencies.twoLines(), distance);
        return new Page("Core to core", body, json(latencies), Page.resource(LatencyPage.class, "c2c.css"), "").html();
    }

    private static String part(String title, String what, Matrix matrix, IntBinaryOperator distance) {
        StringBuilder out = new StringBuilder("<h2>" + title + "</h2>\n<p>" + what + "</p>\n<div class=\"wide\"><table><tr><th>between</th><th>pairs</th>"
                + "<th>fastest</th><th>median</th><th>slowest</th></tr>\n");
        for (Relations.Row row : Relations.of(matrix, distance)) {
            out.append(String.format(Locale.ROOT, "<tr><td>%s</td><td>%d</td><td>%.0f</td><td>%.0f</td><td>%.0f</td></tr>\n", row.name(), row.pairs(), row.least(),
                    row.median(), row.most()));
        }
        Scale scale = new Scale(matrix);
        table(out.append("</table></div>\n<div class=\"wide\"><table class=\"heat\"><tr><th>CPU</th>"), matrix, scale).append("</table></div>\n");
        return key(out, scale).toString();
    }

    /** What the colours mean; nothing where all pairs are alike. */
    private static StringBuilder key(StringBuilder out, Scale scale) {
        if (scale.isOneStep()) {
            return out;
        }
        out.append("<p class=\"key\"><span>colours, from so many ns:</span>");
        for (int step = 0; step < Scale.STEPS; step++) {
            out.append(String.format(Locale.ROOT, "<span class=\"step\" style=\"--step:%d\">%.0f</span>", step, scale.begin(step)));
        }
        return out.append("</p>\n");
    }

    private static StringBuilder table(StringBuilder out, Matrix matrix, Scale scale) {
        for (int b = 0; b < matrix.size(); b++) {
            out.append("<th>").append(matrix.cpu(b)).append("</th>");
        }
        out.append("</tr>\n");
        for (int a = 0; a < matrix.size(); a++) {
            out.append("<tr><th>").append(matrix.cpu(a)).append("</th>");
            for (int b = 0; b < matrix.size(); b++) {
                double nanos = matrix.median(a, b);
                out.append(Double.isNaN(nanos) ? "<td class=\"self\">&middot;</td>" : String.format(Locale.ROOT,
                        "<td%s style=\"--step:%d\" title=\"CPU %d and CPU %d: %.1f ns, quartiles %.1f and %.1f\">%.0f</td>", matrix.isNoisy(a, b) ? " class=\"noisy\"" : "",
                        scale.stepOf(nanos), matrix.cpu(a), matrix.cpu(b), nanos, matrix.low(a, b), matrix.high(a, b), nanos));
            }
            out.append("</tr>\n");
        }
        return out;
    }

    private static String json(Latencies latencies) {
        JsonWriter out = new JsonWriter().open('{').name("cpus").open('[');
        for (int a = 0; a < latencies.oneLine().size(); a++) {
            out.number(latencies.oneLine().cpu(a));
        }
        out.close(']').name("pairs").open('[');
        Matrix one = latencies.oneLine();
        for (int a = 0; a < one.size(); a++) {
            for (int b = a + 1; b < one.size(); b++) {
                if (!Double.isNaN(one.median(a, b))) {
                    out.open('{').number("a", one.cpu(a)).number("b", one.cpu(b)).decimal("oneLine", one.median(a, b))
                            .decimal("twoLines", latencies.twoLines().median(a, b)).close('}');
                }
            }
        }
        return out.close(']').close('}').toString();
    }
}
