package dev.pinion.bench;

import java.util.List;

/**
 * A side as it takes part in one session.
 *
 * @param side          whose scheduler
 * @param label         what it is called; no two of one session are called the same
 * @param pinionOptions options of a Pinion, or empty
 */
record Contestant(Side side, String label, String pinionOptions) {

    /** The side that the goals are for, and those that it is compared with. */
    static List<Contestant> others(Options options) {
        return options.against().stream().map(side -> new Contestant(side, labelOf(options.subject(), side), options.otherOptions())).toList();
    }

    static Contestant subject(Options options) {
        return new Contestant(options.subject(), options.subject().label(), options.subjectOptions());
    }

    /** What a side is called beside this subject: differently, if it is the same. */
    static String labelOf(Side subject, Side against) {
        return subject == against ? against.label() + "-B" : against.label();
    }
}
