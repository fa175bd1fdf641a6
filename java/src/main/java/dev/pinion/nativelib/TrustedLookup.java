package dev.pinion.nativelib;

import java.lang.invoke.MethodHandles.Lookup;

/** The lookup that may access everything ({@code MethodHandles.Lookup.IMPL_LOOKUP}), once {@link Boot} has it. */
public final class TrustedLookup {
    private static volatile Lookup lookup;

    private TrustedLookup() {}

    /** @throws IllegalStateException before {@link Boot} has succeeded */
    public static Lookup get() {
        Lookup trusted = lookup;
        if (trusted == null) {
            throw new IllegalStateException("Pinion's native library is not loaded yet.");
        }
        return trusted;
    }

    static void set(Lookup trusted) {
        lookup = trusted;
    }
}
