package dev.pinion.rooms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.Pinion;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The rooms depend on each other downwards only, and only the rooms made for it know a library or the inside of the JDK. Read off the compiled
 * classes: signatures, calls, and the types in descriptors.
 */
class ArrowsTest {
    /** Each room, and what it may use. {@code pinion} is the package {@code dev.pinion} itself. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("entry", Set.of("agent", "cli")),
            Map.entry("cli", Set.of("adapter", "agent", "sched", "doctor", "pin", "c2c", "jitter", "cpu", "terminal", "nativelib")),
            Map.entry("agent", Set.of("pinion", "sched", "cpu", "vthread", "nativelib")),
            Map.entry("doctor", Set.of("cpu", "terminal", "nativelib")),
            Map.entry("jmh", Set.of("cpu", "nativelib")),
            Map.entry("pin", Set.of("cpu", "nativelib")),
            Map.entry("c2c", Set.of("cpu", "page", "terminal", "nativelib")),
            Map.entry("jitter", Set.of("cpu", "page", "terminal", "nativelib")),
            Map.entry("demo", Set.of("pinion", "terminal", "nativelib")),
            Map.entry("pinion", Set.of("sched", "timer", "observe", "vthread", "nativelib")),
            Map.entry("sched", Set.of("netpoll", "timer", "observe", "queue", "vthread", "cpu", "nativelib", "jctools")),
            Map.entry("netpoll", Set.of("vthread", "nativelib")),
            Map.entry("timer", Set.of("queue")),
            Map.entry("observe", Set.of("nativelib", "jctools")),
            Map.entry("queue", Set.of()),
            Map.entry("vthread", Set.of("nativelib")),
            Map.entry("adapter", Set.of("cpu")),
            Map.entry("cpu", Set.of("terminal")),
            Map.entry("page", Set.of()),
            Map.entry("terminal", Set.of()),
            Map.entry("nativelib", Set.of()),
            Map.entry("jctools", Set.of()));

    /** Who may know a library, or a package inside the JDK. */
    private static final Map<String, Set<String>> ONLY = Map.of(
            "net/openhft/", Set.of("adapter"),
            "info/picocli/", Set.of("cli"),
            "org/openjdk/jmh/", Set.of("jmh"),
            "com/sun/jna/", Set.of("nativelib"),
            "jdk/jfr/", Set.of("observe"),
            "jdk/internal/", Set.of("vthread", "nativelib"),
            "sun/", Set.of("vthread", "netpoll"));

    private static final Pattern OWN = Pattern.compile("dev/pinion/(?:([a-z0-9]+)/)?");

    @Test
    void roomsUseOnlyTheRoomsBelowThem() throws Exception {
        Map<String, Set<String>> used = new TreeMap<>();
        for (Path file : classFiles()) {
            String room = roomOf(file.toString());
            Set<String> uses = used.computeIfAbsent(room, r -> new TreeSet<>());
            for (String type : typesIn(file)) {
                if (type.startsWith("dev/pinion/") && !roomOf(type).equals(room)) {
                    uses.add(roomOf(type));
                }
            }
        }
        assertEquals(MAY_USE.keySet(), used.keySet(), "every room has its line");
        used.forEach((room, uses) -> {
            uses.removeAll(MAY_USE.get(room));
            assertEquals(Set.of(), uses, room + " uses rooms that it must not");
        });
    }

    @Test
    void librariesAndTheJdksInsideAreKnownInTheirRoomsOnly() throws Exception {
        for (Path file : classFiles()) {
            for (String type : typesIn(file)) {
                ONLY.forEach((prefix, rooms) -> assertFalse(
                        type.startsWith(prefix) && !rooms.contains(roomOf(file.toString())), () -> file + " uses " + type));
            }
        }
    }

    private static String roomOf(String path) {
        Matcher own = OWN.matcher(path);
        assertTrue(own.find(), path);
        return own.group(1) == null ? "pinion" : own.group(1);
    }

    private static Set<String> typesIn(Path file) throws IOException {
        Set<String> types = new TreeSet<>();
        for (PoolEntry entry : ClassFile.of().parse(Files.readAllBytes(file)).constantPool()) {
            if (entry instanceof ClassEntry type) {
                types.add(type.asInternalName());
            } else if (entry instanceof Utf8Entry text && text.stringValue().matches("[(\\[]*L[\\w/$]+;.*|\\(.*\\).+")) {
                Matcher inDescriptor = Pattern.compile("L([\\w/$]+);").matcher(text.stringValue());
                while (inDescriptor.find()) {
                    types.add(inDescriptor.group(1));
                }
            }
        }
        return types;
    }

    /** Of the build's classes, or of the jar. */
    private static List<Path> classFiles() throws IOException, URISyntaxException {
        Path code = Path.of(Pinion.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        FileSystem jar = Files.isDirectory(code) ? null : FileSystems.newFileSystem(code);
        try (Stream<Path> files = Files.walk((jar == null ? code : jar.getPath("/")).resolve("dev/pinion"))) {
            return files.filter(file -> file.toString().endsWith(".class") && !file.endsWith("package-info.class")).toList();
        }
    }
}
