package dev.pinion.bench;

import dev.pinion.terminal.Prose;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * {@code pinion bench diff}: what changed between two {@code --json} files, for each figure of the subject. Exit codes: 0 nothing is worse, 1 something is
 * worse by more than its interval and the tolerance, 2 the input is no two such files.
 */
final class Diff {

    static final String HELP = """
            pinion bench diff A.json B.json [--tolerance 5%]: what changed from A to B

            A figure is worse when the whole 90 % interval of its change lies beyond the tolerance (default 5%); with fewer than three runs a side
            there is no such interval, and no verdict. Where the first other side changed the same way, what counts is the change against that side:
            the rest was the machine. Exit code 1 when a figure is worse, 0 when none is, 2 for bad input.
            """;

    private static final double TOLERANCE = 0.05;
    private static final String FORMAT = "%-30s %2s %-5s %9s %9s  %-24s %-24s %s%n";

    /** Of a line with the longest verdict. */
    private static final int COLUMNS = 130;

    /** What is said of a change. */
    enum Verdict {
        WORSE("worse"), BETTER("better"), NO_DIFFERENCE("no difference"),
        /** So did the first other side. */
        MACHINE("the machine"),
        TOO_FEW("too few runs"),
        /** It says nothing about a side. */
        GENERATOR("the generator's own");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }
    }

    /**
     * One figure in both files.
     *
     * @param before in the first
     * @param after  in the second
     */
    record Change(Line before, Line after) {

        private static double[] values(Line line) {
            Row row = line.rows().getFirst();
            return row.values(row.a());
        }

        private boolean isRatio() {
            return before.figure().unit().isRatio();
        }

        Statistics.Interval interval() {
            return isRatio() ? Shift.ratio(values(before), values(after)) : Shift.difference(values(before), values(after));
        }

        /** @param tolerance as a share of what it was */
        Verdict verdict(double tolerance) {
            if (before.figure().isGenerators()) {
                return Verdict.GENERATOR;
            }
            if (interval().tooFewSamples()) {
                return Verdict.TOO_FEW;
            }
            Verdict alone = beyond(interval(), tolerance);
            Statistics.Interval others = others();
            boolean likewise = alone != Verdict.NO_DIFFERENCE && others != null && beyond(others, 0) == alone;
            return likewise && beyond(againstOthers(), tolerance) != alone ? Verdict.MACHINE : alone;
        }

        private Verdict beyond(Statistics.Interval change, double tolerance) {
            double equal = isRatio() ? 1 : 0;
            double room = isRatio() ? tolerance : tolerance * Statistics.median(values(before));
            return change.low() > equal + room ? Verdict.WORSE : change.high() < equal - room ? Verdict.BETTER : Verdict.NO_DIFFERENCE;
        }

        /** The probability with which a figure that is alike in both looks worse, without a tolerance. */
        double chance() {
            return (1 - interval().coverage()) / 2;
        }

        /** How the first other side of both changed, or null where there is none. */
        Statistics.Interval others() {
            return ofOthers(row -> row.values(row.b()));
        }

        /** How the subject's comparisons with that side changed, round by round; null where there is none. */
        private Statistics.Interval againstOthers() {
            return ofOthers(Row::comparisons);
        }

        private Statistics.Interval ofOthers(Function<Row, double[]> values) {
            for (Row row : before.rows()) {
                Row later = after.against(row.againstLabel());
                if (later != null) {
                    return isRatio() ? Shift.ratio(values.apply(row), values.apply(later)) : Shift.difference(values.apply(row), values.apply(later));
                }
            }
            return null;
        }
    }

    private Diff() {
    }

    /**
     * Runs the command and returns its exit code.
     *
     * @param columns how wide {@code out} is
     */
    static int run(List<String> arguments, PrintStream out, PrintStream err, int columns) {
        List<Path> files = new ArrayList<>();
        double tolerance = TOLERANCE;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--help") || argument.equals("-h")) {
                out.print(HELP);
                return 0;
            } else if (argument.equals("--tolerance")) {
                if (++i == arguments.size()) {
                    throw new Invalid("--tolerance wants a value, such as 5%");
                }
                tolerance = tolerance(arguments.get(i));
            } else if (argument.startsWith("-")) {
                throw new Invalid("'" + argument + "' is no option of bench diff; --help shows them");
            } else {
                files.add(Path.of(argument));
            }
        }
        if (files.size() != 2) {
            throw new Invalid("diff wants two files of --json, and was given " + files.size());
        }
        return compare(JsonReport.read(files.getFirst(), err), JsonReport.read(files.getLast(), err), tolerance, out, err, columns);
    }

    private static double tolerance(String word) {
        try {
            double percent = Double.parseDouble(word.endsWith("%") ? word.substring(0, word.length() - 1) : word);
            if (percent >= 0 && percent <= 1000) {
                return percent / 100;
            }
        } catch (NumberFormatException e) {
            // falls through to the one sentence below
        }
        throw new Invalid("--tolerance " + word + ": allowed are percentages from 0% to 1000%");
    }

    static int compare(Results before, Results after, double tolerance, PrintStream out, PrintStream err, int columns) {
        List<Change> changes = new ArrayList<>();
        for (Line line : before.lines()) {
            after.lines().stream().filter(later -> isSame(line, later)).findFirst().ifPresent(later -> changes.add(new Change(line, later)));
        }
        if (changes.isEmpty()) {
            throw new Invalid("the two files have no figure in common");
        }
        for (String difference : before.machine().differences(after.machine())) {
            err.println("pinion bench: warning: not the same machine: " + difference);
        }
        List<String> shares = changes.stream().filter(change -> change.before().share() != change.after().share())
                .map(change -> change.before().workload().name()).distinct().toList();
        if (!shares.isEmpty()) {
            err.println("pinion bench: warning: the runs of one file were longer than those of the other (--quick?), which alone changes the figures of "
                    + String.join(", ", shares));
        }
        boolean blocks = columns < COLUMNS;
        if (!blocks) {
            out.printf(FORMAT, "workload", "P", "cond", "A", "B", "B/A or B-A [90 %]", "the other side's", "");
        }
        Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
        double chance = 0;
        for (Change change : changes) {
            Verdict verdict = change.verdict(tolerance);
            counts.merge(verdict, 1, Integer::sum);
            chance += verdict == Verdict.GENERATOR || verdict == Verdict.TOO_FEW ? 0 : change.chance();
            Line line = change.before();
            String own = Table.interval(line.rows().getFirst(), change.interval());
            String others = Table.interval(line.rows().getFirst(), change.others());
            if (blocks) {
                paragraph(out, columns, line.name() + ", " + line.procs() + " P, " + line.condition().label() + ": " + verdict.words);
                paragraph(out, columns, "  A " + figure(line) + ", B " + figure(change.after()));
                paragraph(out, columns, "  " + (change.isRatio() ? "B/A " : "B-A ") + own);
                paragraph(out, columns, "  the other side's " + others);
            } else {
                out.printf(FORMAT, line.name(), line.procs(), line.condition().label(), figure(line), figure(change.after()), own, others, verdict.words);
            }
        }
        paragraph(out, columns, String.format(Locale.ROOT, "%d figures, a tolerance of %.3g %%: %s.", changes.size(), 100 * tolerance, String.join(", ",
                counts.entrySet().stream().map(count -> count.getValue() + " " + count.getKey().words).toList())));
        if (chance > 0) {
            paragraph(out, columns, String.format(Locale.ROOT,
                    "Were all that are judged alike, %.2g of them would look worse by chance where the tolerance does not cover it.", chance));
        }
        leftOut(before, after, changes, out, columns);
        return counts.containsKey(Verdict.WORSE) ? 1 : 0;
    }

    private static boolean isSame(Line a, Line b) {
        return a.name().equals(b.name()) && a.procs() == b.procs() && a.condition() == b.condition() && a.subject().equals(b.subject());
    }

    private static void leftOut(Results before, Results after, List<Change> changes, PrintStream out, int columns) {
        int onlyBefore = before.lines().size() - changes.size();
        int onlyAfter = after.lines().size() - changes.size();
        if (onlyBefore > 0 || onlyAfter > 0) {
            paragraph(out, columns, onlyBefore + " figures are in the first file only, " + onlyAfter + " in the second only.");
        }
    }

    private static void paragraph(PrintStream out, int columns, String text) {
        StringBuilder broken = new StringBuilder();
        Prose.append(broken, 0, columns, "    ", text);
        out.print(broken);
    }

    private static String figure(Line line) {
        return line.figure().unit().format(line.median(line.subject()).orElseThrow());
    }
}
