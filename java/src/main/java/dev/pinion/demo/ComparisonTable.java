package dev.pinion.demo;

import dev.pinion.demo.ServerRun.Result;
import dev.pinion.terminal.Terminal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The JDK beside Pinion: medians, their ratio, and who was better in how many of the pairs. Runs of one pair follow each other, so a
 * machine that is busier now than later disturbs both. Painted only where one side was better in every pair.
 */
final class ComparisonTable {
    private record Row(String name, String format, boolean moreIsBetter, ToDoubleFunction<Result> figure) {}

    private static final List<Row> ROWS = List.of(
            new Row("requests/s", "%,.0f", true, Result::requestsPerSecond),
            new Row("p50, ms", "%.2f", false, Result::p50Millis),
            new Row("p99, ms", "%.2f", false, Result::p99Millis),
            new Row("p99.9, ms", "%.2f", false, Result::p999Millis),
            new Row("CPU time, us/request", "%.1f", false, Result::cpuMicrosOfRequest),
            new Row("context switches/request", "%.3f", false, Result::switchesOfRequest),
            new Row("OS threads", "%.0f", false, Result::threads));

    private ComparisonTable() {}

    /** Both lists have the results of as many pairs, at least one. */
    static String of(List<Result> jdk, List<Result> pinion, Terminal terminal) {
        StringBuilder out = new StringBuilder(String.format("  %-26s%12s%12s%14s  %s%n", "", "JDK", "Pinion", "Pinion / JDK", "better"));
        for (Row row : ROWS) {
            double[] left = jdk.stream().mapToDouble(row.figure).toArray();
            double[] right = pinion.stream().mapToDouble(row.figure).toArray();
            double a = median(left);
            double b = median(right);
            out.append(String.format(Locale.ROOT, "  %-26s%12s%12s%14s  ", row.name, String.format(Locale.ROOT, row.format, a),
                    String.format(Locale.ROOT, row.format, b), a == 0 ? "-" : String.format(Locale.ROOT, "%.2f", b / a)));
            out.append(verdict(row.moreIsBetter, left, right, terminal)).append('\n');
        }
        return out.toString();
    }

    private static String verdict(boolean moreIsBetter, double[] jdk, double[] pinion, Terminal terminal) {
        int pinionBetter = 0;
        int jdkBetter = 0;
        for (int pair = 0; pair < jdk.length; pair++) {
            int more = Double.compare(pinion[pair], jdk[pair]);
            if (more != 0) {
                if (more > 0 == moreIsBetter) {
                    pinionBetter++;
                } else {
                    jdkBetter++;
                }
            }
        }
        if (Math.abs(pinionBetter - jdkBetter) <= 1) {
            return "even"; // one pair more than the other side is what a coin does
        }
        int most = Math.max(pinionBetter, jdkBetter);
        boolean pinionWins = pinionBetter > jdkBetter;
        String text = (pinionWins ? "Pinion" : "JDK") + " " + most + " of " + jdk.length;
        return most < jdk.length ? text : terminal.paint(pinionWins ? Terminal.GREEN : Terminal.RED, text);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
