package dev.pinion.sched;

/** The scheduler that took over the JVM's virtual threads, if one did. Set once, before the program starts. */
public final class DefaultSched {
    private static volatile Sched sched;

    private DefaultSched() {}

    public static Sched get() {
        return sched;
    }

    public static void set(Sched takeover) {
        sched = takeover;
    }
}
