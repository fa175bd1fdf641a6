package dev.pinion.jmh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.Aggregator;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ResultRole;
import org.openjdk.jmh.util.ListStatistics;
import org.openjdk.jmh.util.Statistics;

/** Whether iterations are to be trusted, in words; as a number, the share of those that are. What is not known speaks for nothing. */
final class Trust extends Result<Trust> {
    static final String LABEL = "core.trusted";

    private static final long serialVersionUID = 1L;

    /** How many reasons the summary repeats; each iteration has named its own already. */
    private static final int MOST_REASONS = 5;

    private final ArrayList<String> doubts;
    private final ArrayList<String> unknown;
    private final int doubtful;

    Trust(IterationFigures figures) {
        this(of(figures.doubts().isEmpty() && figures.unknown().isEmpty() ? 1 : 0),
                figures.doubts(), figures.unknown(), figures.doubts().isEmpty() ? 0 : 1);
    }

    private Trust(Statistics trusted, List<String> doubts, List<String> unknown, int doubtful) {
        super(ResultRole.SECONDARY, LABEL, trusted, "of iterations", AggregationPolicy.AVG);
        this.doubts = new ArrayList<>(doubts);
        this.unknown = new ArrayList<>(unknown);
        this.doubtful = doubtful;
    }

    /** Of one iteration. */
    @Override
    public String toString() {
        String notKnown = unknown.isEmpty() ? "" : "unknown: " + String.join(", ", unknown);
        if (doubts.isEmpty()) {
            return unknown.isEmpty() ? "yes" : notKnown;
        }
        return "WARNING, this figure is not to be trusted: " + String.join("; ", doubts) + (unknown.isEmpty() ? "" : " (" + notKnown + ")");
    }

    @Override
    public String extendedInfo() {
        long all = statistics.getN();
        long trusted = Math.round(statistics.getSum());
        StringBuilder text = new StringBuilder("  " + trusted + " of " + all + " iterations are to be trusted");
        if (doubtful > 0) {
            text.append("; WARNING, ").append(doubtful).append(" are not");
        }
        if (trusted + doubtful < all) {
            text.append("; of ").append(all - trusted - doubtful).append(" it is unknown");
        }
        for (String doubt : doubts.subList(0, Math.min(MOST_REASONS, doubts.size()))) {
            text.append("\n    ").append(doubt);
        }
        if (doubts.size() > MOST_REASONS) {
            text.append("\n    and ").append(doubts.size() - MOST_REASONS).append(" more");
        }
        if (!unknown.isEmpty()) {
            text.append("\n    unknown: ").append(String.join(", ", unknown));
        }
        return text.toString();
    }

    @Override
    protected Aggregator<Trust> getThreadAggregator() {
        return Trust::together;
    }

    @Override
    protected Aggregator<Trust> getIterationAggregator() {
        return Trust::together;
    }

    private static Trust together(Collection<Trust> several) {
        ListStatistics all = new ListStatistics();
        List<String> doubts = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        int doubtful = 0;
        for (Trust one : several) {
            all.addValue(one.getScore());
            doubts.addAll(one.doubts);
            one.unknown.stream().filter(what -> !unknown.contains(what)).forEach(unknown::add);
            doubtful += one.doubtful;
        }
        return several.size() == 1 ? several.iterator().next() : new Trust(all, doubts, unknown, doubtful);
    }
}
