package dev.pinion.bench;

import dev.pinion.bench.NoiseCheck.Repeats;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Every sample of every row as JSON, for {@code diff} and {@code show} and whoever wants another statistic. A value of null is one that never
 * came. Each figure has a row against each other side, with the subject's samples in all of them.
 */
public final class JsonReport {

    /** Counts up when a file of before would be misread. */
    private static final int FORMAT = 1;

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
                case Line line -> line.rows().forEach(row -> rows.add(row(row, line)));
                case Results.Missing missing -> rows.add(missing(missing));
            }
        }
        return "{\"format\":" + FORMAT + ",\n\"machine\":{" + String.join(",", facts) + "},\n\"command\":" + quote(results.command()) + ",\n\"rows\":[\n"
                + String.join(",\n", rows) + "\n]}\n";
    }

    private static String row(Row row, Line line) {
        Repeats repeats = line.repeats();
        return "{\"workload\":" + quote(row.workload().name()) + ",\"figure\":" + quote(row.figure().metric())
                + ",\"unit\":" + quote(unit(row.figure()))
                + ",\"procs\":" + row.procs() + ",\"condition\":" + quote(row.condition().label())
                + ",\"subject\":" + quote(row.subject().label()) + ",\"against\":" + quote(row.against().label())
                + ",\"share\":" + number(line.share()) + ",\"comparison\":" + interval(row.comparison())
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
     * Reads what {@link #write} wrote. Rows of figures that are not in the catalogue, or in another unit, are left out.
     *
     * @param err is told what is left out
     * @throws Invalid for anything else, in one sentence that names the file
     */
    static Results read(Path file, PrintStream err) {
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
            Set<String> leftOut = new LinkedHashSet<>();
            Results results = results(Json.parse(text), leftOut);
            if (!leftOut.isEmpty()) {
                err.println("pinion bench: warning: " + file + " has figures that this version has not, or in another unit; they are left out: "
                        + String.join(", ", leftOut));
            }
            return results;
        } catch (Invalid e) {
            throw new Invalid(file + ": " + e.getMessage());
        } catch (Json.Malformed | ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw new Invalid(file + " was not written by pinion bench --json: "
                    + (e instanceof Json.Malformed ? e.getMessage() : "it is JSON of another shape"));
        }
    }

    @SuppressWarnings("unchecked")
    private static Results results(Object whole, Set<String> leftOut) {
        Map<String, Object> object = (Map<String, Object>) whole;
        if (object.containsKey("rows") && (!(object.get("format") instanceof Double format) || format != FORMAT)) {
            throw new Invalid("it was written by another version of pinion bench: its format is "
                    + (object.get("format") instanceof Double other ? Integer.toString(other.intValue()) : "without a number") + ", and " + FORMAT
                    + " is read here");
        }
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
            if (row == null) {
                leftOut.add(text(fields, "workload") + "/" + text(fields, "figure"));
            } else {
                String key = row.workload().lineName(row.figure()) + " " + row.procs() + " " + row.condition() + " " + row.subject();
                List<Row> rows = new ArrayList<>(entries.get(key) instanceof Line line ? line.rows() : List.of());
                rows.add(row);
                entries.put(key, new Line(List.copyOf(rows), new Repeats(count(fields, "repeated"), count(fields, "drifted"), count(fields, "unchecked")), share(fields)));
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
        if (figure == null || !text(fields, "unit").equals(unit(figure))) {
            return null;
        }
        Row row = new Row(workload, figure, count(fields, "procs"), Condition.named(text(fields, "condition")),
                Side.named(text(fields, "subject")), Side.named(text(fields, "against")), samples(fields, "a", figure),
                samples(fields, "b", figure), samples(fields, "bAgain", figure));
        int rounds = row.a().size();
        if (rounds == 0 || row.b().size() != rounds || !row.again().isEmpty() && row.again().size() != rounds) {
            throw new IllegalArgumentException("rounds without a partner");
        }
        return row;
    }

    private static String unit(Workload.Figure figure) {
        return figure.unit().name().toLowerCase(Locale.ROOT);
    }

    private static double share(Map<String, Object> fields) {
        double share = (Double) fields.get("share");
        if (share <= 0 || share > 1) {
            throw new IllegalArgumentException("no share: " + share);
        }
        return share;
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
            if (!sample.containsKey("value")) {
                throw new IllegalArgumentException("a sample without a value");
            }
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
