package dev.pinion.blocking;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.SchedulerStats;
import dev.pinion.SchedulerStats.OfP;
import java.io.FileInputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another process computes on the P's core, and the tripwire gets the CPU now and then only: sysmon finds what it does not see. */
@Timeout(120)
class BesideAHogTest {
    private static final int ROUNDS = 50;

    @TempDir
    Path directory;

    @Test
    void sysmonFindsWhatTheTripwireCannotSee() throws Exception {
        String path = Fifo.make(directory, "fifo");
        String cpu;
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(1).build()) {
            Matcher matcher = Pattern.compile(" P0: .* cpu=(\\d+)").matcher(scheduler.schedTraceDetail());
            assertTrue(matcher.find());
            cpu = matcher.group(1);
        }
        // It ends by itself, whatever becomes of this process.
        Process hog = new ProcessBuilder("timeout", "60", "taskset", "-c", cpu, "sh", "-c", "echo; while :; do :; done").start();
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(1).cpus(cpu).build(); RandomAccessFile file = new RandomAccessFile(path, "rw");
                FileInputStream in = new FileInputStream(file.getFD())) {
            assertTrue(hog.getInputStream().read() >= 0, "it runs");
            for (int i = 0; i < ROUNDS; i++) {
                G<?> reader = scheduler.go(() -> in.read());
                G<?> writer = scheduler.go(() -> {
                    file.write(1);
                    return null;
                });
                reader.get();
                writer.get();
            }
            SchedulerStats stats = scheduler.stats();
            long byTripwire = stats.sum(OfP::takenByTripwire);
            long bySysmon = stats.sum(OfP::takenBySysmon);
            System.out.println("beside a hog: blocks found by sysmon " + bySysmon + ", by the tripwire " + byTripwire);
            assertTrue(bySysmon > 0, stats.toString()); // how many are left to it is for the kernel to say: it gives the tripwire a three-hundredth of the core
        } finally {
            hog.destroy();
            hog.waitFor();
        }
    }
}
