package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.pinion.Scheduler;
import dev.pinion.SchedulerStats;
import dev.pinion.SchedulerStats.OfP;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A GC pause is not taken for a block of the Gs that it stops, though others wait all the time. The property {@code pinion.test.pauses} says how
 * many there are.
 */
@Timeout(1800)
class PausesTest {
    private static final int PAUSES = Integer.getInteger("pinion.test.pauses", 30);

    /** Threads leave a safepoint within microseconds of one another, unless somebody has the CPU of the thread that lets them go. */
    private static final long SLOW_NANOS = 300_000;

    private static final Pattern SAFEPOINT = Pattern.compile("Safepoint \".*Reaching safepoint:\\s+(\\d+) ns.*Leaving safepoint:\\s+(\\d+) ns");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"G1", "Parallel", "Serial", "Z", "Shenandoah"})
    void of(String collector) throws Exception {
        Path log = directory.resolve("safepoints");
        Jvm.Outcome outcome = Jvm.jdk(Paused.class).classPath(Jvm.classesOf(Paused.class), Jvm.jar())
                .options("--enable-native-access=ALL-UNNAMED", "-Xmx512m", "-XX:+Use" + collector + "GC", "-Xlog:safepoint:file=" + log)
                .arguments(PAUSES).run();
        assumeFalse(outcome.err().contains("GC not supported"), "this JVM has no " + collector);
        assertEquals(0, outcome.exit(), outcome.err());
        Matcher taken = Pattern.compile("taken by the tripwire (\\d+), by sysmon (\\d+)\n").matcher(outcome.out());
        assertTrue(taken.matches(), outcome.out() + outcome.err());
        long safepoints = 0;
        long slow = 0;
        for (String line : Files.readAllLines(log)) {
            Matcher matcher = SAFEPOINT.matcher(line);
            if (matcher.find()) {
                safepoints++;
                if (Long.parseLong(matcher.group(1)) > SLOW_NANOS || Long.parseLong(matcher.group(2)) > SLOW_NANOS) {
                    slow++;
                }
            }
        }
        assertTrue(safepoints >= PAUSES, "the pauses that were wanted were made: " + safepoints);
        System.out.println(collector + ": " + outcome.out().strip() + " in " + safepoints + " safepoints, of which " + slow + " were reached or left slowly");
        long all = Long.parseLong(taken.group(1)) + Long.parseLong(taken.group(2));
        assertTrue(all <= slow, all + " Ps were taken, and only " + slow + " safepoints were such that it was not the pause");
    }

    /** Gs that allocate and yield, on one pinned P, and somebody who stops them all. */
    public static final class Paused {
        private static final int GS = 4;
        private static final int LIVE = 50_000;

        private static volatile boolean over;
        private static volatile Object sink;

        public static void main(String[] arguments) throws Exception {
            Object[] live = new Object[LIVE];
            for (int i = 0; i < LIVE; i++) {
                live[i] = new byte[100 + i % 50];
            }
            try (Scheduler scheduler = Scheduler.builder().gomaxprocs(1).build()) {
                for (int i = 0; i < GS; i++) {
                    scheduler.go(Paused::work);
                }
                Thread.sleep(300); // classes are loaded and compiled, which blocks for itself
                SchedulerStats before = scheduler.stats();
                for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
                    System.gc();
                }
                SchedulerStats after = scheduler.stats();
                over = true;
                System.out.println("taken by the tripwire " + (after.sum(OfP::takenByTripwire) - before.sum(OfP::takenByTripwire))
                        + ", by sysmon " + (after.sum(OfP::takenBySysmon) - before.sum(OfP::takenBySysmon)));
            }
            if (live[LIVE - 1] == null) {
                throw new AssertionError("it has to live so long");
            }
        }

        private static void work() {
            while (!over) {
                byte[][] garbage = new byte[20][];
                for (int i = 0; i < garbage.length; i++) {
                    garbage[i] = new byte[200];
                }
                sink = garbage;
                Thread.yield();
            }
        }
    }
}
