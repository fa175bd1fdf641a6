package dev.pinion.nativelib;

import java.io.IOException;
import java.security.ProtectionDomain;
import java.util.Arrays;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;

/**
 * The classes that an agent needs before {@code main}, out of one entry of the jar. The JDK's loader takes 0.25 ms for each class of a jar,
 * most of it Java code that is interpreted at that time; defined from bytes at hand a class takes 0.09 ms, and there are seventy.
 *
 * <p>Nothing but time depends on it: what is loaded already stays as it is, and what is not in the entry is loaded as usual. The list is
 * {@code java/src/build/startup-classes.txt}; a test tells when it no longer fits.
 */
public final class StartupClasses {
    private static final String RESOURCE = "META-INF/pinion/startup-classes";

    private StartupClasses() {}

    /** For the loader and the module of this class. {@code jdk.internal.access} is exported to it. */
    public static void define() {
        byte[] packed;
        try {
            packed = JarEntryBytes.read(RESOURCE);
        } catch (IOException e) {
            return; // Boot reads the same jar next, and says what is wrong with it
        }
        if (packed == null) {
            return; // classes that the build has not packed
        }
        JavaLangAccess access = SharedSecrets.getJavaLangAccess();
        ClassLoader loader = StartupClasses.class.getClassLoader();
        ProtectionDomain domain = StartupClasses.class.getProtectionDomain();
        int at = 0;
        while (at < packed.length) {
            int length = (packed[at] & 0xff) << 24 | (packed[at + 1] & 0xff) << 16 | (packed[at + 2] & 0xff) << 8 | packed[at + 3] & 0xff;
            int end = at + Integer.BYTES + length;
            byte[] bytes = Arrays.copyOfRange(packed, at + Integer.BYTES, end);
            at = end;
            try {
                access.defineClass(loader, null, bytes, domain, RESOURCE);
            } catch (LinkageError e) {
                // It is there already; or it cannot be had, and then whoever needs it hears so.
            }
        }
    }
}
