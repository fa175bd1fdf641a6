package dev.pinion.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Every sample of every row as JSON, for whoever wants another statistic. */
public final class JsonReport {

    private final List<String> rows = new ArrayList<>();

    void add(Row row) {
        rows.add("{\"workload\":" + quote(row.workload().name()) + ",\"figure\":" + quote(row.figure().metric())
                + ",\"unit\":" + quote(row.figure().unit().name().toLowerCase(Locale.ROOT))
                + ",\"procs\":" + row.procs() + ",\"condition\":" + quote(row.condition().label())
                + ",\"subject\":" + quote(row.subject().label()) + ",\"against\":" + quote(row.against().label())
                + ",\"comparison\":" + interval(row.comparison())
                + ",\"noise\":" + (row.noise() == null ? "null" : interval(row.noise()))
                + ",\"a\":" + samples(row, row.a()) + ",\"b\":" + samples(row, row.b())
                + ",\"bAgain\":" + samples(row, row.again()) + "}");
    }

    void addMissing(Workload workload, int procs, Condition condition, String reason) {
        rows.add("{\"workload\":" + quote(workload.name()) + ",\"procs\":" + procs + ",\"condition\":"
                + quote(condition.label()) + ",\"notMeasured\":" + quote(reason) + "}");
    }

    void write(Path file) throws IOException {
        Files.writeString(file, "[\n" + String.join(",\n", rows) + "\n]\n");
    }

    private static String interval(Statistics.Interval interval) {
        return "{\"median\":" + number(interval.median()) + ",\"low\":" + number(interval.low()) + ",\"high\":"
                + number(interval.high()) + ",\"coverage\":" + number(interval.coverage()) + "}";
    }

    private static String samples(Row row, List<Sample> samples) {
        List<String> list = new ArrayList<>();
        for (Sample sample : samples) {
            Sample.Usage usage = sample.usage();
            list.add("{\"value\":" + number(sample.metrics().get(row.figure().metric()))
                    + (usage == null ? "" : ",\"cpuNanos\":" + number(usage.cpuNanos()) + ",\"voluntary\":"
                            + number(usage.voluntary()) + ",\"involuntary\":" + number(usage.involuntary())
                            + ",\"operations\":" + number(usage.operations()))
                    + (Double.isNaN(sample.fair()) ? "" : ",\"fair\":" + number(sample.fair())) + "}");
        }
        return "[" + String.join(",", list) + "]";
    }

    private static String number(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "null";
    }

    /** A JSON string of {@code text}. */
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
