package dev.pinion.jitter;

import dev.pinion.cpu.JsonWriter;
import dev.pinion.page.Page;
import java.util.Locale;

/** The result as a page: tables of all figures, which need no script; the histogram, and a band of time for each reader, as plots. */
public final class JitterPage {
    private JitterPage() {}

    /** @return the page as HTML */
    public static String html(Jitter.Result result) {
        StringBuilder body = new StringBuilder("<p>A thread for each CPU reads the clock as fast as it can; where the clock jumped, somebody else had the CPU. In turn the "
                + "threads are bound to a CPU each, and not. What is shorter than 1 us is not counted.</p>\n<h2>Gaps by size</h2>\n<p class=\"dim\">How many a second, from each "
                + "size up to the next, all readers together. The bars are logarithmic.</p>\n<div class=\"plot\" id=\"sizes\"></div>\n");
        sizes(body, result);
        body.append("<h2>The longest gap over the time</h2>\n<p class=\"dim\">A band for each reader: the longest gap in or over each moment, stronger for each factor of 4. "
                + "Bound readers by their CPU, the others by the CPU that they began on.</p>\n<p id=\"scale\"></p>\n<p id=\"readout\">")
                .append(Page.escape("The longest: " + result.pinned().worst() + "; " + result.unpinned().worst() + ".")).append("</p>\n<div class=\"plot\" id=\"timeline\"></div>\n");
        readers(body, "Pinned", "CPU", result.pinned());
        readers(body, "Unpinned", "reader", result.unpinned());
        body.append("<p class=\"dim\">lost: share of the time in gaps. moves: it was seen on another CPU after a gap. switches: it lost the CPU to another thread; - where the "
                + "kernel does not tell. irqs, softirqs and steal (time that the hypervisor took) are the CPU's; an unpinned reader went where the kernel put it, and beside it stands "
                + "the CPU of the same number.</p>\n<h2>What the kernel did meanwhile</h2>\n<dl>\n");
        for (int i = 0; i < result.pinned().causes().size(); i++) {
            body.append("<dt>CPU ").append(result.pinned().causes().get(i).cpu).append("</dt><dd>").append(Page.escape(JitterText.causes(result.pinned(), i))).append("</dd>\n");
        }
        body.append("</dl>\n<p class=\"dim\">").append(Page.escape(JitterText.where(result))).append("</p>\n");
        return new Page("Jitter", body.toString(), json(result), Page.resource(JitterPage.class, "jitter.css"), Page.resource(JitterPage.class, "jitter.js")).html();
    }

    private static void sizes(StringBuilder out, Jitter.Result result) {
        out.append("<table><tr><th>gaps from</th><th>pinned, a second</th><th>unpinned, a second</th></tr>\n");
        for (int bucket = 0; bucket < Gaps.BOUNDS.length; bucket++) {
            out.append(String.format(Locale.ROOT, "<tr><td>%s%s</td><td>%.2f</td><td>%.2f</td></tr>\n", JitterText.size(Gaps.BOUNDS[bucket]),
                    bucket + 1 < Gaps.BOUNDS.length ? "" : " and longer", result.pinned().rate(bucket), result.unpinned().rate(bucket)));
        }
        out.append("</table>\n");
    }

    private static void readers(StringBuilder out, String title, String first, Side side) {
        out.append("<h2>").append(title).append("</h2>\n<div class=\"wide\"><table><tr><th>").append(first).append("</th><th>over 10&nbsp;us, a&nbsp;second</th><th>longest</th><th>lost, %</th>"
                + "<th>moves</th><th>switches</th><th>irqs a&nbsp;second</th><th>softirqs a&nbsp;second</th><th>steal, ms</th></tr>\n");
        for (int i = 0; i < side.readers().size(); i++) {
            out.append("<tr><td>").append(side.causes().get(i).cpu).append("</td>");
            for (String cell : JitterText.cells(side.readers().get(i), side.causes().get(i))) {
                out.append("<td>").append(cell).append("</td>");
            }
            out.append("</tr>\n");
        }
        out.append("</table></div>\n");
    }

    private static String json(Jitter.Result result) {
        JsonWriter out = new JsonWriter().open('{').name("bounds").open('[');
        for (long bound : Gaps.BOUNDS) {
            out.number(bound);
        }
        out.close(']').name("slices").number(Gaps.SLICES).decimal("seconds", result.pinned().readers().getFirst().timelineSeconds()).name("sides").open('[');
        for (Side side : new Side[] {result.pinned(), result.unpinned()}) {
            side(out, side);
        }
        return out.close(']').close('}').toString();
    }

    private static void side(JsonWriter out, Side side) {
        out.open('{').text("name", side.name()).name("rates").open('[');
        for (int bucket = 0; bucket < Gaps.BOUNDS.length; bucket++) {
            out.decimal(side.rate(bucket));
        }
        out.close(']').name("cpus").open('[');
        side.causes().forEach(causes -> out.number(causes.cpu));
        out.close(']').name("longest").open('[');
        for (Gaps gaps : side.readers()) {
            out.open('[');
            for (int slice = 0; slice < Gaps.SLICES; slice++) {
                out.number(gaps.longest(slice));
            }
            out.close(']');
        }
        out.close(']').close('}');
    }
}
