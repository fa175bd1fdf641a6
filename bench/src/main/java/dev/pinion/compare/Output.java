package dev.pinion.compare;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What a run prints, which goes to a file; and when it printed the text that ends it. */
final class Output {
    private static final int LAST_LINES = 5;
    private static final int TAIL_BYTES = 64 << 10;

    private Output() {}

    /** Its last lines, for whoever has to find out, or "nothing". */
    static String lastLines(Path file) throws IOException {
        byte[] tail;
        long skipped;
        try (InputStream in = Files.newInputStream(file)) {
            skipped = Math.max(0, Files.size(file) - TAIL_BYTES);
            in.skipNBytes(skipped);
            tail = in.readAllBytes();
        }
        // The first line may have lost its beginning.
        List<String> lines = new String(tail, StandardCharsets.UTF_8).lines().skip(skipped > 0 ? 1 : 0).filter(line -> !line.startsWith(Trace.PREFIX)).toList();
        return lines.isEmpty() ? "nothing" : String.join(" | ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
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
