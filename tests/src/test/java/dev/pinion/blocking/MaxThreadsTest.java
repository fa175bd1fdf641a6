package dev.pinion.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.Blocking;
import dev.pinion.G;
import dev.pinion.Pinion;
import dev.pinion.Scheduler;
import dev.pinion.Syscalls;
import dev.pinion.nativelib.Natives;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How many Ms there are when many Gs block, and what happens when no more may be made. */
@Timeout(120)
class MaxThreadsTest {
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final long FIVE_SECONDS = 5_000_000_000L;

    @TempDir
    Path directory;

    /** Another one for each test: the threads of the last one may not be quite gone. */
    private final String prefix = "limited" + TESTS.incrementAndGet();

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stopListening() {
        System.setErr(before);
    }

    private Scheduler scheduler(int procs, int max) {
        return Scheduler.builder().name(prefix).threadNamePrefix(prefix).gomaxprocs(procs).maxThreads(max).unpinned().build();
    }

    private long machines() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith(prefix + "-P")).count();
    }

    private void assertSaidOnce(int max) {
        List<String> lines = said.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("maxthreads")).toList();
        assertEquals(1, lines.size(), lines.toString());
        assertTrue(lines.getFirst().startsWith("pinion: ") && lines.getFirst().contains("maxthreads=" + max + " allows"), lines.toString());
    }

    /** Gs that read a byte each from one pipe. */
    private static List<G<?>> readers(Scheduler scheduler, int fd, int n, AtomicInteger waiting) {
        List<G<?>> readers = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            readers.add(scheduler.go(() -> {
                waiting.incrementAndGet();
                assertEquals(1, Fifo.read(fd, 1).length);
                return null;
            }));
        }
        return readers;
    }

    @Test
    void beyondTheLimitGsWaitUntilAnMComesBack() throws Exception {
        int max = 5;
        int n = 40;
        int fd = Fifo.openBoth(Fifo.make(directory, "fifo"));
        try (Scheduler scheduler = scheduler(1, max)) {
            AtomicInteger waiting = new AtomicInteger();
            List<G<?>> readers = readers(scheduler, fd, n, waiting);
            Fifo.await(() -> waiting.get() == max && !said.toString(StandardCharsets.UTF_8).isEmpty());
            G<Integer> late = scheduler.go(() -> 7);
            for (int i = 1; i <= n - max; i++) {
                int begun = max + i;
                Fifo.write(fd, new byte[1]);
                Fifo.await(() -> waiting.get() == begun); // one comes back, one goes in
                assertEquals(max, machines());
            }
            Fifo.write(fd, new byte[max]);
            for (G<?> reader : readers) {
                reader.get();
            }
            assertEquals(7, late.get());
        }
        assertSaidOnce(max);
        Syscalls.close(fd);
    }

    @Test
    void aPWithoutAnMIsServedByTheOthers() throws Exception {
        int max = 6;
        int fd = Fifo.openBoth(Fifo.make(directory, "fifo"));
        try (Scheduler scheduler = scheduler(2, max)) {
            for (int round = 0; round < 20; round++) {
                AtomicInteger waiting = new AtomicInteger();
                List<G<?>> readers = readers(scheduler, fd, 2 * max, waiting);
                Fifo.await(() -> waiting.get() == max);
                Fifo.write(fd, new byte[1]); // one M comes back: of which P, nobody knows
                Fifo.await(() -> waiting.get() == max + 1);
                Fifo.write(fd, new byte[2 * max - 1]);
                for (G<?> reader : readers) {
                    reader.get();
                }
                AtomicInteger computed = new AtomicInteger();
                List<G<?>> others = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    others.add(scheduler.go(() -> {
                        Thread.yield();
                        computed.incrementAndGet();
                    }));
                }
                for (G<?> other : others) {
                    other.get();
                }
                assertEquals(100, computed.get());
            }
            Fifo.await(() -> machines() <= max); // one that makes room for another may be about to end
        }
        assertSaidOnce(max);
        Syscalls.close(fd);
    }

    @Test
    void gomaxprocsMayGoBeyondItAndBack() throws Exception {
        try (Scheduler scheduler = scheduler(1, 2)) {
            for (int procs : new int[] {4, 2, 8, 1, 3}) {
                scheduler.gomaxprocs(procs);
                CountDownLatch slept = new CountDownLatch(50);
                for (int i = 0; i < 50; i++) {
                    scheduler.go(() -> {
                        Thread.sleep(1);
                        slept.countDown();
                        return null;
                    });
                }
                slept.await();
                Fifo.await(() -> machines() <= 2); // likewise
            }
        }
    }

    @Test
    void aLockedGNeedsNoOtherM() throws Exception {
        int fd = Fifo.openBoth(Fifo.make(directory, "fifo"));
        try (Scheduler scheduler = scheduler(1, 2)) {
            CountDownLatch locked = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            G<?> g = scheduler.go(() -> {
                Pinion.lockOSThread();
                locked.countDown();
                go.await();
                Fifo.write(fd, new byte[4]); // on the last M that is not in a call
                return null;
            });
            locked.await();
            AtomicInteger waiting = new AtomicInteger();
            List<G<?>> readers = readers(scheduler, fd, 4, waiting);
            Fifo.await(() -> waiting.get() == 1 && !said.toString(StandardCharsets.UTF_8).isEmpty());
            go.countDown();
            g.get();
            for (G<?> reader : readers) {
                reader.get();
            }
        }
        assertSaidOnce(2);
        Syscalls.close(fd);
    }

    @Test
    void aThousandCallsThatReturnTogetherLeaveFewMs() throws Exception {
        int n = 1_000;
        int fd = Fifo.openBoth(Fifo.make(directory, "fifo"));
        try (Scheduler scheduler = scheduler(1, 10_000)) {
            AtomicInteger waiting = new AtomicInteger();
            List<G<?>> readers = readers(scheduler, fd, n, waiting);
            Fifo.await(() -> waiting.get() == n);
            assertTrue(machines() >= n, "each is in its call on an M of its own");
            Fifo.write(fd, new byte[n]);
            for (G<?> reader : readers) {
                reader.get();
            }
            assertFewAreLeft(1);
            assertEquals(1, scheduler.go(() -> 1).get());
        }
        assertEquals("", said.toString(StandardCharsets.UTF_8));
        Syscalls.close(fd);
    }

    @Test
    void aBurstOfUnknownCallsLeavesFewMs() throws Exception {
        int n = 300;
        try (Scheduler scheduler = scheduler(2, 10_000)) {
            long word = Natives.mapShared(4096);
            AtomicInteger running = new AtomicInteger();
            List<G<?>> all = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                all.add(scheduler.go(() -> Blocking.run(() -> {
                    running.incrementAndGet();
                    while (running.get() < n) { // until all are in it at once
                        Natives.futexWait(word, 0, 1_000_000);
                    }
                })));
            }
            for (G<?> g : all) {
                g.get();
            }
            assertFewAreLeft(2);
        }
    }

    /** The start's, and four for each core at most, within five seconds. */
    private void assertFewAreLeft(int procs) {
        long deadline = System.nanoTime() + FIVE_SECONDS;
        long left = machines();
        while (left > procs + 4L * procs && System.nanoTime() < deadline) {
            LockSupport.parkNanos(10_000_000);
            left = machines();
        }
        assertTrue(left <= procs + 4L * procs, left + " Ms five seconds after the burst");
    }
}
