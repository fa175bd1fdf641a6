package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Pinion carries is out of the application's sight, and what the application brings is what the application gets. */
@Timeout(120)
class OwnLibrariesTest {
    private static final List<String> CARRIED = List.of(
            "com.sun.jna.Native", "info.picocli.CommandLine", "net.openhft.affinity.Affinity",
            "org.jctools.queues.MpscUnboundedArrayQueue", "org.slf4j.LoggerFactory", "org.slf4j.nop.NOPServiceProvider");

    @Test
    void theApplicationSeesNoneOfPinionsLibraries() throws Exception {
        Jvm.pinion(Looks.class).arguments(CARRIED.toArray()).run().assertPrinted("none of them", "[]");
    }

    @Test
    void theSchedulersQueueFromJctoolsIsInTheJarUnderPinionsNameOnly() throws Exception {
        try (JarFile jar = new JarFile(Jvm.jar().toFile())) {
            List<String> names = jar.stream().map(JarEntry::getName).filter(name -> name.contains("jctools")).toList();

            assertEquals(List.of(), names.stream().filter(name -> !name.startsWith("dev/pinion/jctools/")).toList());
            assertTrue(names.stream().anyMatch(name -> name.endsWith("/MpscVarHandleUnpaddedArrayQueue.class")), names.toString());
        }
    }

    /** Looks for classes, and for what service loaders and resource look-ups would find. */
    public static final class Looks {
        public static void main(String[] arguments) throws Exception {
            Thread.startVirtualThread(() -> {
                List<String> seen = new ArrayList<>();
                for (String name : arguments) {
                    for (ClassLoader loader : new ClassLoader[] {
                        ClassLoader.getSystemClassLoader(), ClassLoader.getPlatformClassLoader(), Thread.currentThread().getContextClassLoader(), null
                    }) {
                        try {
                            seen.add(Class.forName(name, false, loader).getName());
                        } catch (ClassNotFoundException e) {
                            // as it should be
                        }
                    }
                }
                System.out.println(seen.isEmpty() ? "none of them" : seen);
            }).join();
            List<String> services = new ArrayList<>();
            for (String resource : new String[] {
                "META-INF/services/org.slf4j.spi.SLF4JServiceProvider", "com/sun/jna/linux-x86-64/libjnidispatch.so", "META-INF/services/"
            }) {
                ClassLoader.getSystemClassLoader().resources(resource).forEach(url -> services.add(url.getPath()));
            }
            System.out.println(services);
        }
    }

    @Test
    void theApplicationsOwnVersionsAreTheOnesItGets(@TempDir Path directory) throws Exception {
        for (String name : new TreeSet<>(CARRIED)) {
            int dot = name.lastIndexOf('.');
            CompiledPrograms.compile(directory, name, "package " + name.substring(0, dot) + "; public class " + name.substring(dot + 1)
                    + " { public static String whose() { return \"application's\"; } }");
        }
        String[] expected = new String[CARRIED.size()];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = CARRIED.get(i) + " application's";
        }
        Jvm.pinion(Asks.class).classPath(directory, Jvm.classesOf(Asks.class)).arguments(CARRIED.toArray()).run().assertPrinted(expected);
        Jvm.pinion(Asks.class).classPath(Jvm.classesOf(Asks.class), directory).arguments(CARRIED.toArray()).run().assertPrinted(expected);
    }

    public static final class Asks {
        public static void main(String[] arguments) throws Exception {
            Thread.startVirtualThread(() -> {
                for (String name : arguments) {
                    try {
                        System.out.println(name + " " + Class.forName(name).getMethod("whose").invoke(null));
                    } catch (ReflectiveOperationException e) {
                        System.out.println(e);
                    }
                }
            }).join();
        }
    }
}
