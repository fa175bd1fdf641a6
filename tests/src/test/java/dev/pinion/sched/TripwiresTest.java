package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.cpu.CpuSet;
import dev.pinion.nativelib.Boot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which threads the tripwires are; what they notice is {@code native/test/tripwire_test.c}'s. */
@Timeout(120)
class TripwiresTest {
    static {
        Boot.withLibrary();
    }

    /** Has no tripwires of its own. */
    private final Sched sched = new SchedSetup().gomaxprocs(1).retake("sysmon").start();

    @AfterEach
    void end() {
        sched.lifetime().endNow(() -> {});
    }

    @Test
    void whenTheJvmEndsTheyAreGoneBeforeIt() throws IOException {
        Set<Path> before = tripwires();
        Tripwires tripwires = new Tripwires(sched, CpuSet.EMPTY);
        tripwires.arm(sched.allPs()[0], false);
        Set<Path> mine = tripwires();
        mine.removeAll(before);
        assertEquals(1, mine.size());
        tripwires.end();
        assertTrue(Files.notExists(mine.iterator().next()), "still there");
    }

    private static Set<Path> tripwires() throws IOException {
        Set<Path> found = new HashSet<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            for (Path thread : (Iterable<Path>) threads::iterator) {
                try {
                    if (Files.readString(thread.resolve("comm")).startsWith("pinion-trip-")) {
                        found.add(thread);
                    }
                } catch (NoSuchFileException e) {
                    // it has just ended
                }
            }
        }
        return found;
    }
}
