package dev.pinion.bench;

import dev.pinion.bench.Statistics.Interval;
import java.util.Locale;

/** The printed form: one line a figure, aligned, in the order measured. */
final class Table {

    private static final String FORMAT = "%-30s %2s %-5s %9s %9s  %-21s %-21s  %17s %17s %11s %11s  %s%n";

    private Table() {
    }

    static String head(String subject, String against) {
        return String.format(FORMAT, "workload", "P", "cond", subject, against, "A/B or A-B [90 %]", against + " again [90 %]",
                "cpu/op A,B", "switches/1000 A,B", "spread A,B", "fair A,B", "goal");
    }

    static String line(Row row) {
        return String.format(FORMAT, row.workload().lineName(row.figure()), row.procs(), row.condition().label(),
                row.figure().unit().format(row.median(row.a())), row.figure().unit().format(row.median(row.b())),
                interval(row, row.comparison()), interval(row, row.noise()),
                pair(nanos(row.usage(row.a(), Sample.Usage::cpuNanosPerOperation)),
                        nanos(row.usage(row.b(), Sample.Usage::cpuNanosPerOperation))),
                pair(short3(row.usage(row.a(), Sample.Usage::switchesPerThousand)),
                        short3(row.usage(row.b(), Sample.Usage::switchesPerThousand))),
                pair(short3(Statistics.spread(row.values(row.a()))), short3(Statistics.spread(row.values(row.b())))),
                pair(short3(row.fair(row.a())), short3(row.fair(row.b()))), String.join(" ", row.verdicts())).stripTrailing()
                + System.lineSeparator();
    }

    /** A line for something that gave no figure, with the reason. */
    static String missing(Workload workload, int procs, Condition condition, String reason) {
        return String.format("%-30s %2d %-5s not measured: %s%n", workload.name(), procs, condition.label(), reason);
    }

    static final String LEGEND = """
            A/B: median of the ratios within pairs, time per operation, below 1 is better (idle10, startup: difference).
            'again' is the other side against itself: a difference inside it is noise. ~: fewer pairs than 90 % needs.
            spread: slowest over fastest run. fair: slowest over fastest task of one run, 1 is best.
            """;

    private static String interval(Row row, Interval interval) {
        if (interval == null || !Double.isFinite(interval.median())) {
            return "-"; // not run, or something that never happened on a side
        }
        String format = row.figure().unit().isRatio() ? "%.3f [%.3f %.3f]%s" : "%+.1f [%+.1f %+.1f]%s";
        return String.format(Locale.ROOT, format, interval.median(), interval.low(), interval.high(),
                interval.tooFewSamples() ? "~" : "");
    }

    private static String pair(String a, String b) {
        return a.equals("-") && b.equals("-") ? "-" : a + ", " + b;
    }

    private static String nanos(double value) {
        return Double.isNaN(value) ? "-" : Workload.Unit.NANOS.format(value);
    }

    private static String short3(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        return String.format(Locale.ROOT, value < 9.995 ? "%.2f" : "%.0f", value);
    }
}
