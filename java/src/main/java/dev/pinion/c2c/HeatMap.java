package dev.pinion.c2c;

import dev.pinion.terminal.Prose;
import dev.pinion.terminal.TerminalWidth;
import java.util.Locale;

/** A matrix for the terminal: figures where they fit, a digit a pair where they do not. */
public final class HeatMap {
    private static final String ESCAPE = "\u001b[";

    /** Of the terminal's 256 colours, from green over yellow to red, all of them light enough for black letters. */
    private static final int[] COLOURS = {41, 77, 113, 149, 185, 221, 215, 209, 203, 197};

    private HeatMap() {}

    /** @param columns how wide the terminal is @param colour whether it shows colours @return lines; a figure with ~ is not to be trusted */
    public static String draw(Matrix matrix, int columns, boolean colour) {
        Scale scale = new Scale(matrix);
        int width = 2;
        int label = 3;
        for (int a = 0; a < matrix.size(); a++) {
            label = Math.max(label, Integer.toString(matrix.cpu(a)).length());
            for (int b = a + 1; b < matrix.size(); b++) {
                width = Math.max(width, figure(matrix, a, b).length());
            }
        }
        width = Math.max(width, label); // the numbers of the CPUs stand above
        return label + matrix.size() * (width + 1) <= columns ? figures(matrix, scale, label, width, colour) : digits(matrix, scale, label, Math.max(TerminalWidth.LEAST, columns), colour);
    }

    private static String figure(Matrix matrix, int a, int b) {
        double nanos = matrix.median(a, b);
        return Double.isNaN(nanos) ? "" : String.format(Locale.ROOT, "%.0f%s", nanos, matrix.isNoisy(a, b) ? "~" : "");
    }

    private static String figures(Matrix matrix, Scale scale, int label, int width, boolean colour) {
        StringBuilder out = new StringBuilder(String.format("%" + label + "s", "CPU"));
        for (int b = 0; b < matrix.size(); b++) {
            out.append(String.format(" %" + width + "d", matrix.cpu(b)));
        }
        out.append('\n');
        for (int a = 0; a < matrix.size(); a++) {
            StringBuilder row = new StringBuilder(String.format("%" + label + "d", matrix.cpu(a)));
            for (int b = 0; b < matrix.size(); b++) {
                String cell = String.format(" %" + width + "s", a == b ? "." : figure(matrix, a, b));
                row.append(a == b ? cell : paint(cell, scale, matrix.median(a, b), colour));
            }
            out.append(row).append('\n');
        }
        return out.toString();
    }

    /** One column a CPU, so that 64 of them fit a narrow terminal; of a pair that is not to be trusted there is no digit. */
    private static String digits(Matrix matrix, Scale scale, int label, int columns, boolean colour) {
        StringBuilder out = new StringBuilder();
        for (int a = 0; a < matrix.size(); a++) {
            out.append(String.format("%" + label + "d ", matrix.cpu(a)));
            for (int b = 0; b < matrix.size(); b++) {
                double nanos = matrix.median(a, b);
                out.append(a == b || Double.isNaN(nanos) ? "." : paint(matrix.isNoisy(a, b) ? "~" : Integer.toString(scale.stepOf(nanos)), scale, nanos, colour));
            }
            out.append('\n');
        }
        StringBuilder legend = new StringBuilder();
        for (int step = 0; step < Scale.STEPS; step++) {
            String entry = String.format(Locale.ROOT, "%d from %.0f", step, scale.begin(step));
            legend.append(step == 0 ? "" : ", ").append(paint(entry, scale, scale.begin(step) * 1.0001, colour)); // not the end of the step before
        }
        Prose.append(out, 0, columns, "", legend + " ns");
        return out.toString();
    }

    private static String paint(String text, Scale scale, double nanos, boolean colour) {
        return colour && !Double.isNaN(nanos) ? ESCAPE + "30;48;5;" + COLOURS[scale.stepOf(nanos)] + "m" + text + ESCAPE + "0m" : text;
    }
}
