package dev.pinion.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.Syscalls;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The scheduler ends while Gs are in calls. */
@Timeout(60)
class CloseWhileBlockedTest {
    private static final int GS = 10;

    @TempDir
    Path directory;

    @Test
    void closeWaitsForThem() throws Exception {
        int fd = Fifo.openBoth(Fifo.make(directory, "fifo"));
        Scheduler scheduler = Scheduler.builder().gomaxprocs(2).unpinned().build();
        List<G<byte[]>> readers = readers(scheduler, fd);
        Thread closer = Thread.ofPlatform().start(scheduler::close);
        Fifo.await(scheduler::isShutdown);
        Fifo.write(fd, new byte[GS]);
        closer.join();
        for (G<byte[]> reader : readers) {
            assertEquals(1, reader.get().length);
        }
        Syscalls.close(fd);
    }

    @Test
    void anInterruptedCloseEndsTheirCalls() throws Exception {
        int fd = Fifo.openBoth(Fifo.make(directory, "fifo"));
        Scheduler scheduler = Scheduler.builder().gomaxprocs(2).unpinned().build();
        List<G<byte[]>> readers = readers(scheduler, fd);
        Thread closer = Thread.ofPlatform().start(scheduler::close);
        closer.interrupt();
        closer.join();
        for (G<byte[]> reader : readers) {
            assertInstanceOf(InterruptedIOException.class, assertThrows(ExecutionException.class, reader::get).getCause());
        }
        Syscalls.close(fd);
    }

    private static List<G<byte[]>> readers(Scheduler scheduler, int fd) throws InterruptedException {
        List<G<byte[]>> readers = new ArrayList<>();
        CountDownLatch started = new CountDownLatch(GS);
        for (int i = 0; i < GS; i++) {
            readers.add(scheduler.go(() -> {
                started.countDown();
                return Fifo.read(fd, 1);
            }));
        }
        started.await();
        return readers;
    }
}
