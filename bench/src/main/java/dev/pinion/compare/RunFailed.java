package dev.pinion.compare;

/** A run that gives no figures, and why, in one sentence. */
class RunFailed extends Exception {
    private static final long serialVersionUID = 1L;

    /** A run that others on the machine made worthless, and that may be repeated. */
    static final class Disturbed extends RunFailed {
        private static final long serialVersionUID = 1L;

        Disturbed(String sentence) {
            super(sentence);
        }
    }

    RunFailed(String sentence) {
        super(sentence);
    }
}
