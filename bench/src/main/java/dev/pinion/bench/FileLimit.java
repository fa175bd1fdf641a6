package dev.pinion.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many file descriptors a child may open: the hard limit, up to which JVM, Go and our C raise the soft one themselves. */
final class FileLimit {
    private static final String LINE = "Max open files";

    private FileLimit() {}

    /**
     * From a {@code /proc/PID/limits} file.
     *
     * @return {@link Long#MAX_VALUE} for "unlimited"
     * @throws IOException when the file does not have it
     */
    static long hard(Path limits) throws IOException {
        for (String line : Files.readAllLines(limits)) {
            if (line.startsWith(LINE)) {
                String[] words = line.substring(LINE.length()).strip().split("\\s+");
                if (words.length >= 2) {
                    try {
                        return words[1].equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(words[1]);
                    } catch (NumberFormatException e) {
                        break;
                    }
                }
            }
        }
        throw new IOException(limits + " does not say how many files may be open");
    }
}
