package dev.pinion.doctor;

import java.util.Locale;

/** What a finding amounts to, the worst first. */
public enum Level {
    /** Ps cannot do on these CPUs what Pinion promises. */
    FAIL,
    /** It works, and is slower or less even than this machine can be. */
    WARN,
    /** It could not be found out; the reason says why. Never to be read as {@link #PASS}. */
    UNKNOWN,
    /** A trade-off, or something that only some programs notice. */
    INFO,
    /** Looked at, and as it should be. */
    PASS;

    /** @return the name as texts and JSON have it */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
