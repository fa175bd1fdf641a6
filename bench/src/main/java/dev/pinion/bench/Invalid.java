package dev.pinion.bench;

/** A bad command line, or a machine that lacks something: one sentence, exit code 2. */
public final class Invalid extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public Invalid(String sentence) {
        super(sentence);
    }
}
