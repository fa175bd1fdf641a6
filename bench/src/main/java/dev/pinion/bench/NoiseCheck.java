package dev.pinion.bench;

import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;

/** Repeats a run beside which the machine drifted, twice at most and within a time for all repeats of the session. */
final class NoiseCheck {

    private static final int MOST_REPEATS = 2;

    /** One run of a child. */
    interface Run {
        Sample run() throws IOException, InterruptedException, ChildProcess.Failed;
    }

    private final Calibration calibration;
    private final LongSupplier nanoTime;
    private double secondsLeft;
    private int repeated;
    private int drifted;
    private int unchecked;

    /**
     * @param calibration        what tells
     * @param secondsForRepeats  about how long all repeats together may take
     * @param nanoTime           the clock
     */
    NoiseCheck(Calibration calibration, double secondsForRepeats, LongSupplier nanoTime) {
        this.calibration = calibration;
        this.nanoTime = nanoTime;
        this.secondsLeft = secondsForRepeats;
    }

    /**
     * The first run that the machine left alone, or the last one.
     *
     * @param cpus where it runs; empty: not checked
     */
    Sample run(List<Integer> cpus, Run run) throws IOException, InterruptedException, ChildProcess.Failed {
        if (cpus.isEmpty()) {
            unchecked++;
            return run.run();
        }
        for (int repeats = 0; ; repeats++) {
            long started = nanoTime.getAsLong();
            boolean steady = calibration.isSteady(cpus);
            Sample sample = run.run();
            if (steady & calibration.isSteady(cpus)) {
                return sample;
            }
            // The next takes about as long as this one, which may be longer than on another machine.
            double seconds = (nanoTime.getAsLong() - started) / 1e9;
            if (repeats == MOST_REPEATS || secondsLeft < seconds) {
                drifted++;
                return sample;
            }
            secondsLeft -= seconds;
            repeated++;
        }
    }

    /** What the check made of the runs since the last call. */
    Repeats takeRepeats() {
        Repeats repeats = new Repeats(repeated, drifted, unchecked);
        repeated = 0;
        drifted = 0;
        unchecked = 0;
        return repeats;
    }

    /**
     * What the check made of one workload's runs.
     *
     * @param repeated  runs made again
     * @param drifted   runs that count although the machine drifted beside them
     * @param unchecked runs beside which no CPU was timed
     */
    record Repeats(int repeated, int drifted, int unchecked) {

        /** Where all were checked. */
        Repeats(int repeated, int drifted) {
            this(repeated, drifted, 0);
        }
    }
}
