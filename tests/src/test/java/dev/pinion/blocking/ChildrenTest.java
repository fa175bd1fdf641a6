package dev.pinion.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.BlockingFile;
import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.Syscalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that a G starts while others block has what one of a platform thread has: descriptors, CPUs, policy, slice, signals. */
@Timeout(60)
class ChildrenTest {
    private static final String ASK = "grep -E '^(Sig|Shd|Cpus|Mems|NoNew|Seccomp)' /proc/self/status | grep -v SigQ; ls /proc/self/fd; "
            + "cat /proc/self/timerslack_ns; cut -d' ' -f18,19,40,41 /proc/self/stat; grep -E '^(se.slice|policy|prio)' /proc/self/sched; ulimit -a";

    @TempDir
    Path directory;

    @Test
    void inheritNothingOfTheirGs() throws Exception {
        String expected = child();
        assertTrue(expected.contains("SigBlk") && expected.contains("Cpus_allowed"), expected);
        String path = Fifo.make(directory, "fifo");
        int other = Fifo.openBoth(Fifo.make(directory, "other"));
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(1).build(); BlockingFile file = BlockingFile.open(path, Fifo.O_RDWR, 0)) {
            List<G<?>> readers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                readers.add(scheduler.go(() -> file.read(ByteBuffer.allocateDirect(1))));
            }
            assertEquals(expected, scheduler.go(ChildrenTest::child).get());
            G<?> interrupted = scheduler.go(() -> Syscalls.read(other, Arena.ofAuto().allocate(1)));
            interrupted.interrupt(); // the M gets signals
            assertThrows(ExecutionException.class, interrupted::get);
            assertEquals(expected, scheduler.go(ChildrenTest::child).get());
            file.write(ByteBuffer.allocateDirect(readers.size()));
            for (G<?> reader : readers) {
                reader.get();
            }
        }
        Syscalls.close(other);
        assertEquals(expected, child());
    }

    private static String child() throws IOException, InterruptedException {
        Process child = new ProcessBuilder("sh", "-c", ASK).redirectErrorStream(true).start();
        child.getOutputStream().close();
        String text = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        child.waitFor();
        return text;
    }
}
