package dev.pinion.bench;

import dev.pinion.bench.NoiseCheck.Repeats;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Every sample of every row as JSON, for {@code diff} and {@code show} and whoever wants another statistic. A value of null is one that never
 * came. Each figure has a row against each other side, with the subject's samples in all of them.
 */
public final class JsonReport {

    private JsonReport() {
    }

    static void write(Path file, Results results) throws IOException {
        Files.writeString(file, text(results));
    }

    static String text(Results results) {
        List<String> facts = new ArrayList<>();
        results.machine().facts().forEach((name, fact) -> facts.add(quote(name) + ":" + quote(fact)));
        List<String> rows = new ArrayList<>();
        for (Results.Entry entry : results.entries()) {
            switch (entry) {
                case Line line -> line.rows().forEach(row -> rows.add(row(row, line.repeats())));
                case Results.Missing missing -> rows.add(missing(missing));
            }
        }
        return "{\"machine\":{" + String.join(",", facts) + "},\n\"command\":" + quote(results.command()) + ",\n\"rows\":[\n"
                + String.join(",\n", rows) + "\n]}\n";
    }

    private static String row(Row row, Repeats repeats) {
        return "{\"workload\":" + quote(row.workload().name()) + ",\"figure\":" + quote(row.figure().metric())
                + ",\"unit\":" + quote(row.figure().unit().name().toLowerCase(Locale.ROOT))
                + ",\"procs\":" + row.procs() + ",\"condition\":" + quote(row.condition().label())
                + ",\"subject\":" + quote(row.subject().label()) + ",\"against\":" + quote(row.against().label())
                + ",\"comparison\":" + interval(row.comparison())
                + ",\"noise\":" + (row.noise() == null ? "null" : interval(row.noise()))
                + ",\"repeated\":" + repeats.repeated() + ",\"drifted\":" + repeats.drifted() + ",\"unchecked\":" + repeats.unchecked()
                + ",\"a\":" + samples(row, row.a()) + ",\"b\":" + samples(row, row.b())
                + ",\"bAgain\":" + samples(row, row.again()) + "}";
    }

    private static String missing(Results.Missing missing) {
        return "{\"workload\":" + quote(missing.name()) + (missing.side() == null ? "" : ",\"side\":" + quote(missing.side()))
                + ",\"procs\":" + missing.procs() + ",\"condition\":" + quote(missing.condition().label())
                + ",\"notMeasured\":" + quote(missing.reason()) + "}";
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

    /**
     * Reads what {@link #write} wrote. Rows of workloads or figures that are not in the catalogue any more are left out.
     *
     * @throws Invalid for anything else, in one sentence that names the file
     */
    static Results read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new Invalid("there is no file " + file);
        } catch (MalformedInputException e) {
            throw new Invalid(file + " is no text");
        } catch (IOException e) {
            throw new Invalid(file + " cannot be read" + (Files.isDirectory(file) ? ": it is a directory" : ": " + e.getMessage()));
        }
        try {
            return results(Json.parse(text));
        } catch (Json.Malformed | ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw new Invalid(file + " was not written by pinion bench --json: "
                    + (e instanceof Json.Malformed ? e.getMessage() : "it is JSON of another shape"));
        }
    }

    @SuppressWarnings("unchecked")
    private static Results results(Object whole) {
        Map<String, Object> object = (Map<String, Object>) whole;
        Map<String, String> facts = new LinkedHashMap<>();
        ((Map<String, Object>) object.get("machine")).forEach((name, fact) -> facts.put(name, (String) fact));
        // Insertion order is the order measured.
        Map<String, Results.Entry> entries = new LinkedHashMap<>();
        for (Object each : (List<Object>) object.get("rows")) {
            Map<String, Object> fields = (Map<String, Object>) each;
            if (fields.containsKey("notMeasured")) {
                entries.put("missing " + entries.size(), missing(fields));
                continue;
            }
            Row row = row(fields);
            if (row != null) {
                String key = row.workload().lineName(row.figure()) + " " + row.procs() + " " + row.condition() + " " + row.subject();
                List<Row> rows = new ArrayList<>(entries.get(key) instanceof Line line ? line.rows() : List.of());
                rows.add(row);
                entries.put(key, new Line(List.copyOf(rows), new Repeats(count(fields, "repeated"), count(fields, "drifted"), count(fields, "unchecked"))));
            }
        }
        return new Results(new Machine(facts), (String) object.get("command"), List.copyOf(entries.values()));
    }

    private static Results.Missing missing(Map<String, Object> fields) {
        return new Results.Missing(text(fields, "workload"), (String) fields.get("side"), count(fields, "procs"),
                Condition.named(text(fields, "condition")), text(fields, "notMeasured"));
    }

    private static Row row(Map<String, Object> fields) {
        Workload workload = Catalogue.ALL.stream().filter(each -> each.name().equals(text(fields, "workload"))).findFirst().orElse(null);
        Workload.Figure figure = workload == null ? null
                : workload.figures().stream().filter(each -> each.metric().equals(text(fields, "figure"))).findFirst().orElse(null);
        if (figure == null) {
            return null;
        }
        return new Row(workload, figure, count(fields, "procs"), Condition.named(text(fields, "condition")),
                Side.named(text(fields, "subject")), Side.named(text(fields, "against")), samples(fields, "a", figure),
                samples(fields, "b", figure), samples(fields, "bAgain", figure));
    }

    @SuppressWarnings("unchecked")
    private static List<Sample> samples(Map<String, Object> fields, String name, Workload.Figure figure) {
        List<Sample> samples = new ArrayList<>();
        for (Object each : (List<Object>) fields.get(name)) {
            Map<String, Object> sample = (Map<String, Object>) each;
            Sample.Usage usage = sample.containsKey("operations")
                    ? new Sample.Usage((Double) sample.get("cpuNanos"), (Double) sample.get("voluntary"),
                            (Double) sample.get("involuntary"), (Double) sample.get("operations"))
                    : null;
            double value = sample.get("value") instanceof Double finite ? finite : Double.POSITIVE_INFINITY;
            double fair = sample.get("fair") instanceof Double some ? some : Double.NaN;
            samples.add(new Sample(Map.of(figure.metric(), value), usage, fair, ""));
        }
        return List.copyOf(samples);
    }

    private static String text(Map<String, Object> fields, String name) {
        return Objects.requireNonNull((String) fields.get(name));
    }

    private static int count(Map<String, Object> fields, String name) {
        return ((Double) fields.get(name)).intValue();
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
