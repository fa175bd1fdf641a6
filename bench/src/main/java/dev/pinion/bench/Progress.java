package dev.pinion.bench;

import dev.pinion.terminal.Terminal;
import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * How far a session is and how long it will still take: a bar on a terminal, a line for each workload elsewhere. The expected seconds of all
 * runs are given at first; what the runs so far took of theirs tells this machine's pace.
 */
final class Progress {

    private static final int BAR = 24;

    /** Standard error's terminal may be another than standard output's, and has so many as a rule. */
    private static final int USUAL_COLUMNS = 80;

    /** Before so much of it is done the machine's pace says nothing. */
    private static final double PACE_KNOWN_FROM = 0.05;

    private final PrintStream out;
    private final Terminal terminal;
    private final int columns;
    private final LongSupplier nanoTime;
    private final double expectedSeconds;
    private final long startNanos;
    private double doneSeconds;
    private String workload = "";

    /**
     * @param out             where to; not where the table goes
     * @param columns         how wide the terminal is
     * @param expectedSeconds of all runs together
     * @param nanoTime        the clock
     */
    Progress(PrintStream out, Terminal terminal, int columns, double expectedSeconds, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.columns = Math.min(columns, USUAL_COLUMNS);
        this.expectedSeconds = expectedSeconds;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
    }

    /** A workload begins. */
    void begin(String name) {
        workload = name;
        if (!terminal.isOne()) {
            out.println("  " + name + " ... (" + left() + ")");
        }
    }

    /** A run begins. */
    void run(String side) {
        if (terminal.isOne()) {
            int full = (int) (BAR * share());
            String bar = columns < USUAL_COLUMNS ? "" : "[" + "#".repeat(full) + ".".repeat(BAR - full) + "] ";
            String line = String.format("%s%3.0f %%  %s on %s, %s", bar, 100 * share(), workload, side, left());
            // A line that goes on in the next could not be written again.
            out.print(terminal.restartLine() + line.substring(0, Math.min(line.length(), columns - 1)));
            out.flush();
        }
    }

    /** Something of which so many seconds were expected is done, or will not be. */
    void done(double seconds) {
        doneSeconds += seconds;
    }

    /** Before something else is printed. */
    void clear() {
        out.print(terminal.restartLine());
        out.flush();
    }

    private double share() {
        return expectedSeconds <= 0 ? 1 : Math.min(1, doneSeconds / expectedSeconds);
    }

    private String left() {
        double elapsed = (nanoTime.getAsLong() - startNanos) / 1e9;
        double pace = share() < PACE_KNOWN_FROM ? 1 : elapsed / doneSeconds;
        return "about " + time(Math.max(0, expectedSeconds - doneSeconds) * pace) + " left";
    }

    /** A time as people say it. */
    static String time(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60 ? whole + " s" : whole < 600 ? whole / 60 + " min " + whole % 60 + " s" : Math.round(seconds / 60) + " min";
    }
}
