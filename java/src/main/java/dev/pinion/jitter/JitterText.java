package dev.pinion.jitter;

import dev.pinion.cpu.ThreadCounters;
import dev.pinion.terminal.Prose;
import dev.pinion.terminal.TerminalWidth;
import java.util.Locale;

/** The result for the terminal. */
public final class JitterText {
    /** At most so long are a bar and a line of time. */
    private static final int BAR = 24;
    private static final int LINE = 60;
    static final int TEN_MICROS = 3;
    /** The columns of the table before it are the reader's. */
    private static final int FIRST_OF_CPU = 5;
    private static final String LEVELS = " .:-=+*#%@";
    private static final int RED = 31;
    private static final int YELLOW = 33;

    private final Jitter.Result result;
    private final int width;
    private final boolean colour;
    private final StringBuilder out = new StringBuilder();

    private JitterText(Jitter.Result result, int columns, boolean colour) {
        this.result = result;
        this.width = Math.max(TerminalWidth.LEAST, columns);
        this.colour = colour;
    }

    /** @param columns how wide the terminal is @param colour whether long gaps are coloured */
    public static String draw(Jitter.Result result, int columns, boolean colour) {
        return new JitterText(result, columns, colour).draw();
    }

    private String draw() {
        histogram();
        timeline(result.pinned());
        timeline(result.unpinned());
        prose("  ", "The longest gap in or over each slice: blank for none, '.' from 1 us, and a sign more for each factor of 4 up to '@' from 64 ms");
        out.append('\n');
        table(result.pinned(), "CPU");
        table(result.unpinned(), "CPU*");
        prose("  ", "* Of the reader the first five figures, whose threads went where the kernel put them; of the CPU the others.");
        out.append('\n');
        causes(result.pinned());
        prose("", where(result));
        return out.toString();
    }

    static String where(Jitter.Result result) {
        return String.format(Locale.ROOT, "The clock takes %.0f ns to read. %s", result.pinned().readers().getFirst().clockNanos(), result.machine());
    }

    private void prose(String indent, String text) {
        out.append(indent);
        Prose.append(out, indent.length(), width, indent, text);
    }

    private void histogram() {
        double most = 0;
        for (int bucket = 0; bucket < Gaps.BOUNDS.length; bucket++) {
            most = Math.max(most, Math.max(result.pinned().rate(bucket), result.unpinned().rate(bucket)));
        }
        boolean wide = width >= 80;
        int label = wide ? 10 : 6;
        String rate = wide ? "%10.2f  " : "%8.2f ";
        int bar = Math.clamp((width - label - 2 - 2 * (wide ? 12 : 9)) / 2, 1, BAR);
        String row = "%-" + label + "s %-" + (bar + (wide ? 12 : 9)) + "s %s";
        out.append(String.format(row, wide ? "gaps from" : "from", wide ? "pinned, a second" : "pinned/s", wide ? "unpinned, a second" : "unpinned/s")).append('\n');
        for (int bucket = 0; bucket < Gaps.BOUNDS.length; bucket++) {
            String left = bar(rate, result.pinned().rate(bucket), most, bar);
            String line = String.format(row, size(Gaps.BOUNDS[bucket]), left, bar(rate, result.unpinned().rate(bucket), most, bar));
            out.append(line.stripTrailing()).append('\n');
        }
        prose("  ", "The bars are logarithmic: from one gap in 1,000 s to the most that a row has.");
        out.append('\n');
    }

    /** The length tells orders of magnitude, from one gap in 1,000 s on. */
    private static String bar(String format, double rate, double most, int length) {
        if (rate == 0) {
            return "";
        }
        double share = Math.log(rate * 1000) / Math.log(most * 1000);
        return String.format(Locale.ROOT, format, rate) + "#".repeat(Math.clamp((int) Math.ceil(share * length), 1, length));
    }

    private void timeline(Side side) {
        int columns = Math.min(LINE, width - 15);
        for (int i = 0; i < side.readers().size(); i++) {
            out.append(String.format("%-8s %3d |", side.name(), side.causes().get(i).cpu));
            for (int column = 0; column < columns; column++) {
                long nanos = 0;
                for (int slice = column * Gaps.SLICES / columns; slice < (column + 1) * Gaps.SLICES / columns; slice++) {
                    nanos = Math.max(nanos, side.readers().get(i).longest(slice));
                }
                out.append(sign(nanos, colour));
            }
            out.append("|\n");
        }
    }

