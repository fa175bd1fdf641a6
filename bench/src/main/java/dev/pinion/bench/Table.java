package dev.pinion.bench;

import dev.pinion.bench.Statistics.Interval;
import dev.pinion.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The printed form: one line a figure, aligned, in the order measured; the best side of a line in bold on a terminal.
 *
 * @param subject the subject's label
 * @param others  the labels of all others, a figure and a ratio each
 * @param wide    whether CPU time, switches, spread and fairness have columns, two for each other side
 * @param terminal where it is printed
 */
record Table(String subject, List<String> others, boolean wide, Terminal terminal) {

    private static final int NAME = 30;
    private static final int FIGURE = 9;
    private static final int RATIO = 21;
    private static final int PAIR = 17;

    /** A cell's text and width; negative: to the left. */
    private record Cell(String text, int width, boolean best) {
    }

    String head() {
        List<Cell> cells = new ArrayList<>(List.of(left("workload", NAME), right("P", 2), left("cond", 5), right(subject, FIGURE)));
        others.forEach(other -> cells.add(right(other, FIGURE)));
        others.forEach(other -> cells.add(left(subject + "/" + other + " [90 %]", RATIO)));
        cells.add(left(others.getFirst() + " again", RATIO));
        if (wide) {
            for (String other : others) {
                String pair = " " + subject.charAt(0) + "," + other;
                cells.addAll(List.of(left("cpu/op" + pair, PAIR), left("switch/1000" + pair, PAIR), left("spread" + pair, PAIR), left("fair" + pair, PAIR)));
            }
        }
        cells.addAll(List.of(right("rep", 3), left("goal", 0)));
        return print(cells);
    }

    String line(Line line) {
        Set<String> best = line.best();
        List<Cell> cells = new ArrayList<>(List.of(left(line.name(), NAME), right(Integer.toString(line.procs()), 2),
                left(line.condition().label(), 5), figure(line, subject, best)));
        others.forEach(other -> cells.add(figure(line, other, best)));
        for (String other : others) {
            Row row = line.against(other);
            cells.add(left(row == null ? "-" : interval(row, row.comparison()), RATIO));
        }
        Row first = line.against(others.getFirst());
        cells.add(left(first == null ? "-" : interval(first, first.noise()), RATIO));
        if (wide) {
            others.forEach(other -> cells.addAll(wideCells(line.against(other))));
        }
        cells.add(right(repeats(line.repeats()), 3));
        cells.add(left(String.join(" ", line.verdicts()), 0));
        return print(cells);
    }

    private static List<Cell> wideCells(Row row) {
        if (row == null) {
            return List.of(left("-", PAIR), left("-", PAIR), left("-", PAIR), left("-", PAIR));
        }
        return List.of(
                left(pair(nanos(row.usage(row.a(), Sample.Usage::cpuNanosPerOperation)),
                        nanos(row.usage(row.b(), Sample.Usage::cpuNanosPerOperation))), PAIR),
                left(pair(short3(row.usage(row.a(), Sample.Usage::switchesPerThousand)),
                        short3(row.usage(row.b(), Sample.Usage::switchesPerThousand))), PAIR),
                left(pair(short3(Statistics.spread(row.values(row.a()))), short3(Statistics.spread(row.values(row.b())))), PAIR),
                left(pair(short3(row.fair(row.a())), short3(row.fair(row.b()))), PAIR));
    }

    /** A line for something that gave no figure, with the reason. */
    static String missing(Results.Missing missing) {
        return String.format("%-" + NAME + "s %2d %-5s %snot measured: %s%n", missing.name(), missing.procs(), missing.condition().label(),
                missing.side() == null ? "" : missing.side() + " ", missing.reason());
    }

    /** What is to be known below the lines. */
    static String foot(Results results) {
        List<String> losses = results.losses();
        return """
                Ratios: median of the ratios within rounds, time per operation, below 1 is better; a signed number is a difference. 'again' is the
                other side against itself: a difference inside it is noise. ~: fewer rounds than 90 % needs. rep: runs repeated, ! some drifted.
                """ + results.noiseSentence() + System.lineSeparator()
                + (results.lines().isEmpty() ? "" : results.behindSentence() + System.lineSeparator())
                + (losses.isEmpty() ? "" : String.join("; ", losses) + System.lineSeparator());
    }

    /** The whole of it. */
    String all(Results results) {
        StringBuilder text = new StringBuilder(head());
        for (Results.Entry entry : results.entries()) {
            text.append(switch (entry) {
                case Line line -> line(line);
                case Results.Missing missing -> missing(missing);
            });
        }
        return text.append(foot(results)).toString();
    }

    private static Cell figure(Line line, String side, Set<String> best) {
        OptionalDouble median = line.median(side);
        return new Cell(median.isEmpty() ? "-" : line.figure().unit().format(median.getAsDouble()), FIGURE, best.contains(side));
    }

    /** A comparison with its interval; "never" where something did not happen on the first of the two only, a dash where nothing was compared. */
    static String interval(Row row, Interval interval) {
        if (interval == null || Double.isNaN(interval.median())) {
            return "-";
        }
        boolean ratio = row.figure().unit().isRatio();
        String numbers = interval.low() == Double.POSITIVE_INFINITY ? "never"
                : number(interval.median(), ratio) + " [" + number(interval.low(), ratio) + " " + number(interval.high(), ratio) + "]";
        return numbers + (interval.tooFewSamples() ? "~" : "");
    }

    private static String number(double value, boolean ratio) {
        return value == Double.POSITIVE_INFINITY ? "never" : String.format(Locale.ROOT, ratio ? "%.3f" : "%+.1f", value);
    }

    static String repeats(NoiseCheck.Repeats repeats) {
        return (repeats.repeated() == 0 ? "" : Integer.toString(repeats.repeated())) + (repeats.drifted() == 0 ? "" : "!");
    }

    private String print(List<Cell> cells) {
        StringBuilder line = new StringBuilder();
        for (Cell cell : cells) {
            int space = Math.max(0, Math.abs(cell.width()) - cell.text().length());
            String text = cell.best() ? terminal.bold(cell.text()) : cell.text();
            line.append(cell.width() < 0 ? text + " ".repeat(space) : " ".repeat(space) + text).append(' ');
        }
        return line.toString().stripTrailing() + System.lineSeparator();
    }

    private static Cell left(String text, int width) {
        return new Cell(text, -width, false);
    }

    private static Cell right(String text, int width) {
        return new Cell(text, width, false);
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
