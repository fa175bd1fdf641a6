package dev.pinion.bench;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/** The table for a README: figures and ratios to each other side, the best in bold, where and how it was measured. */
final class Markdown {

    private Markdown() {
    }

    static String text(Results results) {
        List<String> others = results.others();
        String subject = results.subject();
        boolean several = results.isSeveral();
        StringBuilder text = new StringBuilder("| workload |").append(several ? " P, condition |" : "").append(' ').append(subject).append(" |");
        others.forEach(other -> text.append(' ').append(other).append(" |"));
        others.forEach(other -> text.append(' ').append(subject).append('/').append(other).append(" |"));
        text.append("\n| --- |").append(several ? " --- |" : "").append(" ---: |".repeat(1 + 2 * others.size())).append('\n');
        for (Line line : results.lines()) {
            Set<String> best = line.best();
            text.append("| `").append(line.name()).append("` |");
            if (several) {
                text.append(' ').append(line.procs()).append(", ").append(line.condition().label()).append(" |");
            }
            text.append(figure(line, subject, best));
            others.forEach(other -> text.append(figure(line, other, best)));
            others.forEach(other -> text.append(ratio(line, line.against(other))));
            text.append('\n');
        }
        for (Results.Missing missing : results.missing()) {
            text.append("\nNot measured: `").append(missing.name()).append('`').append(missing.side() == null ? "" : " on " + missing.side())
                    .append(": ").append(missing.reason()).append('\n');
        }
        return text.append('\n').append(below(results, several)).toString();
    }

    private static String below(Results results, boolean several) {
        Line any = results.lines().getFirst();
        int rounds = results.lines().stream().mapToInt(line -> line.rows().getFirst().a().size()).min().orElseThrow();
        StringBuilder text = new StringBuilder("Medians; the best of each line in bold. A ratio is the median of those within rounds (at least ")
                .append(rounds).append("), with its 90 % interval (~: too few rounds for that); below 1 ").append(results.subject())
                .append(" is faster, and a signed number is a difference. ");
        text.append(results.behindSentence());
        if (!several) {
            text.append(' ').append(any.procs() == 1 ? "One P" : any.procs() + " Ps").append(", ").append("condition ").append(any.condition().label()).append('.');
        }
        text.append("\n\nMachine: ");
        text.append(String.join("; ", results.machine().facts().entrySet().stream().map(fact -> fact.getKey() + " " + fact.getValue()).toList()));
        return text.append(". ").append(results.noiseSentence()).append(" Made by `").append(results.command()).append("`.\n").toString();
    }

    private static String figure(Line line, String side, Set<String> best) {
        OptionalDouble median = line.median(side);
        String text = median.isEmpty() ? "-" : line.figure().unit().format(median.getAsDouble());
        return " " + (best.contains(side) ? "**" + text + "**" : text) + " |";
    }

    private static String ratio(Line line, Row row) {
        if (row == null) {
            return " - |";
        }
        String mark = line.standing(row).mark();
        return " " + Table.interval(row, row.comparison()) + (mark.isEmpty() ? "" : " **" + mark + "**") + " |";
    }
}
