package dev.pinion.bench;

import dev.pinion.bench.Row.Standing;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * One figure of one workload, on the subject and on all others at once: a row for each other side, all with the same samples of the subject.
 *
 * @param rows    not empty, in the order of the table
 * @param repeats what the noise check made of the workload's runs
 * @param share   how much of its usual length a run had, at most 1, as in {@link Plan}
 */
record Line(List<Row> rows, NoiseCheck.Repeats repeats, double share) implements Results.Entry {

    /** Of runs as long as usual. */
    Line(List<Row> rows, NoiseCheck.Repeats repeats) {
        this(rows, repeats, 1);
    }

    private Row any() {
        return rows.getFirst();
    }

    Workload workload() {
        return any().workload();
    }

    Workload.Figure figure() {
        return any().figure();
    }

    @Override
    public String name() {
        return workload().lineName(figure());
    }

    @Override
    public int procs() {
        return any().procs();
    }

    @Override
    public Condition condition() {
        return any().condition();
    }

    String subject() {
        return any().subject().label();
    }

    /** The row against the side of that label, or null where there is none. */
    Row against(String label) {
        return rows.stream().filter(row -> row.againstLabel().equals(label)).findFirst().orElse(null);
    }

    /** The median of the side of that label; empty where it has none. */
    OptionalDouble median(String label) {
        if (label.equals(subject())) {
            return OptionalDouble.of(any().median(any().a()));
        }
        Row row = against(label);
        return row == null ? OptionalDouble.empty() : OptionalDouble.of(row.median(row.b()));
    }

    /** The sides with the lowest median; none where all are alike, or none has a figure. */
    Set<String> best() {
        List<String> sides = new ArrayList<>(List.of(subject()));
        rows.forEach(row -> sides.add(row.againstLabel()));
        double least = sides.stream().mapToDouble(side -> median(side).getAsDouble()).min().orElseThrow();
        Set<String> best = new LinkedHashSet<>(sides);
        best.removeIf(side -> median(side).getAsDouble() > least);
        return best.size() == sides.size() ? Set.of() : best;
    }

    /** Whether the subject is behind in one of {@link #rows}; the machine's noise is that of the side that ran twice. */
    Standing standing(Row row) {
        return row.standing(noise());
    }

    /** Whether the subject is better than that side, by the same measure by which it is behind others. */
    boolean isAhead(Row row) {
        return row.isAhead(noise());
    }

    private Statistics.Interval noise() {
        return rows.stream().map(Row::noise).filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** The sides that the subject is, or may be, behind. */
    List<String> sides(Standing standing) {
        return rows.stream().filter(row -> standing(row) == standing).map(Row::againstLabel).toList();
    }

    /** Goals, and whether they are met; whose tasks starve; whom the subject is behind. */
    List<String> verdicts() {
        Set<String> verdicts = new LinkedHashSet<>();
        rows.forEach(row -> verdicts.addAll(row.verdicts()));
        for (Standing standing : List.of(Standing.BEHIND, Standing.MAYBE_BEHIND)) {
            if (!sides(standing).isEmpty()) {
                verdicts.add(standing.mark() + " " + String.join(", ", sides(standing)));
            }
        }
        return List.copyOf(verdicts);
    }
}
