package dev.pinion.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Pinion said of a traced run in its last line of {@code schedtrace}: what the program gave it to do.
 *
 * @param turns  how often a P began to run a G
 */
record Trace(long turns) {
    /** How the lines begin that are Pinion's and not the program's. */
    static final String PREFIX = "SCHED ";

    private static final Pattern TICKS = Pattern.compile(" schedticks=\\[([ 0-9]*)]");

    /**
     * From a run's output.
     *
     * @return null when it has no such line: the run was too short for one
     */
    static Trace last(Path output) throws IOException {
        Trace last = null;
        try (BufferedReader lines = Files.newBufferedReader(output, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Trace trace = line.startsWith(PREFIX) ? parse(line) : null;
                last = trace == null ? last : trace;
            }
        }
        return last;
    }

    private static Trace parse(String line) {
        Matcher ticks = TICKS.matcher(line);
        if (!ticks.find()) {
            return null;
        }
        long turns = 0;
        for (String word : ticks.group(1).strip().split(" +")) {
            turns += word.isEmpty() ? 0 : Long.parseLong(word);
        }
        return new Trace(turns);
    }
}
