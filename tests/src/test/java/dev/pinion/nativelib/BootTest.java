package dev.pinion.nativelib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.invoke.MethodType;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BootTest {
    @Test
    void givesTheTrustedLookup() throws Throwable {
        Boot.withLibrary();
        Boot.withLibrary();
        assertTrue(Boot.isDone());
        assertEquals(Thread.currentThread(), currentCarrier());
    }

    private static Object currentCarrier() throws Throwable {
        return TrustedLookup.get()
                .findStatic(Thread.class, "currentCarrierThread", MethodType.methodType(Thread.class))
                .invoke();
    }

    /** As in an application server: two class loaders, each with its Pinion, one JVM. */
    @Test
    void aSecondClassLoaderSharesTheNatives() throws Exception {
        Boot.withLibrary();
        URL classes = Boot.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader other = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
            Class<?> boot = other.loadClass(Boot.class.getName());
            assertNotSame(Boot.class, boot);
            boot.getMethod("withLibrary").invoke(null);
            int tid = (int) other.loadClass(Natives.class.getName()).getMethod("gettid").invoke(null);
            assertEquals(Natives.gettid(), tid);
        }
    }

    /** The first loader may go: the natives of a class of java.base must not go with it. */
    @Test
    void theNativesOutliveTheLoaderThatBroughtThem() throws Exception {
        assertSilentSuccess(ForkedJvm.of(ShortLived.class));
    }

    @Test
    void theWayOfAnAgentIsSilentToo() throws Exception {
        assertSilentSuccess(ForkedJvm.of(AsAnAgent.class, "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED",
                "--add-exports", "java.base/jdk.internal.vm=ALL-UNNAMED", "--add-exports", "java.base/jdk.internal.access=ALL-UNNAMED"));
    }

    @Test
    void aNonsenseLibraryIsOneSentence(@TempDir Path directory) throws Exception {
        Path nonsense = Files.writeString(directory.resolve("libpinion.so"), "no ELF");
        Process process = ForkedJvm.of(Sentence.class, "-Dpinion.library.path=" + nonsense).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        assertTrue(out.startsWith("Pinion's native library cannot be loaded (" + nonsense), out);
        assertEquals(1, out.lines().count());
    }

    static void assertSilentSuccess(ProcessBuilder builder) throws Exception {
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("", output);
        assertEquals(0, process.waitFor());
    }

    static final class ShortLived {
        public static void main(String[] arguments) throws Throwable {
            WeakReference<ClassLoader> gone = bootElsewhere();
            Boot.withLibrary();
            while (gone.get() != null) {
                System.gc();
            }
            // The JDK's cleaner unloads libraries, one action after the other: twice through it, and the loader's was done.
            passTheJdksCleaner();
            passTheJdksCleaner();
            System.exit(Natives.gettid() > 0 ? 0 : 1);
        }

        private static void passTheJdksCleaner() throws Throwable {
            Class<?> factory = Class.forName("jdk.internal.ref.CleanerFactory");
            Cleaner cleaner = (Cleaner) TrustedLookup.get()
                    .findStatic(factory, "cleaner", MethodType.methodType(Cleaner.class))
                    .invoke();
            CountDownLatch cleaned = new CountDownLatch(1);
            cleaner.register(new Object(), cleaned::countDown);
            do {
                System.gc();
            } while (!cleaned.await(1, TimeUnit.MILLISECONDS));
        }

        @SuppressWarnings("resource") // closed by the collector, as an application server's would be
        private static WeakReference<ClassLoader> bootElsewhere() throws Exception {
            URL classes = new File(Boot.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toURI().toURL();
            URLClassLoader loader = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader());
            loader.loadClass(Boot.class.getName()).getMethod("withLibrary").invoke(null);
            return new WeakReference<>(loader);
        }
    }

    static final class AsAnAgent {
        public static void main(String[] arguments) throws Throwable {
            Boot.asAgent();
            boolean all = Natives.installInheritance() == SharedLayout.INHERIT_ALL;
            System.exit(all && Natives.getpid() == ProcessHandle.current().pid() && currentCarrier() == Thread.currentThread() ? 0 : 1);
        }
    }

    static final class Sentence {
        public static void main(String[] arguments) {
            try {
                Boot.withLibrary();
                System.exit(1);
            } catch (UnsupportedHost e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
