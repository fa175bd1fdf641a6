package dev.pinion.nativelib;

import jdk.internal.misc.Unsafe;

/**
 * Ordered access to the memory shared with C, by address. Each method carries its mode in its name. Usable after {@link Boot}.
 *
 * <p>Raw addresses, because a P's word is touched several times for each G that runs, and the bounds and liveness checks of a
 * {@code MemorySegment} were a visible part of that.
 */
public final class SharedMemory {
    private static final Unsafe U = Unsafe.getUnsafe();

    private SharedMemory() {}

    public static boolean casLong(long address, long expected, long value) {
        return U.compareAndSetLong(null, address, expected, value);
    }

    public static long longAcquire(long address) {
        return U.getLongAcquire(null, address);
    }

    public static void setLongRelease(long address, long value) {
        U.putLongRelease(null, address, value);
    }

    /** A store that later loads may not pass (a full fence on x86). */
    public static void setLongVolatile(long address, long value) {
        U.putLongVolatile(null, address, value);
    }

    public static int intAcquire(long address) {
        return U.getIntAcquire(null, address);
    }

    public static int getAndSetInt(long address, int value) {
        return U.getAndSetInt(null, address, value);
    }

    public static int intPlain(long address) {
        return U.getInt(null, address);
    }

    public static void setIntPlain(long address, int value) {
        U.putInt(null, address, value);
    }

    public static boolean casInt(long address, int expected, int value) {
        return U.compareAndSetInt(null, address, expected, value);
    }
}
