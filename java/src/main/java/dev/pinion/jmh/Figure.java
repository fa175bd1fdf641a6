package dev.pinion.jmh;

import java.util.Collection;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.Aggregator;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ResultRole;
import org.openjdk.jmh.util.ListStatistics;
import org.openjdk.jmh.util.Statistics;

/** A number that may be unknown, which JMH's own results cannot say. In JMH's last table, which has numbers only, that is {@code NaN}. */
final class Figure extends Result<Figure> {
    private static final long serialVersionUID = 1L;

    Figure(String label, double value, String unit) {
        this(label, of(value), unit);
    }

    private Figure(String label, Statistics statistics, String unit) {
        super(ResultRole.SECONDARY, label, statistics, unit, AggregationPolicy.AVG);
    }

    @Override
    public String toString() {
        return Double.isNaN(getScore()) ? "unknown" : super.toString();
    }

    /** Of the iterations together: what was unknown in one of them has no average. */
    @Override
    public String extendedInfo() {
        return Double.isNaN(getScore()) ? "  unknown" : super.extendedInfo();
    }

    @Override
    protected Aggregator<Figure> getThreadAggregator() {
        return Figure::together;
    }

    @Override
    protected Aggregator<Figure> getIterationAggregator() {
        return Figure::together;
    }

    private static Figure together(Collection<Figure> figures) {
        Figure first = figures.iterator().next();
        ListStatistics all = new ListStatistics();
        for (Figure figure : figures) {
            all.addValue(figure.getScore());
        }
        return figures.size() == 1 ? first : new Figure(first.label, all, first.unit);
    }
}
