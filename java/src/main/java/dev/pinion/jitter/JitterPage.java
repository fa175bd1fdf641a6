package dev.pinion.jitter;

import dev.pinion.cpu.JsonWriter;
import dev.pinion.page.Page;

/** The result as a page: histogram and timeline as plots, the rest as the terminal has it. */
public final class JitterPage {
    private JitterPage() {}

    /** @return the page as HTML */
    public static String html(Jitter.Result result) {
        String body = "<p>A thread for each CPU reads the clock as fast as it can; where the clock jumped, somebody else had the CPU. In turn the threads are bound to a CPU "
                + "each, and not.</p>\n<h2>Gaps by size</h2>\n<div class=\"plot\" id=\"sizes\"></div>\n<h2>The longest gap over the time</h2>\n"
                + "<div class=\"plot\" id=\"timeline\"></div>\n<h2>Figures</h2>\n<pre>" + Page.escape(JitterText.draw(result, false)) + "</pre>\n";
        return new Page("Jitter", body, json(result), "", Page.resource(JitterPage.class, "jitter.js")).html();
    }

    private static String json(Jitter.Result result) {
        JsonWriter out = new JsonWriter().open('{').name("bounds").open('[');
        for (long bound : Gaps.BOUNDS) {
            out.number(bound);
        }
        out.close(']').name("slices").number(Gaps.SLICES).decimal("seconds", result.pinned().seconds());
        for (Side side : new Side[] {result.pinned(), result.unpinned()}) {
            out.name(side.name()).open('{').name("rates").open('[');
            for (int bucket = 0; bucket < Gaps.BOUNDS.length; bucket++) {
                out.open('{').decimal("perSecond", side.rate(bucket)).close('}');
            }
            out.close(']').name("longest").open('[');
            for (int slice = 0; slice < Gaps.SLICES; slice++) {
                out.number(side.longest(slice));
            }
            out.close(']').close('}');
        }
        return out.close('}').toString();
    }
}
