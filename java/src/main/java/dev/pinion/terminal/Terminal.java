package dev.pinion.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What may be written to an output: colours and overwritten lines on a terminal, plain text elsewhere, and where {@code NO_COLOR} is set.
 *
 * @param isOne whether it is a terminal, and may get escapes
 */
public record Terminal(boolean isOne) {
    private static final String ESCAPE = "\u001b[";

    /** Codes for {@link #paint}. */
    public static final int RED = 31;

    public static final int GREEN = 32;
    public static final int DIM = 2;

    private static final int BOLD = 1;

    /** @param descriptor 1 for standard output, 2 for standard error, of this process @return what it is */
    public static Terminal of(int descriptor) {
        return of(link(descriptor), System.getenv("TERM"), System.getenv("NO_COLOR"));
    }

    static Path link(int descriptor) {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    /**
     * @param descriptor a link to what the output is
     * @param term       {@code TERM} in the environment, or null
     * @param noColor    {@code NO_COLOR} in the environment, or null
     * @return what it is
     */
    public static Terminal of(Path descriptor, String term, String noColor) {
        return new Terminal(term != null && !term.equals("dumb") && (noColor == null || noColor.isEmpty()) && isTty(descriptor));
    }

    /** {@code System.console()} would say no as soon as the input is a pipe. */
    static boolean isTty(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    /** @param code of ANSI's "select graphic rendition" @return the text, in colour on a terminal */
    public String paint(int code, String text) {
        return isOne && !text.isEmpty() ? ESCAPE + code + "m" + text + ESCAPE + "0m" : text;
    }

    /** @return the text, in bold on a terminal */
    public String bold(String text) {
        return paint(BOLD, text);
    }

    /** @return what moves to the start of the line and empties it; nothing but on a terminal */
    public String restartLine() {
        return isOne ? "\r" + ESCAPE + "K" : "";
    }

    /** @return what moves to the start of the line that is so many lines above; nothing but on a terminal */
    public String up(int lines) {
        return isOne ? "\r" + ESCAPE + lines + "A" : "";
    }
}
