package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.Pinion;
import dev.pinion.SchedulerStats.OfP;
import dev.pinion.Syscalls;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording says of hand-overs, slices and blocks; and that without one nothing of JFR is there. */
@Timeout(180)
class FlightRecordingTest {
    @Test
    void itHasHandOversSlicesAndBlocks(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("events.jfr");
        Jvm.pinion(Recorded.class, "gomaxprocs=1").arguments(file, fifo(directory)).run().assertPrinted("done");
        Map<String, List<RecordedEvent>> events = RecordingFile.readAllEvents(file).stream()
                .collect(Collectors.groupingBy(event -> event.getEventType().getName()));
        for (String name : List.of("pinion.Handoff", "pinion.Slice", "pinion.Block")) {
            assertTrue(events.containsKey(name), name + " in " + events.keySet());
            for (RecordedEvent event : events.get(name)) {
                assertEquals("pinion", event.getString("scheduler"));
                assertEquals(0, event.getInt("p"));
                assertEquals(List.of("Pinion"), event.getEventType().getCategoryNames());
            }
        }

        RecordedEvent announced = only(events.get("pinion.Block"), "announced", "nanosleep");
        assertTrue(announced.getDuration().compareTo(Duration.ofMillis(30)) >= 0, announced.toString());
        assertEquals("sleeper", announced.getThread().getJavaName());
        assertEquals(announced.getLong("g"), announced.getThread().getJavaThreadId());
        assertTrue(announced.getThread("m").getJavaName().startsWith("pinion-P0-M"), announced.toString());
        assertTrue(announced.getBoolean("over"));
        assertTrue(announced.getString("frame").startsWith("dev.pinion.Syscalls.nanosleep:"), announced.toString());
        assertTrue(announced.getString("stack").contains(Recorded.class.getName() + ".lambda$sleep$"), announced.toString());

        RecordedEvent found = only(events.get("pinion.Block"), "tripwire|sysmon", "open0");
        assertTrue(found.getDuration().compareTo(Duration.ofMillis(10)) >= 0, found.toString());
        assertTrue(found.getThread("m").getJavaName().startsWith("pinion-P0-M"), found.toString());
        assertTrue(found.getString("stack").contains(Recorded.class.getName() + ".lambda$open$"), found.toString());
        assertTrue(found.getBoolean("over"), found.toString());

        List<RecordedEvent> handOffs = events.get("pinion.Handoff");
        assertTrue(handOffs.stream().anyMatch(event -> event.getString("cause").equals("announced") && event.getLong("g") > 0), handOffs.toString());
        assertTrue(handOffs.stream().allMatch(event -> event.getThread().getJavaName().startsWith("pinion-P0-M")), handOffs.toString());
        assertTrue(handOffs.stream().allMatch(event -> event.getDuration().toNanos() > 0), handOffs.toString());
        RecordedEvent slice = events.get("pinion.Slice").get(0);
        assertTrue(slice.getLong("g") > 0 && slice.getInt("waiting") > 0, slice.toString());
        assertTrue(slice.getThread("m").getJavaName().startsWith("pinion-P0-M"), slice.toString());
    }

