package dev.pinion.compare;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/** What a run prints, which goes to a file; and when it printed the text that ends it. */
final class Output {
    private static final int LAST_LINES = 5;
    private static final int LONGEST_LINE = 1_000;

    private Output() {}

    /**
     * Its last lines, for whoever has to find out, or "nothing". Of an exception its words and not where it was thrown: five of those lines are mostly
     * the launcher's.
     */
    static String lastLines(Path file) throws IOException {
        Deque<String> last = new ArrayDeque<>();
        // A byte is a character until the end: what the program prints need not be text.
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            StringBuilder line = new StringBuilder();
            int c;
            do {
                c = in.read();
                if (c >= 0 && c != '\n') {
                    if (line.length() < LONGEST_LINE) { // what never ends a line is not to fill the heap
                        line.append((char) c);
                    }
                } else {
                    keep(line.toString().stripTrailing(), last);
                    line.setLength(0);
                }
            } while (c >= 0);
        }
        return last.isEmpty() ? "nothing" : new String(String.join(" | ", last).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static void keep(String line, Deque<String> last) {
        if (line.startsWith(Trace.PREFIX) || line.startsWith("\tat ") || line.isEmpty()) {
            return;
        }
        if (last.size() == LAST_LINES) {
            last.removeFirst();
        }
        last.addLast(line.length() < LONGEST_LINE ? line : line + " ...");
    }

    /**
     * Copies all that a process prints, on a thread of its own.
     *
     * @return completes with {@link System#nanoTime} of the first line that has {@code text}, at the text's last byte, or with null at the end of a
     *     process that printed none
     */
    static CompletableFuture<Long> copy(Process process, Path file, String text) {
        CompletableFuture<Long> found = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("compare-output").start(() -> {
            try (InputStream in = process.getInputStream(); OutputStream out = Files.newOutputStream(file)) {
                Search search = new Search(text);
                byte[] buffer = new byte[8192];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (!found.isDone() && search.isIn(buffer, n)) {
                        found.complete(System.nanoTime());
                    }
                    out.write(buffer, 0, n);
                }
                found.complete(null);
            } catch (IOException e) {
                found.completeExceptionally(e);
            }
        });
        return found;
    }

    /** Looks for a text in a stream that comes in pieces, leaving out the lines of a trace. One thread. */
    static final class Search {
        private final String text;
        private final StringBuilder line = new StringBuilder();

        Search(String text) {
            // Byte for byte: a letter of several bytes may be cut between two pieces.
            this.text = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        }

        /** Whether the text is in the pieces so far, and its line may be the program's. */
        boolean isIn(byte[] piece, int length) {
            for (String part : new String(piece, 0, length, StandardCharsets.ISO_8859_1).split("(?<=\n)")) {
                line.append(part);
                if (line.indexOf(text) >= 0 && line.indexOf(Trace.PREFIX) != 0) {
                    return true;
                }
                if (part.endsWith("\n")) {
                    line.setLength(0);
                }
            }
            return false;
        }
    }
}
