package dev.pinion.compare;

import java.util.Locale;

/** What is measured of each run, in the order printed. Times are nanoseconds, counts are counts. */
enum Figure {
    WALL("wall time", Better.LESS, Unit.NANOS, 1),
    FIRST_ANSWER("time to first request", Better.LESS, Unit.NANOS, 1),
    RATE("requests/s", Better.MORE, Unit.COUNT, 1),
    P50("closed-loop p50", Better.LESS, Unit.NANOS, 1),
    P99("closed-loop p99", Better.LESS, Unit.NANOS, 1),
    P999("closed-loop p99.9", Better.LESS, Unit.NANOS, 1),
    CPU("CPU time", Better.LESS, Unit.NANOS, 1e6),
    CPU_PER_REQUEST("CPU time a request", Better.LESS, Unit.NANOS, 1),
    GC("of it the collector", Better.NEITHER, Unit.NANOS, 1e6),
    JIT("of it the JIT", Better.NEITHER, Unit.NANOS, 1e6),
    VOLUNTARY("voluntary switches", Better.NEITHER, Unit.COUNT, 1),
    INVOLUNTARY("involuntary switches", Better.NEITHER, Unit.COUNT, 1),
    SWITCHES_PER_REQUEST("switches a request", Better.NEITHER, Unit.COUNT, 1e-3),
    MIGRATIONS("migrations", Better.NEITHER, Unit.COUNT, 1),
    THREADS("threads at most", Better.NEITHER, Unit.COUNT, 1);

    enum Better { LESS, MORE, NEITHER }

    private enum Unit { NANOS, COUNT }

    private final String title;
    private final Better better;
    private final Unit unit;
    private final double resolution;

    Figure(String title, Better better, Unit unit, double resolution) {
        this.title = title;
        this.better = better;
        this.unit = unit;
        this.resolution = resolution;
    }

    String title() {
        return title;
    }

    Better better() {
        return better;
    }

    /** Below this a value is as good as zero. */
    double resolution() {
        return resolution;
    }

    String format(double value) {
        if (unit == Unit.NANOS) {
            return value < 999.5 ? three(value) + " ns"
                    : value < 999_500 ? three(value / 1e3) + " us" : value < 9_995e6 ? three(value / 1e6) + " ms" : three(value / 1e9) + " s";
        }
        return value < 10 && value != Math.rint(value) ? three(value) : String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String three(double value) {
        return String.format(Locale.ROOT, value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f", value);
    }
}
