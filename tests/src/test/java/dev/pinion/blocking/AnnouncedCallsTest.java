package dev.pinion.blocking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.Blocking;
import dev.pinion.ErrnoException;
import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.Syscalls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On one P, whatever blocks: another G runs. */
@Timeout(60)
class AnnouncedCallsTest {
    private static final Scheduler SCHEDULER = Scheduler.builder().gomaxprocs(1).unpinned().build();
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    @AfterAll
    static void close() {
        SCHEDULER.close();
    }

    @Test
    void aGBlockedInReadLetsTheOneRunThatWakesIt() throws Exception {
        int fd = Fifo.openBoth(Fifo.make(directory, "fifo"));
        for (int i = 0; i < 200; i++) {
            G<byte[]> reader = SCHEDULER.go(() -> Fifo.read(fd, 100));
            G<?> writer = SCHEDULER.go(() -> {
                Fifo.write(fd, HELLO);
                return null;
            });
            assertArrayEquals(HELLO, reader.get());
            writer.get();
        }
        Syscalls.close(fd);
    }

    @Test
    void aGThatIsQueuedBehindTheBlockedOneRuns() throws Exception {
        int fd = Fifo.openBoth(Fifo.make(directory, "fifo"));
        SCHEDULER.go(() -> {
            G<?> writer = SCHEDULER.go(() -> {
                Fifo.write(fd, HELLO);
                return null;
            });
            assertArrayEquals(HELLO, Fifo.read(fd, 100)); // the writer lies in runnext
            writer.join();
            return null;
        }).get();
        Syscalls.close(fd);
    }

    @Test
    void threeHundredGsOpenTheirFifosAtOnce() throws Exception {
        int n = 300; // more than a P has idle slots
        List<String> paths = new ArrayList<>();
        List<G<Integer>> readers = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            paths.add(Fifo.make(directory, "fifo" + i));
        }
        for (String path : paths) {
            readers.add(SCHEDULER.go(() -> Syscalls.open(path, Fifo.O_RDONLY | Fifo.O_CLOEXEC, 0)));
        }
        for (int i = 0; i < 100; i++) {
            SCHEDULER.go(() -> {}).get(); // the P falls idle and is woken again, with most of its Ms in calls
        }
        SCHEDULER.go(() -> {
            for (String path : paths) {
                Syscalls.close(Syscalls.open(path, Fifo.O_WRONLY | Fifo.O_CLOEXEC, 0)); // each waits for its reader to be in open
            }
            return null;
        }).get();
        for (G<Integer> reader : readers) {
            Syscalls.close(reader.get());
        }
        int last = machines().stream().mapToInt(Integer::intValue).max().orElseThrow();
        assertTrue(last < 2 * n + 100, "Ms are made for Gs that block, and not while nobody does: the last is number " + last);
        Fifo.await(() -> machines().size() <= 5); // one and four spare
    }

    /** The numbers of the Ms there are. */
    private static List<Integer> machines() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter(name -> name.startsWith("pinion-P0-M"))
                .map(name -> Integer.valueOf(name.substring("pinion-P0-M".length()))).toList();
    }

    @Test
    void aFileIsWrittenAndReadBack() throws Exception {
        String path = directory.resolve("file").toString();
        byte[] back = SCHEDULER.go(() -> {
            int fd = Syscalls.open(path, Fifo.O_RDWR | Fifo.O_CREAT | Fifo.O_CLOEXEC, 0600);
            Fifo.write(fd, HELLO);
            Syscalls.close(fd);
            fd = Syscalls.open(path, Fifo.O_RDONLY, 0);
            byte[] bytes = Fifo.read(fd, 100);
            assertEquals(0, Fifo.read(fd, 100).length, "the end of the file");
            Syscalls.close(fd);
            return bytes;
        }).get();
        assertArrayEquals(HELLO, back);
        assertArrayEquals(HELLO, Files.readAllBytes(Path.of(path)));
    }

    @Test
    void errorsCarryTheirNumberAndName() throws Exception {
        ErrnoException bad = assertThrows(ErrnoException.class, () -> Fifo.read(-1, 1));
        assertEquals(9, bad.errno(), "EBADF");
        assertTrue(bad.getMessage().endsWith(" failed: EBADF (9, bad file descriptor)"), bad.getMessage());
        String missing = directory.resolve("missing").toString();
        ExecutionException e = assertThrows(ExecutionException.class, SCHEDULER.go(() -> Syscalls.open(missing, 0, 0))::get);
        assertEquals(2, ((ErrnoException) e.getCause()).errno(), "ENOENT");
        assertTrue(e.getCause().getMessage().contains(missing), e.getCause().getMessage());
        assertTrue(e.getCause().getMessage().endsWith(" failed: ENOENT (2, no such file or directory)"), e.getCause().getMessage());
    }

    @Test
    void aNonBlockingDescriptorSaysThatItHasNothing() throws Exception {
        int fd = Syscalls.open(Fifo.make(directory, "fifo"), Fifo.O_RDWR | Fifo.O_NONBLOCK, 0);
        assertEquals(11, assertThrows(ErrnoException.class, () -> Fifo.read(fd, 1)).errno(), "EAGAIN");
        Syscalls.close(fd);
    }

    @Test
    void blockingRunLetsOthersRun() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        SCHEDULER.go(() -> {
            SCHEDULER.go(ran::countDown);
            Blocking.run(() -> spinUntil(ran)); // on the thread, without parking
        }).get();
        assertEquals("result", SCHEDULER.go(() -> Blocking.call(() -> "result")).get());
    }

    @Test
    void blockingMayBeNestedAndMayPark() throws Exception {
        SCHEDULER.go(() -> Blocking.run(() -> {
            Thread.yield();
            Blocking.run(() -> {
                CountDownLatch ran = new CountDownLatch(1);
                SCHEDULER.go(ran::countDown);
                Fifo.await(() -> ran.getCount() == 0); // parks
                CountDownLatch again = new CountDownLatch(1);
                SCHEDULER.go(again::countDown);
                Blocking.run(() -> spinUntil(again));
            });
        })).get();
    }

    @Test
    void whatIsThrownComesOut() throws Exception {
        RuntimeException mine = new RuntimeException("mine");
        ExecutionException e = assertThrows(ExecutionException.class, SCHEDULER.go(() -> Blocking.call(() -> {
            throw mine;
        }))::get);
        assertSame(mine, e.getCause());
    }

    @Test
    void otherThreadsJustCall() throws Exception {
        int fd = Fifo.openBoth(Fifo.make(directory, "fifo"));
        Thread foreign = Thread.startVirtualThread(() -> Blocking.run(() -> {
            try {
                Fifo.write(fd, HELLO);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }));
        assertArrayEquals(HELLO, Fifo.read(fd, 100));
        foreign.join();
        Syscalls.close(fd);
    }

    private static void spinUntil(CountDownLatch latch) {
        while (latch.getCount() != 0) {
            Thread.onSpinWait();
        }
    }
}
