package dev.pinion.compare;

import java.util.EnumMap;
import java.util.Map;

/**
 * One run.
 *
 * @param figures what was measured; what was not is absent
 * @param use     of the measured part
 */
record Sample(Map<Figure, Double> figures, Use use) {

    /**
     * What the measured part of a run did with its time: all of the run, or of the load's window.
     *
     * @param cores           how many CPUs the program might use
     * @param gcNanos         or NaN where the kernel does not say
     * @param jitNanos        likewise
     * @param switches        likewise: context switches of all its threads
     * @param generatorsShare of its CPU that the load generator used, or NaN when there was none or it always uses all
     */
    record Use(double wallNanos, double cpuNanos, double gcNanos, double jitNanos, double switches, int cores, double generatorsShare) {}

    Sample {
        figures = new EnumMap<>(figures);
    }
}
