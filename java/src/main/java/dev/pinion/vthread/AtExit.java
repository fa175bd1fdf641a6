package dev.pinion.vthread;

import jdk.internal.access.SharedSecrets;

/**
 * Runs something after the application's shutdown hooks, when no Java code but the JVM's own comes any more.
 *
 * <p>Needed because the JVM waits up to 300 ms at its end for threads that are in native code, where idle Ms sleep.
 */
public final class AtExit {
    /** {@code java.lang.Shutdown}: 0 console, 1 the application's hooks, 2 deleteOnExit; free from there to 9. */
    private static final int SLOT = 7;

    private AtExit() {}

    /** Once in a process. @throws IllegalStateException when the JVM is ending already */
    public static void run(Runnable last) {
        SharedSecrets.getJavaLangAccess().registerShutdownHook(SLOT, false, last);
    }
}
