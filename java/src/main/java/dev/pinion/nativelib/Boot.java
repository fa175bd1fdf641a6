package dev.pinion.nativelib;

import java.io.File;
import java.io.IOException;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.reflect.Field;
import java.nio.file.Path;
import jdk.internal.misc.Unsafe;
import jdk.internal.vm.PinionNative;

/**
 * The ways in. After one of them has returned, {@link Natives} and {@link TrustedLookup} work, and
 * {@code jdk.internal.misc}, {@code .vm} and {@code .access} are exported to this class's module. A second call does nothing.
 *
 * <p>An agent can export packages, and so defines a class of {@code java.base} that loads the library: no flag, no warning.
 * A library has nothing: it loads with {@code System.load}, for which the JDK prints its warning unless
 * {@code --enable-native-access} is given, and gets exports and lookup from {@code JNI_OnLoad}'s side.
 *
 * <p>On the start-up path of every program: no method handles and no lambdas, each of which is a class made at run time.
 */
public final class Boot {
    private static final String HOLDER_NAME = "jdk.internal.vm.PinionNative";
    private static final String JAVA_BASE = "META-INF/pinion/java-base/";

    /** Of sun.nio.ch; each after what it extends. */
    private static final String[] SOCKET_POLLER = {
        "sun.nio.ch.PinionPoller$Waits", "sun.nio.ch.PinionPoller", "sun.nio.ch.PinionPoller$Provider", "sun.nio.ch.PinionPoller$NoThreadNeeded"
    };

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
            holder = bytesOf(HOLDER_NAME)[0];
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
     * For an agent, which has exported the four packages to this class's module itself.
     *
     * @throws UnsupportedHost in one sentence why it cannot be
     */
    public static synchronized void asAgent() {
        if (booted) {
            return;
        }
        try (LibraryFile library = locate()) {
            define();
            if (!PinionNative.isRegistered()) {
                PinionNative.load(library.absolutePath());
            }
            TrustedLookup.set(trustedLookup());
        } catch (UnsatisfiedLinkError e) {
            throw loadFailed(e);
        } catch (LinkageError | ReflectiveOperationException e) {
            throw new UnsupportedHost("Pinion cannot define its natives into this JDK (" + e + ").", e);
        }
        SharedLayout.check();
        booted = true;
    }

    private static void define() {
        if (!isDefined(HOLDER_NAME)) {
            define(HOLDER_NAME, bytesOf(HOLDER_NAME)[0]);
        }
    }

    /**
     * Defines {@code sun.nio.ch.PinionPoller} and what belongs to it. Once in a class loader, by one thread, after one of the ways in.
     *
     * @throws UnsupportedHost in one sentence why it cannot be
     */
    public static void defineSocketPoller() {
        byte[][] classes = bytesOf(SOCKET_POLLER);
        for (int i = 0; i < classes.length; i++) {
            try {
                if (!isDefined(SOCKET_POLLER[i])) {
                    define(SOCKET_POLLER[i], classes[i]);
                }
            } catch (LinkageError e) {
                if (!isDefined(SOCKET_POLLER[i])) { // or the other copy was a moment quicker
                    throw new UnsupportedHost("Pinion cannot define its socket poller into this JDK (" + e + ").", e);
                }
            }
        }
    }

    /** Another copy of Pinion, in another class loader, may have been first. */
    private static boolean isDefined(String name) {
        try {
            Class.forName(name, false, null);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static void define(String name, byte[] bytes) {
        Unsafe.getUnsafe().defineClass(name, bytes, 0, bytes.length, null, null);
    }

    /** Read with {@link Unsafe}: {@code Field.get} would make method handles, and want the package opened. */
    private static Lookup trustedLookup() throws NoSuchFieldException {
        Unsafe unsafe = Unsafe.getUnsafe();
        Field field = Lookup.class.getDeclaredField("IMPL_LOOKUP");
        return (Lookup) unsafe.getReference(unsafe.staticFieldBase(field), unsafe.staticFieldOffset(field));
    }

    private static byte[][] bytesOf(String... names) {
        String[] files = new String[names.length];
        for (int i = 0; i < names.length; i++) {
            files[i] = JAVA_BASE + names[i].replace('.', '/') + ".class";
        }
        byte[][] all;
        try {
            all = JarEntryBytes.readAll(files);
        } catch (IOException e) {
            throw new UnsupportedHost("Pinion's jar cannot be read (" + e + ").", e);
        }
        for (int i = 0; i < all.length; i++) {
            if (all[i] == null) {
                throw new UnsupportedHost("Pinion's jar is incomplete: it has no " + files[i] + ".");
            }
        }
        return all;
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
