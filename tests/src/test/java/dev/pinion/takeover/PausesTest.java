package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.pinion.Scheduler;
import dev.pinion.SchedulerStats;
import dev.pinion.SchedulerStats.OfP;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A pause of the whole JVM, or of the whole process, is not taken for a block of the Gs it stops, though others wait all the time. The
 * property {@code pinion.test.pauses} says how many of each kind.
 */
class PausesTest {
    private static final int PAUSES = Integer.getInteger("pinion.test.pauses", 40);
    private static final long PATIENCE_SECONDS = 120 + PAUSES;

    @TempDir
    Path directory;

    private Jvm jvm(String kind, String... options) {
        return Jvm.jdk(Paused.class).classPath(Jvm.classesOf(Paused.class), Jvm.jar())
                .options("--enable-native-access=ALL-UNNAMED", "-Xmx512m", "-Djava.io.tmpdir=" + directory).options(options).arguments(kind, PAUSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"G1", "Parallel", "Serial", "Z", "Shenandoah"})
    @Timeout(1800)
    void ofTheCollector(String collector) throws Exception {
        runRounds(collector, jvm("gc", "-XX:+Use" + collector + "GC"));
    }

    @Test
    @Timeout(1800)
    void ofASafepointWithoutACollection() throws Exception {
        runRounds("stack traces", jvm("stacks"));
    }

