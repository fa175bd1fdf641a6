package dev.pinion.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What an output can show: bold and a line that is written again on a terminal, plain text elsewhere, and where NO_COLOR is set. */
record Screen(boolean isTerminal) {

    private static final String ESCAPE = "\u001b[";

    /** @param descriptor 1 for standard output, 2 for standard error, of this process */
    static Screen of(int descriptor) {
        return of(Path.of("/proc/self/fd/" + descriptor), System.getenv("TERM"), System.getenv("NO_COLOR"));
    }

    static Screen of(Path descriptor, String term, String noColor) {
        if (term == null || term.equals("dumb") || noColor != null && !noColor.isEmpty()) {
            return new Screen(false);
        }
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return new Screen(target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console"));
        } catch (IOException e) {
            return new Screen(false);
        }
    }

    String bold(String text) {
        return isTerminal ? ESCAPE + "1m" + text + ESCAPE + "0m" : text;
    }

    /** What moves to the start of the line and empties it. */
    String restartLine() {
        return isTerminal ? "\r" + ESCAPE + "K" : "";
    }
}
