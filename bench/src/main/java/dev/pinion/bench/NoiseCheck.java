package dev.pinion.bench;

import java.io.IOException;
import java.util.List;

/** Repeats a run beside which the machine drifted, twice at most and within a time for all repeats of the session. */
final class NoiseCheck {

    private static final int MOST_REPEATS = 2;

    /** One run of a child. */
    interface Run {
        Sample run() throws IOException, InterruptedException, ChildProcess.Failed;
    }

    private final Calibration calibration;
    private double secondsLeft;
    private int repeated;
    private int drifted;

    /**
     * @param calibration        what tells
     * @param secondsForRepeats  about how long all repeats together may take
     */
    NoiseCheck(Calibration calibration, double secondsForRepeats) {
        this.calibration = calibration;
        this.secondsLeft = secondsForRepeats;
    }

    /**
     * The first run that the machine left alone, or the last one.
     *
     * @param cpus    where it runs; empty: not checked
     * @param seconds about how long it takes
     */
    Sample run(List<Integer> cpus, double seconds, Run run) throws IOException, InterruptedException, ChildProcess.Failed {
        for (int repeats = 0; ; repeats++) {
            boolean steady = calibration.isSteady(cpus);
            Sample sample = run.run();
            if (steady & calibration.isSteady(cpus)) {
                return sample;
            }
            if (repeats == MOST_REPEATS || secondsLeft < seconds) {
                drifted++;
                return sample;
            }
            secondsLeft -= seconds;
            repeated++;
        }
    }

    /** Runs made again since the last call, and those that count although the machine drifted beside them. */
    Repeats takeRepeats() {
        Repeats repeats = new Repeats(repeated, drifted);
        repeated = 0;
        drifted = 0;
        return repeats;
    }

    /**
     * What the check made of one workload's runs.
     *
     * @param repeated runs made again
     * @param drifted  runs that count although the machine drifted beside them
     */
    record Repeats(int repeated, int drifted) {
    }
}
