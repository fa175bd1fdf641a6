package dev.pinion.nativelib;

import java.io.File;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.nio.file.Path;

/**
 * The ways in. After one of them has returned, {@link Natives} and {@link TrustedLookup} work, and
 * {@code jdk.internal.misc}, {@code .vm} and {@code .access} are exported to this class's module. A second call does nothing.
 *
 * <p>An agent has the trusted lookup already and loads the library in the name of {@code java.base}: no flag, no warning.
 * A library has nothing: it loads with {@code System.load}, for which the JDK prints its warning unless
 * {@code --enable-native-access} is given, and gets the lookup from {@code JNI_OnLoad}'s side.
 */
public final class Boot {
    private static final String HOLDER_NAME = "jdk.internal.vm.PinionNative";
    private static final String HOLDER_RESOURCE = "META-INF/pinion/java-base/jdk/internal/vm/PinionNative.class";

    private static boolean booted;

    /** The class file of PinionNative, read by JNI_OnLoad if the JVM does not have the class yet. */
    private static byte[] holder;

    private Boot() {}

    /** Whether {@link Natives} may be called. */
    public static synchronized boolean isDone() {
        return booted;
    }

    /** @throws UnsupportedHost in one sentence why it cannot be */
    public static synchronized void withLibrary() {
        if (booted) {
            return;
        }
        try (LibraryFile library = locate()) {
            holder = holderBytes();
            load(library);
            TrustedLookup.set(openJavaBase(Boot.class.getModule()));
        } finally {
            holder = null;
        }
        SharedLayout.check();
        booted = true;
    }

    @SuppressWarnings("restricted") // the caller's native access is the user's to grant; the JDK asks for it
    private static void load(LibraryFile library) {
        try {
            System.load(library.absolutePath());
        } catch (UnsatisfiedLinkError e) {
            throw loadFailed(e);
        }
    }

    /** Registered by JNI_OnLoad, unless an agent has loaded the library. */
    private static native Lookup openJavaBase(Module module);

    /**
     * @param trusted {@code IMPL_LOOKUP}
     * @param module whose classes call {@link Natives}: this class's
     * @throws UnsupportedHost in one sentence why it cannot be
     */
    public static synchronized void withLookup(Lookup trusted, Module module) {
        if (booted) {
            return;
        }
        try (LibraryFile library = locate()) {
            Class<?> natives = define(trusted);
            MethodHandle export =
                    trusted.findStatic(natives, "exportTo", MethodType.methodType(void.class, Module.class));
            export.invokeExact(module);
            MethodHandle isRegistered =
                    trusted.findStatic(natives, "isRegistered", MethodType.methodType(boolean.class));
            if (!(boolean) isRegistered.invokeExact()) {
                MethodHandle load0 = trusted.findVirtual(
                        Runtime.class, "load0", MethodType.methodType(void.class, Class.class, String.class));
                load0.invokeExact(Runtime.getRuntime(), (Class<?>) Object.class, library.absolutePath());
            }
        } catch (UnsatisfiedLinkError e) {
            throw loadFailed(e);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new UnsupportedHost("Pinion cannot define its natives into this JDK (" + e + ").", e);
        }
        TrustedLookup.set(trusted);
        SharedLayout.check();
        booted = true;
    }

    /** Another copy of Pinion, in another class loader, may have been first. */
    private static Class<?> define(Lookup trusted) throws ReflectiveOperationException {
        try {
            return Class.forName(HOLDER_NAME, true, null);
        } catch (ClassNotFoundException e) {
            Class<?> neighbour = Class.forName("jdk.internal.vm.Continuation", false, null);
            return trusted.in(neighbour).defineClass(holderBytes());
        }
    }

    private static byte[] holderBytes() {
        try {
            byte[] bytes = JarEntryBytes.read(HOLDER_RESOURCE);
            if (bytes == null) {
                throw new UnsupportedHost("Pinion's jar is incomplete: it has no " + HOLDER_RESOURCE + ".");
            }
            return bytes;
        } catch (IOException e) {
            throw new UnsupportedHost("Pinion's jar cannot be read (" + e + ").", e);
        }
    }

    private static LibraryFile locate() {
        String architecture = HostCheck.architecture(System.getProperty("os.name"), System.getProperty("os.arch"));
        HostCheck.refuseMusl(new File("/lib"), Path.of("/proc/self/maps"));
        return LibraryFile.locate(
                System.getProperty(LibraryFile.PROPERTY), System.getProperty("java.io.tmpdir"), architecture);
    }

    private static UnsupportedHost loadFailed(UnsatisfiedLinkError e) {
        return new UnsupportedHost("Pinion's native library cannot be loaded (" + e.getMessage()
                + "); if its directory is mounted noexec, name another with -Djava.io.tmpdir or -D"
                + LibraryFile.PROPERTY + ".", e);
    }
}
