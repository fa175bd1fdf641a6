package dev.pinion.jitter;

import java.util.Locale;

/** The result for the terminal. */
public final class JitterText {
    private static final int BAR = 24;
    private static final int COLUMNS = 60;
    static final int TEN_MICROS = 3;
    private static final String LEVELS = " .:-=+*#%@";
    private static final int RED = 31;
    private static final int YELLOW = 33;

    private JitterText() {}

    /** @param colour whether long gaps are coloured */
    public static String draw(Jitter.Result result, boolean colour) {
        StringBuilder out = new StringBuilder();
        histogram(out, result);
        timeline(out, result.pinned(), colour);
        timeline(out, result.unpinned(), colour);
        out.append("  The longest gap in or over each slice, none ' ', 1 us '.', and a sign more for each factor of 4 up to 64 ms '@'\n\n");
        table(out, result.pinned(), "CPU");
        table(out, result.unpinned(), "CPU*");
        out.append("  * Of the reader the first five columns, whose threads went where the kernel put them; of the CPU the others.\n\n");
        causes(out, result.pinned());
        return out.append(where(result)).append('\n').toString();
    }

    static String where(Jitter.Result result) {
        return String.format(Locale.ROOT, "The clock takes %.0f ns to read. %s", result.pinned().readers().getFirst().clockNanos(), result.machine());
    }

    private static void histogram(StringBuilder out, Jitter.Result result) {
        double most = 0;
        for (int bucket = 0; bucket < Gaps.BOUNDS.length; bucket++) {
            most = Math.max(most, Math.max(result.pinned().rate(bucket), result.unpinned().rate(bucket)));
        }
        out.append(String.format("%-14s %-38s%s\n", "gaps from", "pinned, a second", "unpinned, a second"));
        for (int bucket = 0; bucket < Gaps.BOUNDS.length; bucket++) {
            String left = bar(result.pinned().rate(bucket), most);
            String line = String.format("%-14s %-38s%s", size(Gaps.BOUNDS[bucket]), left, bar(result.unpinned().rate(bucket), most));
            out.append(line.stripTrailing()).append('\n');
        }
        out.append("  The bars are logarithmic: from one gap in 1,000 s to the most that a row has.\n\n");
    }

    /** The length tells orders of magnitude, from one gap in 1,000 s on. */
    private static String bar(double rate, double most) {
        if (rate == 0) {
            return "";
        }
        double share = Math.log(rate * 1000) / Math.log(most * 1000);
        return String.format(Locale.ROOT, "%10.2f  %s", rate, "#".repeat(Math.clamp((int) Math.ceil(share * BAR), 1, BAR)));
    }

    private static void timeline(StringBuilder out, Side side, boolean colour) {
        for (int i = 0; i < side.readers().size(); i++) {
            out.append(String.format("%-8s %3d |", side.name(), side.causes().get(i).cpu));
            for (int column = 0; column < COLUMNS; column++) {
                long nanos = 0;
                for (int slice = column * Gaps.SLICES / COLUMNS; slice < (column + 1) * Gaps.SLICES / COLUMNS; slice++) {
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

    private static void table(StringBuilder out, Side side, String first) {
        out.append(String.format("%-9s%5s %10s %10s %8s %8s %9s | %10s %10s %9s\n", side.name(), first, ">10 us/s", "longest", "lost %", "moves", "switches", "irqs/s",
                "softirqs/s", "steal ms"));
        for (int i = 0; i < side.readers().size(); i++) {
            Gaps gaps = side.readers().get(i);
            Causes causes = side.causes().get(i);
            double seconds = gaps.readNanos() / 1e9;
            out.append(String.format(Locale.ROOT, "%-9s%5d %10.1f %10s %8.2f %8d %9s | %10.0f %10.0f %9d\n", "", causes.cpu, gaps.countFrom(TEN_MICROS) / seconds,
                    size(gaps.longest()), 100.0 * gaps.sumNanos() / gaps.readNanos(), gaps.moves, gaps.involuntary < 0 ? "-" : gaps.involuntary, Causes.total(causes.interrupts) / seconds,
                    Causes.total(causes.softirqs) / seconds, causes.stealMillis));
        }
    }

    private static void causes(StringBuilder out, Side side) {
        for (int i = 0; i < side.causes().size(); i++) {
            out.append("CPU ").append(side.causes().get(i).cpu).append(": ").append(causes(side, i)).append('\n');
        }
    }

    /** What the i-th bound reader waited for, and what the kernel did on its CPU. */
    static String causes(Side side, int i) {
        Causes causes = side.causes().get(i);
        Gaps gaps = side.readers().get(i);
        String waited = gaps.waitNanos < 0 ? "how long it waited for others is not told"
                : String.format(Locale.ROOT, "waited %.1f ms of %.1f s for others", gaps.waitNanos / 1e6, side.seconds());
        return "the bound reader " + waited + "; " + Causes.most(causes.interrupts, side.seconds(), 4) + "; softirqs " + Causes.most(causes.softirqs, side.seconds(), 3);
    }

    /** As {@code 20 us}, {@code 1.5 ms}. */
    static String size(long nanos) {
        double micros = nanos / 1e3;
        return micros < 10 ? String.format(Locale.ROOT, "%.1f us", micros).replace(".0 us", " us")
                : micros < 1000 ? String.format(Locale.ROOT, "%.0f us", micros) : String.format(Locale.ROOT, "%.1f ms", micros / 1e3).replace(".0 ms", " ms");
    }
}
