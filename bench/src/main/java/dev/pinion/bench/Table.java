package dev.pinion.bench;

import dev.pinion.bench.Statistics.Interval;
import dev.pinion.terminal.Prose;
import dev.pinion.terminal.Terminal;
import dev.pinion.terminal.TerminalWidth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The printed form: one line a figure, aligned, in the order measured; the best side of a line in bold on a terminal. Where that is too narrow the
 * second runs of the other side are left out, and where it is narrower still a figure has a line for each side.
 *
 * @param subject the subject's label
 * @param others  the labels of all others, a figure and a ratio each
 * @param wide    whether CPU time, switches, spread and fairness have columns, two for each other side
 * @param terminal where it is printed
 * @param columns  how wide that is
 */
record Table(String subject, List<String> others, boolean wide, Terminal terminal, int columns) {


    /** Stands until the end for a blank at which no line is broken. */
    private static final char GLUE = '\u00a0';

    private static final int NAME = 30;
    private static final int FIGURE = 9;
    private static final int RATIO = 21;
    private static final int PAIR = 17;

    /** The longest first word of a verdict. */
    private static final int WORD = 8;

    /** Prose is hard to read in lines that are longer. */
    private static final int FOOT = 140;

    /** A cell's text and width; negative: to the left. */
    private record Cell(String text, int width, boolean best) {
        int columns() {
            return Math.max(Math.abs(width), text.length());
        }
    }

    private enum Shape { ALL, WITHOUT_AGAIN, BLOCKS }

    /** Of any number of columns. */
    Table(String subject, List<String> others, boolean wide, Terminal terminal) {
        this(subject, others, wide, terminal, Integer.MAX_VALUE);
    }

    Table {
        columns = Math.max(TerminalWidth.LEAST, columns);
    }

    private Shape shape() {
        return fits(true) ? Shape.ALL : !wide && fits(false) ? Shape.WITHOUT_AGAIN : Shape.BLOCKS;
    }

    /** Of the verdicts the first word; the others may be in lines of their own. */
    private boolean fits(boolean again) {
        return headCells(again).stream().mapToInt(cell -> cell.columns() + 1).sum() + WORD <= columns;
    }

    String head() {
        Shape shape = shape();
        return shape == Shape.BLOCKS ? "" : print(headCells(shape == Shape.ALL), "goal");
    }

    private List<Cell> headCells(boolean again) {
        List<Cell> cells = new ArrayList<>(List.of(left("workload", NAME), right("P", 2), left("cond", 5), right(subject, FIGURE)));
        others.forEach(other -> cells.add(right(other, FIGURE)));
        others.forEach(other -> cells.add(left(subject + "/" + other + " [90 %]", RATIO)));
        if (again) {
            cells.add(left(others.getFirst() + " again", RATIO));
        }
        if (wide) {
            for (String other : others) {
                String pair = " " + subject.charAt(0) + "," + other;
                cells.addAll(List.of(left("cpu/op" + pair, PAIR), left("switch/1000" + pair, PAIR), left("spread" + pair, PAIR), left("fair" + pair, PAIR)));
            }
        }
        cells.add(right("rep", 3));
        return cells;
    }

    String line(Line line) {
        return shape() == Shape.BLOCKS ? block(line) : row(line);
    }

    private String row(Line line) {
        Set<String> best = line.best();
        List<Cell> cells = new ArrayList<>(List.of(left(line.name(), NAME), right(Integer.toString(line.procs()), 2),
                left(line.condition().label(), 5), figure(line, subject, best)));
        others.forEach(other -> cells.add(figure(line, other, best)));
        for (String other : others) {
            Row row = line.against(other);
            cells.add(left(row == null ? "-" : interval(row, row.comparison()), RATIO));
        }
        Row first = line.against(others.getFirst());
        if (shape() == Shape.ALL) {
            cells.add(left(first == null ? "-" : interval(first, first.noise()), RATIO));
        }
        if (wide) {
            others.forEach(other -> cells.addAll(wideCells(line.against(other))));
        }
        cells.add(right(repeats(line.repeats()), 3));
        return print(cells, String.join(" ", line.verdicts()));
    }

