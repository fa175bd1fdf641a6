package dev.pinion.nativelib;

import jdk.internal.misc.Unsafe;

/**
 * An array of counts that any thread may raise. {@code AtomicLongArray} does the same through a {@code VarHandle}, whose first use loads
 * classes and allocates: not to be had in scheduler code on a G. Usable after {@link Boot}.
 */
public final class AtomicCounts {
    private static final Unsafe U = Unsafe.getUnsafe();

    private final long[] counts;

    public AtomicCounts(int length) {
        counts = new long[length];
    }

    public void increment(int index) {
        if (index < 0 || index >= counts.length) {
            throw new ArrayIndexOutOfBoundsException(index);
        }
        U.getAndAddLong(counts, Unsafe.ARRAY_LONG_BASE_OFFSET + (long) index * Unsafe.ARRAY_LONG_INDEX_SCALE, 1);
    }

    /** As it is at some moment; may be out of date. */
    public long get(int index) {
        return counts[index];
    }
}
