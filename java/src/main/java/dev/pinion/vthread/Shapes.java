package dev.pinion.vthread;

import dev.pinion.nativelib.TrustedLookup;
import dev.pinion.nativelib.UnsupportedHost;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import jdk.internal.misc.Unsafe;

/** Finds JDK internals by name; what is not there becomes one sentence that names it and the JDKs that have it. */
final class Shapes {
    static final Unsafe U = Unsafe.getUnsafe();
    private static final MethodHandles.Lookup LOOKUP = TrustedLookup.get();

    private Shapes() {}

    static Class<?> type(String name) {
        try {
            return Class.forName(name, false, null);
        } catch (ClassNotFoundException e) {
            throw missing(name, e);
        }
    }

    static long offset(Class<?> holder, String field) {
        try {
            return U.objectFieldOffset(holder, field);
        } catch (InternalError e) {
            throw missing(holder.getName() + "." + field, e);
        }
    }

    static MethodHandle constructor(Class<?> holder, Class<?>... parameters) {
        try {
            return LOOKUP.findConstructor(holder, MethodType.methodType(void.class, parameters));
        } catch (ReflectiveOperationException e) {
            throw missing(holder.getName() + ".<init>", e);
        }
    }

    static UnsupportedHost missing(String shape, Throwable cause) {
        return new UnsupportedHost("This JDK (" + System.getProperty("java.vm.version") + ") lacks " + shape
                + ", which Pinion binds to; JDK 25 (25.0.1 and later, HotSpot) has it.", cause);
    }
}
