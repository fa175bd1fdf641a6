package dev.pinion.nativelib;

/** Pinion cannot work here. The message is one sentence for the user, and needs no stack trace. */
public final class UnsupportedHost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnsupportedHost(String sentence) {
        super(sentence);
    }

    public UnsupportedHost(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
