package dev.pinion.bench;

import java.util.List;
import java.util.Set;

/**
 * One program and the figures it prints.
 *
 * @param name     what {@code --workload} takes, and what the child is told to run
 * @param program  the name of the program inside the child: several workloads may share it
 * @param api      how the subject's side starts its threads
 * @param heapMiB  heap of either side, {@code -Xms} and {@code -Xmx}
 * @param seconds  about how long one child takes, for the estimate and for the time-out
 * @param maxPairs most pairs worth running unless {@code --pairs} says otherwise
 * @param shape    how the child is started
 * @param about    one line for {@code --list}
 * @param figures  what it prints, one output line each
 * @param load     what another process asks of it while it runs, or null
 * @param pinionOptions options of every Pinion side in this row, as in {@code PINION_OPTS}; empty: none
 */
record Workload(String name, String program, Api api, int heapMiB, int seconds, int maxPairs, Shape shape, String about,
        List<Figure> figures, Load load, String pinionOptions) {

    /** A workload without a load from outside, on Pinion as it is by default. */
    Workload(String name, String program, Api api, int heapMiB, int seconds, int maxPairs, Shape shape, String about,
            List<Figure> figures) {
        this(name, program, api, heapMiB, seconds, maxPairs, shape, about, figures, null, "");
    }

    /** How a G is started. */
    enum Api {
        /** {@code Thread.startVirtualThread}, on both sides. */
        THREAD,
        /** {@code Pinion.go} where the side is Pinion; {@code Thread.startVirtualThread} on every other JVM side. */
        GO
    }

    /** What is special about the child process. */
    enum Shape {
        /** Nothing. */
        PLAIN,
        /** The JDK's side carries an agent that does nothing, so that only Pinion's own cost is left. */
        EMPTY_AGENT,
        /** As {@link #EMPTY_AGENT}, and the figure is the wall time of the whole process, taken by the runner. */
        WALL_TIME,
        /** The child asks for a hog once it knows the core it runs on, and needs a CPU to flee to. */
        HOG_BESIDE,
        /**
         * What counts is one core: beside hogs Pinion's Ps stay on the first CPUs of the set, those with the hogs, and its
         * housekeeping has one CPU more, as on a quiet machine. A side that is not pinned has none more, or it would walk away.
         */
        CORE,
        /** The child is a server: it has exactly as many CPUs as Ps, and its load comes from the next one. */
        SERVED,
        /** Something goes from one P to another. */
        TWO_PS
    }

    /** How two sides are compared, and what the numbers are. */
    enum Unit {
        NANOS(true), BYTES(true), CPU_MILLIS(false), WALL_MILLIS(false),
        /** A share of all samples. */
        PERCENT(false),
        /** So many things. */
        COUNT(false),
        /** A ratio taken inside one child. */
        FACTOR(true);

        private final boolean ratio;

        Unit(boolean ratio) {
            this.ratio = ratio;
        }

        /** Ratio A/B where true, else the difference A - B. */
        boolean isRatio() {
            return ratio;
        }

        String format(double value) {
            if (value == Double.POSITIVE_INFINITY) {
                return "never";
            }
            return switch (this) {
                case NANOS -> value < 9_999.5 ? three(value) + " ns"
                        : value < 9_999_500 ? three(value / 1e3) + " us" : three(value / 1e6) + " ms";
                case BYTES -> three(value) + " B";
                case CPU_MILLIS, WALL_MILLIS -> three(value) + " ms";
                case PERCENT -> three(value) + " %";
                case COUNT -> String.format(java.util.Locale.ROOT, "%.0f", value);
                case FACTOR -> three(value) + "x";
            };
        }

        /** Three digits are all that these measurements carry. */
        private static String three(double value) {
            double magnitude = Math.abs(value);
            return String.format(java.util.Locale.ROOT, magnitude < 9.995 ? "%.2f" : magnitude < 99.95 ? "%.1f" : "%.0f", value);
        }
    }

    /**
     * One figure.
     *
     * @param metric the name the child prints it under
     * @param unit   what it is
     * @param goals  what the project asks of it
     */
    record Figure(String metric, Unit unit, List<Goal> goals) {

        /** Whether it is the load generator's own lateness, of which no side is the cause. */
        boolean isGenerators() {
            return metric.startsWith("late-");
        }
    }

    /**
     * A limit that a figure is held against.
     *
     * @param against    the other side, or null for any
     * @param procs      number of Ps it is asked for, or 0 for any
     * @param kind       what is limited
     * @param limit      the largest value allowed
     * @param conditions what else may happen on the machine while it is asked for
     */
    record Goal(Side against, int procs, Kind kind, double limit, Set<Condition> conditions) {

        enum Kind {
            /** Median ratio at most the limit, and the interval's upper end below the limit + 5 %. */
            RATIO,
            /** Median difference at most the limit. */
            DIFFERENCE,
            /** Subject's own median at most the limit. */
            ABSOLUTE
        }

        /** A goal for a quiet machine. */
        Goal(Side against, int procs, Kind kind, double limit) {
            this(against, procs, kind, limit, Set.of(Condition.QUIET));
        }

        boolean applies(Side other, int procsNow, Condition condition) {
            return (against == null || against == other) && (procs == 0 || procs == procsNow) && conditions.contains(condition);
        }

        boolean met(Statistics.Interval comparison, double subjectMedian) {
            return switch (kind) {
                case RATIO -> comparison.median() <= limit && comparison.high() < limit * 1.05;
                case DIFFERENCE -> comparison.median() <= limit;
                case ABSOLUTE -> subjectMedian <= limit;
            };
        }
    }

    /** The name of one figure's line. */
    String lineName(Figure figure) {
        return figures.size() == 1 ? name : name + "/" + figure.metric();
    }
}