    static String sign(long nanos, boolean colour) {
        int level = nanos == 0 ? 0 : Math.clamp(1 + (63 - Long.numberOfLeadingZeros(Math.max(1, nanos / 1000))) / 2, 1, LEVELS.length() - 1);
        String sign = LEVELS.substring(level, level + 1);
        return colour && nanos >= 100_000 ? "\u001b[" + (nanos >= 1_000_000 ? RED : YELLOW) + "m" + sign + "\u001b[0m" : sign;
    }

    /** In one piece where it fits, else the reader's figures above the CPU's, with blanks between the columns as far as there is room. */
    private void table(Side side, String first) {
        String[] heads = {">10 us/s", "longest", "lost %", "moves", "switches", "irqs/s", "softirqs/s", "steal ms"};
        int[] widths = {10, 10, 8, 8, 9, 12, 10, 9};
        if (width >= 98) {
            rows(side, first, heads, widths, 0, heads.length);
        } else {
            int[] narrow = {8, 7, 6, 6, 8, 9, 10, 8};
            int split = width >= 56 ? FIRST_OF_CPU : 3;
            rows(side, first, heads, narrow, 0, split);
            rows(side, first, heads, narrow, split, split + 3);
            if (split + 3 < heads.length) {
                rows(side, first, heads, narrow, split + 3, heads.length);
            }
        }
    }

    private void rows(Side side, String first, String[] heads, int[] widths, int from, int to) {
        out.append(String.format("%-9s%5s", side.name(), first));
        for (int column = from; column < to; column++) {
            cell(heads[column], widths[column], column == FIRST_OF_CPU && from < column);
        }
        out.append('\n');
        for (int i = 0; i < side.readers().size(); i++) {
            String[] cells = cells(side.readers().get(i), side.causes().get(i));
            out.append(String.format("%-9s%5d", "", side.causes().get(i).cpu));
            for (int column = from; column < to; column++) {
                cell(cells[column], widths[column], column == FIRST_OF_CPU && from < column);
            }
            out.append('\n');
        }
    }

    private void cell(String text, int columns, boolean line) {
        out.append(line ? " |" : "").append(String.format(" %" + (line ? columns - 2 : columns) + "s", text));
    }

    /** What the heads of the table name, of one reader and its CPU; - where the kernel does not tell. */
    static String[] cells(Gaps gaps, Causes causes) {
        double seconds = gaps.readNanos() / 1e9;
        return new String[] {
            String.format(Locale.ROOT, "%.1f", gaps.countFrom(TEN_MICROS) / seconds), size(gaps.longest()),
            String.format(Locale.ROOT, "%.2f", 100.0 * gaps.sumNanos() / gaps.readNanos()), Long.toString(gaps.moves), told(gaps.involuntary),
            causes.interruptsTold ? String.format(Locale.ROOT, "%.0f", Causes.total(causes.interrupts) / seconds) : "-",
            causes.softirqsTold ? String.format(Locale.ROOT, "%.0f", Causes.total(causes.softirqs) / seconds) : "-", told(causes.stealMillis)
        };
    }

    private static String told(long number) {
        return number == ThreadCounters.UNKNOWN ? "-" : Long.toString(number);
    }

    private void causes(Side side) {
        for (int i = 0; i < side.causes().size(); i++) {
            prose("", "CPU " + side.causes().get(i).cpu + ": " + causes(side, i));
        }
    }

    /** What the i-th bound reader waited for, and what the kernel did on its CPU. */
    static String causes(Side side, int i) {
        Causes causes = side.causes().get(i);
        Gaps gaps = side.readers().get(i);
        String waited = gaps.waitNanos == ThreadCounters.UNKNOWN ? "how long it waited for others is not told"
                : String.format(Locale.ROOT, "waited %.1f ms of %.1f s for others", gaps.waitNanos / 1e6, side.seconds());
        return "the bound reader " + waited + "; " + (causes.interruptsTold ? Causes.most(causes.interrupts, side.seconds(), 4) : "interrupts are not told") + "; softirqs "
                + (causes.softirqsTold ? Causes.most(causes.softirqs, side.seconds(), 3) : "are not told");
    }

    /** As {@code 20 us}, {@code 1.5 ms}. */
    static String size(long nanos) {
        double micros = nanos / 1e3;
        return micros < 10 ? String.format(Locale.ROOT, "%.1f us", micros).replace(".0 us", " us")
                : micros < 1000 ? String.format(Locale.ROOT, "%.0f us", micros) : String.format(Locale.ROOT, "%.1f ms", micros / 1e3).replace(".0 ms", " ms");
    }
}