    private void runRounds(String name, Jvm jvm) throws Exception {
        Path log = directory.resolve("safepoints");
        Path err = directory.resolve("stderr");
        jvm.options("-Xlog:safepoint:file=" + log + ":tn");
        Process process = jvm.builder().redirectError(err.toFile()).start();
        List<Round> suspects = new ArrayList<>();
        StringBuilder said = new StringBuilder();
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.append(line).append('\n');
                if (line.startsWith("round ")) {
                    suspects.add(Round.of(line));
                }
            }
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "hangs");
        } finally {
            process.destroyForcibly().waitFor();
        }
        String complaints = Files.readString(err);
        assumeFalse(complaints.contains("Option -XX:+Use" + name + "GC not supported"), "this JVM has no " + name);
        assertEquals("", complaints);
        assertEquals(0, process.exitValue(), said.toString());
        Safepoints safepoints = Safepoints.read(log);
        assertTrue(safepoints.count() >= PAUSES, "the pauses that were wanted were made: " + safepoints.count());
        System.out.println(name + ": " + said.toString().lines().filter(line -> !line.startsWith("round ")).toList() + ", " + safepoints.count() + " safepoints");
        for (Round round : suspects) {
            String slow = safepoints.slowOne(round);
            assertTrue(slow != null, name + ": a P was taken in a pause: " + round);
            System.out.println(name + ": a round is not counted, because the JVM was kept from its CPUs around a safepoint: " + round + ": " + slow);
        }
    }

    /** A round in which a P was taken; by {@code System.nanoTime}. */
    private record Round(long begin, long end, long byTripwire, long bySysmon) {
        static Round of(String line) {
            String[] words = line.split(" ");
            return new Round(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]), Long.parseLong(words[4]));
        }
    }

    /** The JVM's log, each line with the {@code System.nanoTime} of the end of a safepoint. */
    private record Safepoints(List<String> lines) {
        /** A thread comes to a safepoint, and leaves it, within microseconds, unless somebody else has its CPU. */
        private static final long SLOW_NANOS = 300_000;

        /** The line is written by a thread that may not get the CPU at once. */
        private static final long LATE_NANOS = 50_000_000;

        private static final Pattern LINE = Pattern.compile(
                "\\[(\\d+)ns].*Reaching safepoint:\\s+(\\d+) ns.*At safepoint:\\s+(\\d+) ns.*Leaving safepoint:\\s+(\\d+) ns.*Total:\\s+(\\d+) ns.*");

        static Safepoints read(Path log) throws Exception {
            return new Safepoints(Files.readAllLines(log).stream().filter(line -> LINE.matcher(line).matches()).toList());
        }

        int count() {
            return lines.size();
        }

        /** @return null: none of those in the round */
        String slowOne(Round round) {
            for (String line : lines) {
                Matcher matcher = LINE.matcher(line);
                assertTrue(matcher.matches());
                long end = Long.parseLong(matcher.group(1));
                long begin = end - Long.parseLong(matcher.group(5));
                boolean slow = Long.parseLong(matcher.group(2)) > SLOW_NANOS || Long.parseLong(matcher.group(4)) > SLOW_NANOS;
                if (slow && end >= round.begin && begin - LATE_NANOS <= round.end) {
                    return line;
                }
            }
            return null;
        }
    }

    /** SIGSTOP, SIGCONT. */
    @Test
    @Timeout(120)
    void ofTheProcess() throws Exception {
        Process process = jvm("stops").builder().redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader out = process.inputReader()) {
            assertEquals("ready", out.readLine());
            for (int i = 0; i < 10; i++) {
                signal("STOP", process.pid());
                while (!isStopped(process.pid())) {
                    Thread.sleep(1);
                }
                Thread.sleep(50); // so long it is stopped
                signal("CONT", process.pid());
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
                assertEquals("runs", out.readLine());
            }
            process.getOutputStream().close();
            assertEquals("taken by the tripwire 0, by sysmon 0", out.readLine());
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void signal(String name, long pid) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().waitFor());
    }

    /** All its threads. */
    private static boolean isStopped(long pid) throws Exception {
        try (var tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks.toList()) {
                String stat = Files.readString(task.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
        }
        return true;
    }

    /** Gs that allocate and yield, on one pinned P and then on two, and somebody who stops them all. */
    public static final class Paused {
        private static final int GS_OF_A_P = 4;
        private static final int LIVE = 50_000;
        private static final long BETWEEN_NANOS = 200_000;

        private static volatile boolean over;
        private static volatile Object sink;
        private static final AtomicLong TURNS = new AtomicLong();

        public static void main(String[] arguments) throws Exception {
            Object[] live = new Object[LIVE];
            for (int i = 0; i < LIVE; i++) {
                live[i] = new byte[100 + i % 50];
            }
            for (int ps = 1; ps <= 2; ps++) {
                over = false;
                try (Scheduler scheduler = Scheduler.builder().gomaxprocs(ps).build()) {
                    for (int i = 0; i < GS_OF_A_P * ps; i++) {
                        scheduler.go(Paused::work);
                    }
                    awaitTurns(10_000);
                    if (arguments[0].equals("stops")) {
                        stops(scheduler);
                        return;
                    }
                    rounds(scheduler, ps, Integer.parseInt(arguments[1]), arguments[0].equals("gc"));
                    over = true;
                }
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
                TURNS.incrementAndGet();
                Thread.yield();
            }
        }

        private static void awaitTurns(long more) throws InterruptedException {
            long until = TURNS.get() + more;
            while (TURNS.get() < until) {
                Thread.sleep(1);
            }
        }

        private static void rounds(Scheduler scheduler, int ps, int n, boolean collect) {
            long start = System.nanoTime();
            SchedulerStats first = scheduler.stats();
            SchedulerStats before = first;
            for (int i = 0; i < n; i++) {
                long begin = System.nanoTime();
                if (collect) {
                    System.gc();
                } else {
                    Thread.getAllStackTraces();
                }
                long until = System.nanoTime() + BETWEEN_NANOS;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                SchedulerStats after = scheduler.stats();
                long byTripwire = after.sum(OfP::takenByTripwire) - before.sum(OfP::takenByTripwire);
                long bySysmon = after.sum(OfP::takenBySysmon) - before.sum(OfP::takenBySysmon);
                if (byTripwire + bySysmon != 0) {
                    System.out.println("round " + begin + " " + System.nanoTime() + " " + byTripwire + " " + bySysmon);
                }
                before = after;
            }
            SchedulerStats last = scheduler.stats();
            System.out.println(n + " pauses of " + ps + " Ps in " + (System.nanoTime() - start) / 1_000_000 + " ms: taken by the tripwire "
                    + (last.sum(OfP::takenByTripwire) - first.sum(OfP::takenByTripwire)) + ", by sysmon "
                    + (last.sum(OfP::takenBySysmon) - first.sum(OfP::takenBySysmon)) + ", by slice "
                    + (last.sum(OfP::takenBySlice) - first.sum(OfP::takenBySlice)) + ", stalled "
                    + (last.sum(OfP::takenStalled) - first.sum(OfP::takenStalled)) + ", false alarms "
                    + (last.sum(OfP::falseAlarms) - first.sum(OfP::falseAlarms)));
        }

        private static void stops(Scheduler scheduler) throws Exception {
            SchedulerStats first = scheduler.stats();
            System.out.println("ready");
            while (System.in.read() >= 0) {
                awaitTurns(1_000);
                System.out.println("runs");
            }
            over = true;
            SchedulerStats last = scheduler.stats();
            System.out.println("taken by the tripwire " + (last.sum(OfP::takenByTripwire) - first.sum(OfP::takenByTripwire)) + ", by sysmon "
                    + (last.sum(OfP::takenBySysmon) - first.sum(OfP::takenBySysmon)));
        }
    }
}
