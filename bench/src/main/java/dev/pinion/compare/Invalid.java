package dev.pinion.compare;

/** A bad command line: one sentence, exit code 2. */
final class Invalid extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Invalid(String sentence) {
        super(sentence);
    }
}
