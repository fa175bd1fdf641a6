package dev.pinion.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs under {@code pinion run}, which starts them without an agent: they find what they find under {@code java}. */
@Timeout(120)
class RunTest {
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    @TempDir
    private Path directory;

    private Launcher.Outcome run(String... javaArguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("run", "--gomaxprocs", "2", "--"));
        command.addAll(List.of(javaArguments));
        return Launcher.pinion(directory, command.toArray(String[]::new));
    }

    private static void assertPrinted(Launcher.Outcome outcome, String... lines) {
        assertEquals(List.of(), outcome.err());
        assertEquals(List.of(lines), outcome.out());
        assertEquals(0, outcome.code());
    }

    /** Many more than there are Ms wait for a monitor whose owner has unmounted. */
    @Test
    void contendedMonitorsUnmount() throws Exception {
        assertPrinted(run("-cp", CLASS_PATH, Monitors.class.getName()), "200000");
    }

    public static final class Monitors {
        private static int count;

        public static void main(String[] arguments) throws InterruptedException {
            Object lock = new Object();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                threads.add(Thread.startVirtualThread(() -> {
                    for (int j = 0; j < 1000; j++) {
                        synchronized (lock) {
                            count++;
                            if (j % 97 == 0) {
                                Thread.yield();
                            }
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            System.out.println(count);
        }
    }

    @Test
    void aThreadDumpShowsParkedThreads() throws Exception {
        Path dump = directory.resolve("dump.json");
        assertPrinted(run("-cp", CLASS_PATH, Dumps.class.getName(), dump.toString()), "dumped");
        String json = Files.readString(dump);
        assertTrue(json.contains("\"parked-0\"") && json.contains("\"parked-99\""), json);
    }

    public static final class Dumps {
        public static void main(String[] arguments) throws Exception {
            for (int i = 0; i < 100; i++) {
                Thread thread = Thread.ofVirtual().name("parked-" + i).start(java.util.concurrent.locks.LockSupport::park);
                while (thread.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
            }
            ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class)
                    .dumpThreads(arguments[0], com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
            System.out.println("dumped");
        }
    }

    @Test
    void theProgramSeesItsOwnClassPathAndArguments() throws Exception {
        assertPrinted(run("-Dkey=a value", "-cp", CLASS_PATH, Sees.class.getName(), "one", "", "three 3"),
                "one||three 3", "a value", CLASS_PATH, "main virtual false", "on an M true");
    }

    public static final class Sees {
        public static void main(String[] arguments) throws Exception {
            System.out.println(String.join("|", arguments));
            System.out.println(System.getProperty("key"));
            System.out.println(System.getProperty("java.class.path"));
            System.out.println(Thread.currentThread().getName() + " virtual " + Thread.currentThread().isVirtual());
            Thread.startVirtualThread(() -> System.out.println("on an M " + Thread.currentThread().toString().contains("@pinion-P"))).join();
        }
    }

    /** The manifest counts: main class, class path, packages to open. An instance's main without arguments will do. */
    @Test
    void aJarRunsAsJavaRunsIt() throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Opened.class.getName());
        manifest.getMainAttributes().putValue("Add-Opens", "java.base/java.util");
        Path jar = directory.resolve("a program.jar");
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (Class<?> type : List.of(RunTest.class, Opened.class)) {
                String entry = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(entry));
                out.write(type.getClassLoader().getResourceAsStream(entry).readAllBytes());
            }
        }
        assertPrinted(run("-jar", jar.toString()), "opened by " + jar);
    }

    static final class Opened {
        void main() throws Exception {
            var field = ArrayList.class.getDeclaredField("size");
            field.setAccessible(true);
            System.out.println("opened by " + System.getProperty("java.class.path"));
        }
    }

    @Test
    void whatMainThrowsIsJavasOwnEnd() throws Exception {
        Launcher.Outcome outcome = run("-cp", CLASS_PATH, Throws.class.getName());
        assertEquals(1, outcome.code());
        assertEquals("Exception in thread \"main\" java.lang.IllegalStateException: as told", outcome.err().getFirst());
        assertTrue(outcome.err().get(1).contains(Throws.class.getName() + ".main("), outcome.err().toString());
    }

    public static final class Throws {
        public static void main(String[] arguments) {
            throw new IllegalStateException("as told");
        }
    }

    @Test
    void aClassThatIsNotThereIsJavasOwnMessage() throws Exception {
        Launcher.Outcome outcome = run("-cp", CLASS_PATH, "no.such.Program");
        assertEquals(1, outcome.code());
        assertEquals(List.of("Error: Could not find or load main class no.such.Program",
                "Caused by: java.lang.ClassNotFoundException: no.such.Program"), outcome.err());
    }
}
