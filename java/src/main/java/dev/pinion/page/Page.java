package dev.pinion.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A self-contained HTML page: light or dark as the reader's system is, and readable on a phone. Any thread.
 *
 * <p>Its script finds the data as {@code page.data}, and {@code page.plot(element, options, values)} and its like from {@code page.js}
 * beside this class; its body the classes and colours of {@code page.css}. What must be readable without scripts belongs into the body.
 *
 * @param title  plain text
 * @param body   HTML below the heading; text in it through {@link #escape}
 * @param json   a JSON document, of which any string may hold anything
 * @param style  CSS of this page alone, or empty
 * @param script JavaScript of this page alone, or empty
 */
public record Page(String title, String body, String json, String style, String script) {

    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

    /** @throws IllegalArgumentException when style or script would end its own element */
    public Page {
        mustNotEnd("style", style);
        mustNotEnd("script", script);
    }

    private static void mustNotEnd(String element, String content) {
        if (content.toLowerCase(Locale.ROOT).contains("</" + element)) {
            throw new IllegalArgumentException("a page's " + element + " must not contain </" + element);
        }
    }

    /** The whole page. */
    public String html() {
        Map<String, String> content = Map.of("title", escape(title), "body", body, "data", inScript(json), "style", style, "script", script,
                "licence", resource(Page.class, "uPlot.LICENSE").strip(), "uplot", resource(Page.class, "uPlot.iife.min.js").strip(),
                "uplotStyle", resource(Page.class, "uPlot.min.css").strip(), "pageStyle", resource(Page.class, "page.css").strip(),
                "pageScript", resource(Page.class, "page.js").strip());
        // One pass, so that braces in what is filled in mean nothing.
        return PLACE.matcher(resource(Page.class, "page.html")).replaceAll(place -> Matcher.quoteReplacement(content.get(place.group(1))));
    }

    /** Writes the page, over what is there. */
    public void write(Path file) throws IOException {
        Files.writeString(file, html());
    }

    /** Text as it stands in HTML, also within an attribute's quotes. */
    public static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }

    /** JSON has these characters in strings only, where it can spell them otherwise: no string ends the element or begins a comment. */
    private static String inScript(String json) {
        return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    /**
     * A text file beside {@code owner}'s class file: a page's own script or style.
     *
     * @throws IllegalStateException when there is none
     */
    public static String resource(Class<?> owner, String name) {
        try (InputStream in = owner.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("there is no " + name + " beside " + owner.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
