package dev.pinion.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one child process printed. A child, in whatever language, prints lines that begin with {@code @}:
 *
 * <pre>
 * &#64;metric NAME VALUE                                  a figure: ns, bytes or ms as the catalogue says; "never": it has none
 * &#64;usage CPU_NANOS VOLUNTARY INVOLUNTARY OPERATIONS   of the measured part: CPU time, context switches
 * &#64;fair SLOWEST FASTEST                               operations of the slowest and fastest task in one common window
 * &#64;carrier NAME                                       the OS thread that ran the work
 * &#64;hog CPU                                            start a hog on this CPU, then write one line to my stdin
 * &#64;serve PORT                                         start my load against this port; see {@link LoadProcess}
 * </pre>
 *
 * Every other line is the program's own and is kept only to explain a failure.
 *
 * @param metrics figures by name, in the order printed; positive infinity for what never happened
 * @param usage   CPU and switches, or null when the child does not measure them
 * @param fair    slowest over fastest task, or NaN when the workload has no equal tasks
 * @param carrier name of the thread that carried the work, or empty
 */
record Sample(Map<String, Double> metrics, Usage usage, double fair, String carrier) {

    /** Counters of the measured part; {@code operations} is what to divide by. */
    record Usage(double cpuNanos, double voluntary, double involuntary, double operations) {

        double cpuNanosPerOperation() {
            return cpuNanos / operations;
        }

        double switchesPerThousand() {
            return 1000 * (voluntary + involuntary) / operations;
        }
    }

    /**
     * Reads a child's output.
     *
     * @throws IllegalArgumentException when an {@code @} line is not one of the above, naming the line
     */
    static Sample parse(List<String> lines) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        Usage usage = null;
        double fair = Double.NaN;
        String carrier = "";
        for (String line : lines) {
            if (!line.startsWith("@")) {
                continue;
            }
            String[] words = line.split(" ");
            switch (words[0] + "/" + (words.length - 1)) {
                case "@metric/2" -> {
                    double value = words[2].equals("never") ? Double.POSITIVE_INFINITY : number(words[2], line);
                    if (metrics.put(words[1], value) != null) {
                        throw new IllegalArgumentException("the child printed a figure twice: " + line);
                    }
                }
                case "@usage/4" -> usage = new Usage(number(words[1], line), number(words[2], line),
                        number(words[3], line), positive(words[4], line));
                case "@fair/2" -> fair = number(words[1], line) / positive(words[2], line);
                case "@carrier/1" -> carrier = words[1];
                case "@hog/1", "@serve/1" -> { }
                default -> throw new IllegalArgumentException("the child printed a line nobody knows: " + line);
            }
        }
        return new Sample(metrics, usage, fair, carrier);
    }

    private static double positive(String word, String line) {
        double value = number(word, line);
        if (value <= 0) {
            throw new IllegalArgumentException("the child printed a count that is not above zero: " + line);
        }
        return value;
    }

    private static double number(String word, String line) {
        try {
            double value = Double.parseDouble(word);
            if (Double.isFinite(value) && value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through to the one sentence below
        }
        throw new IllegalArgumentException("the child printed no usable number: " + line);
    }
}
