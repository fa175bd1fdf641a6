package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.SchedulerStats.OfP;
import dev.pinion.blocking.Seccomp;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel refuses what finds blocks that nobody announced: one sentence says so, and they are found in another way. */
@Timeout(120)
class RetakeRefusedTest {
    private static Jvm jvm(Object... arguments) {
        return Jvm.jdk(Blockers.class).classPath(Jvm.classesOf(Blockers.class), Jvm.jar())
                .options("--enable-native-access=ALL-UNNAMED").arguments(arguments);
    }

    @Test
    void withoutTripwiresSysmonFindsThem() throws Exception {
        Jvm.Outcome outcome = jvm(Seccomp.Call.SCHED_SETSCHEDULER, Seccomp.EPERM).run();
        assertTrue(outcome.err().matches("pinion: P0 has no tripwire, because a thread of policy SCHED_IDLE could not be made on CPU \\d+ \\(errno 1\\); "
                + "until it can, blocks that nobody announced are found by sysmon alone, some hundred microseconds later\\.\n"), outcome.err());
        assertEquals("all over\nby the tripwire: none\nby sysmon: some\n", outcome.out());
        assertEquals(0, outcome.exit());
    }

    @ParameterizedTest
    @ValueSource(ints = {Seccomp.EPERM, Seccomp.ENOSYS})
    void withoutSlicesOfTheKernelTheyAreFoundAllTheSame(int errno) throws Exception {
        Jvm.Outcome outcome = jvm(Seccomp.Call.SCHED_SETATTR, errno).run();
        assertTrue(outcome.err().matches("pinion: the kernel gives Ms no slice of their own \\(errno " + errno + "; .*\\.\n"), outcome.err());
        assertTrue(outcome.out().startsWith("all over\n"), outcome.out());
        assertEquals(0, outcome.exit());
    }

    /** The file belongs to root once the process may not be dumped. */
    @Test
    void withoutTheKernelsWordTheyAreFoundAfterASlice() throws Exception {
        Jvm jvm = jvm("undumpable", 0);
        if ("root".equals(System.getProperty("user.name"))) {
            assumeTrue(Files.exists(Path.of("/usr/bin/setpriv")), "no setpriv here, and root may read every file");
            jvm.under("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        }
        Jvm.Outcome outcome = jvm.run();
        assertTrue(outcome.err().matches("pinion: the kernel does not tell in which call a thread waits \\(errno 13 from /proc/self/task/ID/syscall\\); "
                + "a G that blocks its core's thread without saying so is only found after a slice, as one that computes is\\.\n"), outcome.err());
        assertEquals("all over\nby the tripwire: none\nby sysmon: none\nby slice: some\n", outcome.out());
        assertEquals(0, outcome.exit());
    }

    /** Gs on one P, of which each second one ends what the one before waits for. */
    public static final class Blockers {
        private static final int ROUNDS = 10;
        private static final int PR_SET_DUMPABLE = 4;

        public static void main(String[] arguments) throws Throwable {
            Path fifo = Path.of(System.getProperty("java.io.tmpdir"), "fifo");
            new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
            Seccomp.prepare();
            boolean undumpable = arguments[0].equals("undumpable");
            if (undumpable) {
                Seccomp.prctl(PR_SET_DUMPABLE, 0, 0);
            } else {
                Seccomp.fail(Integer.parseInt(arguments[1]), Seccomp.Call.valueOf(arguments[0]));
            }
            try (Scheduler scheduler = Scheduler.builder().gomaxprocs(1).build(); RandomAccessFile file = new RandomAccessFile(fifo.toFile(), "rw");
                    FileInputStream in = new FileInputStream(file.getFD())) {
                for (int i = 0; i < ROUNDS; i++) {
                    G<?> reader = scheduler.go(() -> in.read());
                    G<?> writer = scheduler.go(() -> write(file));
                    reader.get();
                    writer.get();
                }
                System.out.println("all over");
                System.out.println("by the tripwire: " + some(scheduler.stats().sum(OfP::takenByTripwire)));
                System.out.println("by sysmon: " + some(scheduler.stats().sum(OfP::takenBySysmon)));
                if (undumpable) {
                    System.out.println("by slice: " + some(scheduler.stats().sum(OfP::takenBySlice)));
                }
            }
        }

        private static String some(long count) {
            return count == 0 ? "none" : "some";
        }

        private static void write(RandomAccessFile file) {
            try {
                file.write(1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
