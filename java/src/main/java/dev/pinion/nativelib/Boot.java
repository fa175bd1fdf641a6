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
    private static final String HOLDER_RESOURCE = JAVA_BASE + "jdk/internal/vm/PinionNative.class";

    /** Of sun.nio.ch; each after what it extends. */
    private static final String[] SOCKET_POLLER = {
        "sun/nio/ch/PinionPoller$Waits", "sun/nio/ch/PinionPoller", "sun/nio/ch/PinionPoller$Provider", "sun/nio/ch/PinionPoller$NoThreadNeeded"
    };

    private static boolean booted;
    private static boolean socketPollerDefined;

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

    /** Another copy of Pinion, in another class loader, may have been first. */
    private static void define() {
        try {
            Class.forName(HOLDER_NAME, true, null);
        } catch (ClassNotFoundException e) {
            byte[] bytes = holderBytes();
            Unsafe.getUnsafe().defineClass(HOLDER_NAME, bytes, 0, bytes.length, null, null);
        }
    }

    /** Defines {@code sun.nio.ch.PinionPoller}, unless it is there: another copy of Pinion may have been first. After one of the ways in. */
    public static synchronized void defineSocketPoller() {
        if (socketPollerDefined) {
            return;
        }
        socketPollerDefined = true;
        String[] files = new String[SOCKET_POLLER.length];
        for (int i = 0; i < files.length; i++) {
            files[i] = JAVA_BASE + SOCKET_POLLER[i] + ".class";
        }
        byte[][] classes;
        try {
            classes = JarEntryBytes.readAll(files);
        } catch (IOException e) {
            throw new UnsupportedHost("Pinion's jar cannot be read (" + e + ").", e);
        }
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] == null) {
                throw new UnsupportedHost("Pinion's jar is incomplete: it has no " + files[i] + ".");
            }
            try {
                Unsafe.getUnsafe().defineClass(SOCKET_POLLER[i], classes[i], 0, classes[i].length, null, null);
            } catch (LinkageError e) {
                return; // another copy of Pinion was first
            }
        }
    }

    /** Read with {@link Unsafe}: {@code Field.get} would make method handles, and want the package opened. */
    private static Lookup trustedLookup() throws NoSuchFieldException {
        Unsafe unsafe = Unsafe.getUnsafe();
        Field field = Lookup.class.getDeclaredField("IMPL_LOOKUP");
        return (Lookup) unsafe.getReference(unsafe.staticFieldBase(field), unsafe.staticFieldOffset(field));
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
