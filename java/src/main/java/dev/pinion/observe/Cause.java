package dev.pinion.observe;

import java.util.Locale;

/** Why a P went from one M to another. */
public enum Cause {
    /** Its G said that it would block. */
    ANNOUNCED,

    /** Its M blocked without a word, and the core's tripwire noticed. */
    TRIPWIRE,

    /** Its M blocked without a word, or in a call that seldom blocks, and sysmon noticed. */
    SYSMON,

    /** Its G had run for a slice while others waited. */
    SLICE,

    /** Somebody of a higher class has its core, and its M gets no CPU. */
    STALLED,

    /** Somebody asked for it: a test of a program. */
    REQUEST;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Whether its M was found blocked. */
    public boolean isFoundBlock() {
        return this == TRIPWIRE || this == SYSMON;
    }

    /** As in events. */
    public String label() {
        return label;
    }
}