    private static String fifo(Path directory) throws Exception {
        Path fifo = directory.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).inheritIO().start().waitFor());
        return fifo.toString();
    }

    private static RecordedEvent only(List<RecordedEvent> blocks, String cause, String frame) {
        List<RecordedEvent> some = blocks.stream()
                .filter(event -> event.getString("cause").matches(cause) && event.getString("frame").contains("." + frame)).toList();
        assertEquals(1, some.size(), blocks.toString());
        return some.get(0);
    }

    public static final class Recorded {
        public static void main(String[] arguments) throws Exception {
            try (Recording recording = new Recording()) {
                recording.enable("pinion.Handoff").withoutThreshold();
                recording.enable("pinion.Slice");
                recording.enable("pinion.Block").withThreshold(Duration.ofMillis(10));
                recording.start();
                awaitRecorder();
                // Again when the slice was over before the block: on a busy machine, or while classes were loaded.
                do {
                    sleep();
                } while (Pinion.stats().sum(OfP::blocksAnnounced) == 0);
                hog();
                do {
                    open(arguments[1]);
                } while (Pinion.stats().sum(OfP::blocksFound) == 0);
                Thread.sleep(200); // the sampler writes its event when it sees that the block is over
                recording.stop();
                recording.dump(Path.of(arguments[0]));
            }
            System.out.println("done");
        }

        /** A hand-over takes place: somebody else waits. */
        private static void sleep() throws Exception {
            Thread sleeper = Thread.ofVirtual().name("sleeper").start(() -> {
                Thread.startVirtualThread(() -> {});
                unchecked(() -> {
                    Syscalls.nanosleep(30_000_000);
                    return null;
                });
            });
            sleeper.join();
        }

        private static void hog() throws Exception {
            Thread.startVirtualThread(() -> {
                CountDownLatch ran = new CountDownLatch(1);
                Thread.startVirtualThread(ran::countDown);
                while (ran.getCount() != 0) {
                    Thread.onSpinWait();
                }
            }).join();
        }

        private static void open(String fifo) throws Exception {
            CountDownLatch ran = new CountDownLatch(1);
            Thread opener = Thread.startVirtualThread(() -> {
                Thread.startVirtualThread(ran::countDown);
                unchecked(() -> {
                    new FileInputStream(fifo).close(); // waits for a writer
                    return null;
                });
            });
            ran.await();
            Thread.sleep(100); // what lasts is what is looked for
            Files.newOutputStream(Path.of(fifo)).close();
            opener.join();
        }

        private static void unchecked(java.util.concurrent.Callable<?> call) {
            try {
                call.call();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        private static void awaitRecorder() throws InterruptedException {
            Thread.startVirtualThread(() -> {}).join(); // sysmon may be deeply asleep
            while (Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().equals("pinion-recorder"))) {
                Thread.sleep(1);
            }
            while (Thread.getAllStackTraces().entrySet().stream().noneMatch(entry -> entry.getKey().getName().equals("pinion-recorder")
                    && entry.getValue().length > 0 && entry.getValue()[0].getMethodName().equals("park"))) {
                Thread.sleep(1); // it loads classes
            }
        }
    }

    /** As an operator would, with the JDK's own settings. */
    @Test
    void theDefaultSettingsHaveLongBlocks(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("whole.jfr");
        Jvm.pinion(Sleeping.class, "gomaxprocs=1").options("-XX:StartFlightRecording:filename=" + file, "-Xlog:disable").run().assertPrinted("done");
        List<RecordedEvent> blocks = RecordingFile.readAllEvents(file).stream().filter(event -> event.getEventType().getName().equals("pinion.Block"))
                .toList();
        assertTrue(blocks.stream().anyMatch(event -> event.getDuration().toMillis() >= 30), blocks.toString());
        assertTrue(blocks.stream().allMatch(event -> event.getDuration().toMillis() >= 10), "without the short one: " + blocks);
        assertTrue(blocks.get(0).getString("stack").contains(Sleeping.class.getName()), blocks.toString());
    }

    public static final class Sleeping {
        public static void main(String[] arguments) throws Exception {
            Recorded.awaitRecorder();
            for (long millis : new long[] {1, 30}) {
                Thread.startVirtualThread(() -> Recorded.unchecked(() -> {
                    Syscalls.nanosleep(millis * 1_000_000);
                    return null;
                })).join();
            }
            System.out.println("done");
        }
    }

    @Test
    void withoutARecordingNothingOfJfrIsLoaded() throws Exception {
        Jvm.Outcome outcome = Jvm.pinion(Unrecorded.class, "gomaxprocs=1").options("-Xlog:class+load").run();
        assertEquals("", outcome.err());
        assertTrue(outcome.out().contains("blocks 1\n"), outcome.out());
        assertTrue(outcome.out().contains(" dev.pinion.observe.Counters "), "the log has classes");
        assertFalse(outcome.out().lines().anyMatch(line -> line.contains(" jdk.jfr.") || line.contains("dev.pinion.observe.FlightEvents")
                || line.contains("Event ") && line.contains(" dev.pinion.observe.")), outcome.out());
    }

    @Test
    void aJvmWithoutTheModuleWorks() throws Exception {
        Jvm.pinion(Unrecorded.class, "gomaxprocs=1").options("--limit-modules", "java.base,java.management,jdk.management,java.instrument")
                .run().assertPrinted("blocks 1");
    }

    public static final class Unrecorded {
        public static void main(String[] arguments) throws Exception {
            long schedTicks = System.nanoTime() + 200_000_000; // sysmon looks for recordings several times meanwhile
            Thread.startVirtualThread(() -> Recorded.unchecked(() -> {
                Syscalls.nanosleep(schedTicks - System.nanoTime());
                return null;
            })).join();
            System.out.println("blocks " + Pinion.stats().ps().get(0).blocksAnnounced());
        }
    }
}
