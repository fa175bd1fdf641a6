package dev.pinion.demo;

import dev.pinion.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Which of {@link BlockingProgram}'s Gs does what when, a line for each of them. Narrow, since it is drawn over itself while it grows. */
final class BlockingPicture {
    static final int LINES = 3;

    /**
     * One stretch of time.
     *
     * @param reading   share of it in a read
     * @param computing share of it computing
     * @param answering answers given in it, of the requests that came in it; more than 1 where some had waited
     */
    record Column(double reading, double computing, double answering) {
        private static final String NAME = "column";

        String toLine() {
            return NAME + " " + reading + " " + computing + " " + answering;
        }

        /** @return null if it is another line */
        static Column ofLine(String line) {
            String[] f = line.split(" ");
            return !f[0].equals(NAME) || f.length != 4 ? null
                    : new Column(Double.parseDouble(f[1]), Double.parseDouble(f[2]), Double.parseDouble(f[3]));
        }
    }

    private final List<Column> columns = new ArrayList<>();

    void add(Column column) {
        columns.add(column);
    }

    int width() {
        return columns.size();
    }

    String draw(Terminal terminal) {
        return row("reads", Column::reading, '=', Terminal.RED, terminal) + row("computes", Column::computing, '#', Terminal.GREEN, terminal)
                + row("answers", Column::answering, '#', Terminal.GREEN, terminal);
    }

    /** A whole sign for half of the column or more, a thin one for less. */
    private String row(String name, ToDoubleFunction<Column> share, char sign, int colour, Terminal terminal) {
        StringBuilder out = new StringBuilder(String.format("  %-9s", name));
        for (Column column : columns) {
            double value = share.applyAsDouble(column);
            out.append(value >= 0.5 ? terminal.paint(colour, String.valueOf(sign))
                    : value >= 0.02 ? terminal.paint(colour, "-") : terminal.paint(Terminal.DIM, "."));
        }
        return out.append('\n').toString();
    }
}
