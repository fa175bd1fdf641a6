package dev.pinion.sched;

import dev.pinion.nativelib.SharedLayout;
import dev.pinion.vthread.JvmArguments;

/**
 * Tells the blocks of a G from what the JVM itself makes a thread wait for, which is over by itself and soon: a GC pause, above all. Only
 * in a futex, over a page fault and while the process's mappings change can it be either; and under Shenandoah in a short sleep, with
 * which that collector lets threads wait for one another.
 */
final class JvmWaits {
    private static final boolean SLEEPS = JvmArguments.has("-XX:+UseShenandoahGC");

    private JvmWaits() {}

    /** @param in of {@code Natives.blockedIn} */
    static boolean possible(int in) {
        return in > 0 && (in < SharedLayout.IN_SLEEP || in == SharedLayout.IN_SLEEP && SLEEPS);
    }
}
