package dev.pinion.jitter;

import java.util.List;
import java.util.Locale;

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

    /** The longest gap of all, of which reader, and when: {@code pinned 3, 1.2 ms at 4.50 s}. */
    String worst() {
        int worst = 0;
        for (int i = 1; i < readers.size(); i++) {
            worst = readers.get(i).longest() > readers.get(worst).longest() ? i : worst;
        }
        Gaps gaps = readers.get(worst);
        if (gaps.longest() == 0) {
            return name + ", none";
        }
        int slice = 0;
        while (gaps.longest(slice) < gaps.longest()) {
            slice++;
        }
        return String.format(Locale.ROOT, "%s %d, %s at %.2f s", name, causes.get(worst).cpu, JitterText.size(gaps.longest()),
                slice * gaps.timelineSeconds() / Gaps.SLICES);
    }
}
