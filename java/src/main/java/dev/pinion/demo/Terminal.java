package dev.pinion.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What may be written to an output: colours and overwritten lines on a terminal, plain text elsewhere. */
record Terminal(boolean isOne) {
    private static final String ESCAPE = "\u001b[";

    static final int RED = 31;
    static final int GREEN = 32;
    static final int DIM = 2;

    /** @param descriptor 1 for standard output, 2 for standard error, of this process */
    static Terminal of(int descriptor) {
        return of(Path.of("/proc/self/fd/" + descriptor), System.getenv("TERM"), System.getenv("NO_COLOR"));
    }

    /** {@code System.console()} would say no as soon as the input is a pipe. */
    static Terminal of(Path descriptor, String term, String noColor) {
        if (term == null || term.equals("dumb") || noColor != null && !noColor.isEmpty()) {
            return new Terminal(false);
        }
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return new Terminal(target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console"));
        } catch (IOException e) {
            return new Terminal(false);
        }
    }

    /** @param code of ANSI's "select graphic rendition" */
    String paint(int code, String text) {
        return isOne && !text.isEmpty() ? ESCAPE + code + "m" + text + ESCAPE + "0m" : text;
    }

    /** What moves to the start of the line and empties it. */
    String restartLine() {
        return isOne ? "\r" + ESCAPE + "K" : "";
    }

    /** What moves to the start of the line that is so many lines above. */
    String up(int lines) {
        return isOne ? "\r" + ESCAPE + lines + "A" : "";
    }
}
