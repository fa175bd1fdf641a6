package dev.pinion.sched;

import java.util.Locale;

/** What a P does that has nothing to run. */
enum IdleStrategy {
    /** It sleeps: an idle P uses no CPU time, and a G that wakes up waits for its M to be woken. */
    PARK,
    /** It looks on for a while before it sleeps, as long as its own recent idle gaps make that worth it ({@link IdleSpin}). */
    ADAPTIVE,
    /** It never sleeps: for cores that are isolated for it. */
    SPIN;

    /** @throws IllegalArgumentException one sentence */
    static IdleStrategy of(String name) {
        for (IdleStrategy strategy : values()) {
            if (strategy.name().toLowerCase(Locale.ROOT).equals(name)) {
                return strategy;
            }
        }
        throw new IllegalArgumentException("idle '" + name + "' is no idle strategy: it is park, adaptive or spin.");
    }
}
