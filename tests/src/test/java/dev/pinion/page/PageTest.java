package dev.pinion.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
    private static final Pattern DATA = Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);

    private static Page page(String json) {
        return new Page("a < b & \"c\"", "<p id=\"own\">text</p>", json, ".own { color: red; }", "const own = page.data;");
    }

    private static int count(String needle, String text) {
        return text.split(Pattern.quote(needle), -1).length - 1;
    }

    @Test
    void nothingIsFetchedFromOutside() {
        String html = page("{}").html();
        // Whatever a browser would follow on its own: attributes, CSS, modules. The words of licence and comments are none.
        assertFalse(Pattern.compile("(?i)\\b(src|href|srcset|poster|action)\\s*=\\s*[\"']?\\s*(https?:)?//").matcher(html).find());
        assertFalse(Pattern.compile("(?i)<(link|img|iframe|base|object|embed)\\b").matcher(html).find());
        assertFalse(Pattern.compile("(?i)url\\(|@import|\\bfetch\\(|XMLHttpRequest|\\bimport\\(").matcher(html).find());
        assertTrue(html.contains("default-src 'none'"), "and the browser is told so");
    }

    @Test
    void noStringInTheDataEndsTheElementOrBeginsAComment() {
        String html = page("{\"x\":\"</script><script>alert(1)</script><!-- & \u2028\"}").html();
        Matcher data = DATA.matcher(html);
        assertTrue(data.find());
        assertEquals("{\"x\":\"\\u003c/script\\u003e\\u003cscript\\u003ealert(1)\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028\"}",
                data.group(1));
        assertEquals(count("</script>", page("{}").html()), count("</script>", html));
    }

    @Test
    void aScriptThatWouldEndItsElementIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Page("t", "", "{}", "", "'</SCRIPT>'"));
        assertThrows(IllegalArgumentException.class, () -> new Page("t", "", "{}", "</style>", ""));
    }

    @Test
    void titleIsTextAndEachPieceIsThereOnce() {
        String html = page("{}").html();
        assertTrue(html.contains("<title>a &lt; b &amp; &quot;c&quot;</title>"));
        for (String piece : List.of("<p id=\"own\">text</p>", ".own { color: red; }", "const own = page.data;", "var uPlot=function(){",
                ".uplot {", "prefers-color-scheme: dark) {", "name=\"viewport\"", "const page = (() =>")) {
            assertEquals(1, count(piece, html), piece);
        }
        assertTrue(html.contains("Copyright (c) 2022 Leon Sorokin"), "uPlot's licence goes wherever uPlot goes");
    }

    @Test
    void bracesAndReferencesInWhatIsFilledInStayWhatTheyAre() {
        String html = new Page("{{data}}", "$1 {{title}}", "{\"a\":\"{{body}} $0 \\\\\"}", "", "").html();
        assertTrue(html.contains("<title>{{data}}</title>"));
        assertTrue(html.contains("\n$1 {{title}}\n"));
        assertTrue(html.contains("{\"a\":\"{{body}} $0 \\\\\"}"));
    }

    /** The build fills version numbers into some resources, and uPlot and the scripts are none of them. */
    @Test
    void uPlotCameThroughTheBuildUnchanged() throws Exception {
        String uPlot = Page.resource(Page.class, "uPlot.iife.min.js");
        assertEquals(51_081, uPlot.length());
        assertTrue(uPlot.startsWith("/*! https://github.com/leeoniya/uPlot (v1.6.32) */"));
    }

    @Test
    void aMissingResourceIsNamed() {
        assertTrue(assertThrows(IllegalStateException.class, () -> Page.resource(Page.class, "none.js")).getMessage().contains("none.js"));
    }

    @Test
    void writesOverWhatIsThere(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("page.html"), "old");
        page("{}").write(file);
        assertEquals(page("{}").html(), Files.readString(file));
    }
}
