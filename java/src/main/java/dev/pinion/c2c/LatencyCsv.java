package dev.pinion.c2c;

import java.util.Locale;

/** One line for each pair, as RFC 4180 has it but with line feeds; figures in nanoseconds. */
public final class LatencyCsv {
    private LatencyCsv() {}

    /** @return the header, and a line for each pair that was measured */
    public static String write(Latencies latencies) {
        Matrix one = latencies.oneLine();
        StringBuilder out = new StringBuilder("cpu_a,cpu_b,one_line_ns,one_line_q1_ns,one_line_q3_ns,two_lines_ns,two_lines_q1_ns,two_lines_q3_ns\n");
        for (int a = 0; a < one.size(); a++) {
            for (int b = a + 1; b < one.size(); b++) {
                if (!Double.isNaN(one.median(a, b))) {
                    out.append(one.cpu(a)).append(',').append(one.cpu(b));
                    figures(out, one, a, b);
                    figures(out, latencies.twoLines(), a, b);
                    out.append('\n');
                }
            }
        }
        return out.toString();
    }

    private static void figures(StringBuilder out, Matrix matrix, int a, int b) {
        out.append(String.format(Locale.ROOT, ",%.1f,%.1f,%.1f", matrix.median(a, b), matrix.low(a, b), matrix.high(a, b)));
    }
}