    /** A line for each side, and what is there to say. */
    private String block(Line line) {
        StringBuilder out = new StringBuilder();
        paragraph(out, "", line.name() + ", " + glued(line.procs() + " P") + ", " + line.condition().label());
        Set<String> best = line.best();
        int labels = Stream.concat(Stream.of(subject), others.stream()).mapToInt(String::length).max().orElseThrow();
        for (String side : Stream.concat(Stream.of(subject), others.stream()).toList()) {
            Cell figure = figure(line, side, best);
            Row row = line.against(side);
            paragraph(out, "  ", glued(side + " ".repeat(labels - side.length() + 1) + " ".repeat(Math.max(0, FIGURE - 1 - figure.text.length()))
                    + (figure.best ? terminal.bold(figure.text) : figure.text)) + (row == null ? "" : " " + glued(interval(row, row.comparison()))));
            if (row != null && row.noise() != null) {
                paragraph(out, "  ", side + " again " + glued(interval(row, row.noise())));
            }
            if (row != null && wide) {
                List<Cell> cells = wideCells(row);
                paragraph(out, "    ", glued("cpu/op " + cells.get(0).text) + "; " + glued("switch/1000 " + cells.get(1).text) + "; "
                        + glued("spread " + cells.get(2).text) + "; " + glued("fair " + cells.get(3).text));
            }
        }
        List<String> rest = new ArrayList<>(line.verdicts());
        if (!repeats(line.repeats()).isEmpty()) {
            rest.add("rep " + repeats(line.repeats()));
        }
        if (!rest.isEmpty()) {
            paragraph(out, "  ", String.join("; ", rest));
        }
        return out.toString();
    }

    private static String glued(String text) {
        return text.replace(' ', GLUE);
    }

    /** Broken at blanks only, further lines further in. */
    private void paragraph(StringBuilder out, String indent, String text) {
        StringBuilder broken = new StringBuilder(indent);
        Prose.append(broken, indent.length(), columns, indent + "  ", text);
        out.append(broken.toString().replace(GLUE, ' '));
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
    String missing(Results.Missing missing) {
        String what = (missing.side() == null ? "" : missing.side() + " ") + "not measured: " + missing.reason();
        StringBuilder out = new StringBuilder();
        if (shape() == Shape.BLOCKS) {
            paragraph(out, "", missing.name() + ", " + glued(missing.procs() + " P") + ", " + missing.condition().label() + ": " + what);
        } else {
            out.append(String.format("%-" + NAME + "s %2d %-5s ", missing.name(), missing.procs(), missing.condition().label()));
            Prose.append(out, out.length(), columns, "    ", what);
        }
        return out.toString();
    }

    /** What is to be known below the lines. */
    String foot(Results results) {
        StringBuilder out = new StringBuilder();
        int width = Math.min(FOOT, columns);
        Prose.append(out, 0, width, "", """
                Ratios: median of the ratios within rounds, time per operation, below 1 is better; a signed number is a difference. 'again' is the \
                other side against itself: a difference inside it is noise. ~: fewer rounds than 90 % needs. rep: runs repeated, ! some drifted.""");
        Prose.append(out, 0, width, "", results.noiseSentence());
        if (!results.lines().isEmpty()) {
            Prose.append(out, 0, width, "", results.behindSentence());
        }
        results.losses().forEach(loss -> Prose.append(out, 0, columns, "    ", loss));
        return out.toString();
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

    /** A ratio in four digits, so that those of a bad hour still fit their column, and no more than whole ones beyond; or a difference. */
    private static String number(double value, boolean ratio) {
        if (value == Double.POSITIVE_INFINITY) {
            return "never";
        }
        String format = !ratio ? Math.abs(value) < 99.95 ? "%+.1f" : "%+.0f" : value < 9.9995 ? "%.3f" : value < 99.995 ? "%.2f" : value < 999.95 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, format, value);
    }

    static String repeats(NoiseCheck.Repeats repeats) {
        return (repeats.repeated() == 0 ? "" : Integer.toString(repeats.repeated())) + (repeats.drifted() == 0 ? "" : "!");
    }

    /** @param last goes on in further lines where it is too long */
    private String print(List<Cell> cells, String last) {
        StringBuilder line = new StringBuilder();
        for (Cell cell : cells) {
            int space = cell.columns() - cell.text().length();
            String text = cell.best() ? terminal.bold(cell.text()) : cell.text();
            line.append(cell.width() < 0 ? text + " ".repeat(space) : " ".repeat(space) + text).append(' ');
        }
        if (last.isEmpty()) {
            return line.toString().stripTrailing() + System.lineSeparator();
        }
        Prose.append(line, cells.stream().mapToInt(cell -> cell.columns() + 1).sum(), columns, "    ", last);
        return line.toString();
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
