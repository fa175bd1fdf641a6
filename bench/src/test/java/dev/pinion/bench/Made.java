package dev.pinion.bench;

import dev.pinion.bench.NoiseCheck.Repeats;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** Results that nobody measured. */
final class Made {

    static final Machine MACHINE = new Machine(new LinkedHashMap<>(Map.of("CPU", "A <CPU> & more")));

    private Made() {
    }

    static List<Sample> samples(String metric, double... values) {
        return DoubleStream.of(values).mapToObj(value -> new Sample(Map.of(metric, value), new Sample.Usage(10, 1, 2, 5), 0.5, "")).toList();
    }

    /** One figure of Pinion's beside the JDK and Go, five rounds, all runs of a side alike but for {@code wobble} in the last. */
    static Line line(String workload, String metric, double wobble, double pinion, double jdk, double go) {
        Workload chosen = Catalogue.select(List.of(workload)).getFirst();
        Workload.Figure figure = chosen.figures().stream().filter(each -> each.metric().equals(metric)).findFirst().orElseThrow();
        List<Sample> a = five(metric, pinion, wobble);
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(chosen, figure, 1, Condition.QUIET, Side.PINION, Side.JDK, a, five(metric, jdk, 0), five(metric, jdk, 0)));
        rows.add(new Row(chosen, figure, 1, Condition.QUIET, Side.PINION, Side.GO, a, five(metric, go, 0), List.of()));
        return new Line(rows, new Repeats(0, 0));
    }

    /** The line with its first rounds only. */
    static Line first(int rounds, Line line) {
        return new Line(line.rows().stream().map(row -> new Row(row.workload(), row.figure(), row.procs(), row.condition(), row.subject(), row.against(),
                first(rounds, row.a()), first(rounds, row.b()), first(rounds, row.again()))).toList(), line.repeats());
    }

    private static List<Sample> first(int rounds, List<Sample> samples) {
        return samples.isEmpty() ? samples : samples.subList(0, rounds);
    }

    private static List<Sample> five(String metric, double value, double wobble) {
        return samples(metric, value, value, value, value, value + wobble);
    }

    static Results results(Results.Entry... entries) {
        return new Results(MACHINE, "./pinion bench --quick", List.of(entries));
    }
}
