package dev.pinion.jitter;

import java.util.List;

/**
 * One way to run the readers, and what came of it.
 *
 * @param name    {@code pinned} or {@code unpinned}
 * @param readers one for each CPU, in the order of {@code causes}; bound to it, or not
 * @param causes  one for each CPU
 */
public record Side(String name, List<Gaps> readers, List<Causes> causes) {
    /** For how long each has read. */
    double seconds() {
        return readers.getFirst().readNanos() / 1e9;
    }

    /** Gaps a second in a row of the histogram, all readers together. */
    double rate(int bucket) {
        return readers.stream().mapToDouble(gaps -> gaps.count(bucket) / (gaps.readNanos() / 1e9)).sum();
    }

    /** The longest gap of all readers in a slice. */
    long longest(int slice) {
        return readers.stream().mapToLong(gaps -> gaps.longest(slice)).max().orElse(0);
    }
}
