package dev.pinion.compare;

import dev.pinion.bench.JsonReport;
import dev.pinion.bench.Statistics;
import dev.pinion.compare.Comparison.Outcome;
import dev.pinion.terminal.Prose;
import dev.pinion.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What is printed and written.
 *
 * @param all      the figures, not none
 * @param reasons  why there may be no difference
 * @param failures one sentence for each run that failed
 * @param load     where it came from, or null
 * @param runs     asked for
 * @param repeats  of runs that were disturbed
 */
record Report(List<Comparison> all, List<String> reasons, List<String> failures, String load, int runs, int repeats) {
    private static final String LINE = "%-22s %11s %11s   ";

    /** That all but the longest sentences need. */
    private static final int COLUMNS = 80;

    private static final String OF = " of the JDK's";
    private static final String CLOSED_LOOP = "closed loop: a connection asks again when it is answered, so what a stall keeps it from asking is in no percentile";

    /** The figure that a user means by "faster". */
    static Comparison main(List<Comparison> all) {
        return all.stream().filter(c -> c.figure() == Figure.RATE || c.figure() == Figure.WALL).reduce((a, b) -> b).orElseThrow();
    }

    private int pairs() {
        return all.getFirst().jdk().length;
    }

    /**
     * The table, the verdict, and why.
     *
     * @param columns how wide the terminal is; where it is narrow a figure has several lines
     */
    String text(Terminal terminal, int columns) {
        StringBuilder out = new StringBuilder();
        table(out, terminal, columns);
        Prose.append(out, 0, columns, "", "medians; ratios are medians of the ratios within pairs, in brackets their interval of "
                + Math.round(100 * all.getFirst().ratio().coverage()) + " %");
        if (load != null) {
            Prose.append(out, 0, columns, "", "load: " + load);
            Prose.append(out, 0, columns, "", CLOSED_LOOP);
        }
        out.append('\n');
        Prose.append(out, 0, columns, "", verdict());
        reasons.forEach(reason -> Prose.append(out, 0, columns, "", "Why it may be so: " + reason + "."));
        if (repeats > 0) {
            Prose.append(out, 0, columns, "", "Repeated: " + repeats + (repeats == 1 ? " run" : " runs")
                    + ", since the load generator was kept off its CPU; the machine is not quiet.");
        }
        if (!failures.isEmpty()) {
            Prose.append(out, 0, columns, "", "Not counted: " + (runs - pairs()) + " of " + runs + " pairs, since a run failed.");
        }
        return out.toString();
    }

    private void table(StringBuilder out, Terminal terminal, int columns) {
        String head = pairs() + (pairs() == 1 ? " pair of runs" : " pairs of runs");
        if (columns < COLUMNS) {
            Prose.append(out, 0, columns, "", head + ": JDK, Pinion, Pinion through JDK");
        } else {
            out.append(String.format(Locale.ROOT, LINE, head, Side.JDK.label(), Side.PINION.label()));
            out.append("Pinion through JDK\n");
        }
        for (Comparison figure : all) {
            String jdk = figure.figure().format(Statistics.median(figure.jdk()));
            String pinion = figure.figure().format(Statistics.median(figure.pinion()));
            int column = 2;
            if (columns < COLUMNS) {
                Prose.append(out, 0, columns, "  ", figure.figure().title() + ": " + jdk + ", " + pinion);
                out.append("  ");
            } else {
                String line = String.format(Locale.ROOT, LINE, figure.figure().title(), jdk, pinion);
                out.append(line);
                column = line.length();
            }
            Prose.append(out, column, columns, "    ", coloured(figure, terminal));
        }
    }

    private static String coloured(Comparison figure, Terminal terminal) {
        String sentence = figure.sentence("");
        return switch (figure.outcome()) {
            case BETTER -> terminal.paint(Terminal.GREEN, sentence);
            case WORSE -> terminal.paint(Terminal.RED, sentence);
            default -> sentence;
        };
    }

    /** One sentence; more, where a server's latency says something else than its rate. */
    String verdict() {
        Comparison main = main(all);
        String verdict = "Verdict: " + main.figure().title() + ": " + main.sentence(OF) + ".";
        Comparison tail = all.stream().filter(c -> c.figure() == Figure.P99).findFirst().orElse(null);
        if (tail != null && tail.outcome() != main.outcome()) {
            verdict += " " + tail.figure().title() + ": " + tail.sentence(OF) + ".";
        }
        Comparison cpu = all.stream().filter(c -> c.figure() == Figure.CPU || c.figure() == Figure.CPU_PER_REQUEST).findFirst().orElse(null);
        if (cpu != null && (cpu.outcome() == Outcome.BETTER || cpu.outcome() == Outcome.WORSE)) {
            verdict += " " + cpu.figure().title() + ": " + cpu.sentence(OF) + ".";
        }
        return verdict;
    }

    /** All samples. */
    void write(Path file, List<String> javaArguments) throws IOException {
        List<String> figures = new ArrayList<>();
        for (Comparison c : all) {
            figures.add("{\"figure\":" + quote(c.figure().title()) + ",\"jdk\":" + numbers(c.jdk()) + ",\"pinion\":" + numbers(c.pinion())
                    + ",\"ratio\":{\"median\":" + number(c.ratio().median()) + ",\"low\":" + number(c.ratio().low()) + ",\"high\":"
                    + number(c.ratio().high()) + ",\"coverage\":" + number(c.ratio().coverage()) + "},\"outcome\":"
                    + quote(c.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ')) + "}");
        }
        Files.writeString(file, "{\"javaArguments\":" + strings(javaArguments) + ",\n\"verdict\":" + quote(verdict()) + ",\n\"reasons\":"
                + strings(reasons) + ",\n\"failures\":" + strings(failures) + ",\n\"load\":" + (load == null ? "null" : quote(load))
                + ",\n\"loop\":" + (load == null ? "null" : quote("closed")) + ",\n\"figures\":[\n" + String.join(",\n", figures) + "\n]}\n");
    }

    private static String strings(List<String> list) {
        return "[" + String.join(",", list.stream().map(JsonReport::quote).toList()) + "]";
    }

    private static String numbers(double[] values) {
        return "[" + String.join(",", Arrays.stream(values).mapToObj(Report::number).toList()) + "]";
    }

    /** JSON has no infinity. */
    private static String number(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "null";
    }

    private static String quote(String text) {
        return JsonReport.quote(text);
    }
}
