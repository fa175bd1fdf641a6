package dev.pinion.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.cpu.BadCpuList;
import dev.pinion.cpu.CpuSet;
import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.Natives;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PinnedExecutorTest {
    private record Seen(String name, boolean daemon, CpuSet mask) {}

    private static CpuSet mask() {
        long[] mask = new long[128];
        assertTrue(Natives.getAffinity(0, mask) > 0);
        return CpuSet.ofMask(mask);
    }

    private static Seen look() {
        return new Seen(Thread.currentThread().getName(), Thread.currentThread().isDaemon(), mask());
    }

    @AfterEach
    void forget() {
        System.clearProperty(WorkerCores.CPUS);
        System.clearProperty(WorkerCores.HOUSEKEEPING);
    }

    @Test
    void eachThreadHasACpuOfItsOwnAndTheMakerKeepsItsOwn() throws Exception {
        Boot.withLibrary();
        CpuSet before = mask();
        int threads = Math.min(4, before.size());
        try (PinnedExecutor executor = new PinnedExecutor(threads, "bench")) {
            List<Seen> seen = atOnce(executor, threads);
            CpuSet used = CpuSet.EMPTY;
            for (Seen thread : seen) {
                assertTrue(thread.daemon, thread.name);
                assertTrue(thread.name.matches("bench-jmh-worker-[1-4]"), thread.name);
                assertEquals(1, thread.mask.size(), "pinned");
                used = used.union(thread.mask);
            }
            assertEquals(threads, used.size(), "no two on one");
            assertEquals(threads, PinnedExecutor.workers().size());
            assertEquals(used, CpuSet.of(PinnedExecutor.workers().stream().mapToInt(Worker::cpu).toArray()));
        }
        assertEquals(before, mask());
    }

    @Test
    void threadsShareTheCpusThatAreNamedAndAreToldSo() throws Exception {
        Boot.withLibrary();
        int cpu = mask().last();
        System.setProperty(WorkerCores.CPUS, "" + cpu);
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try (PinnedExecutor executor = new PinnedExecutor(2, "bench")) {
            atOnce(executor, 2).forEach(thread -> assertEquals(CpuSet.of(cpu), thread.mask));
        } finally {
            System.setErr(err);
        }
        assertTrue(said.toString(StandardCharsets.UTF_8).contains(
                "pinion: 2 threads share CPU " + cpu + ", since pinion.jmh.cpus is " + cpu + ".\n"), said.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aThreadThatEndsLeavesItsCpuToTheNext() throws Exception {
        Boot.withLibrary();
        int threads = Math.min(2, mask().size());
        try (PinnedExecutor executor = new PinnedExecutor(threads, "bench")) {
            atOnce(executor, threads);
            CountDownLatch heard = new CountDownLatch(1);
            executor.execute(() -> {
                Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> heard.countDown());
                throw new IllegalStateException("ends the thread");
            });
            assertTrue(heard.await(30, TimeUnit.SECONDS));
            CpuSet used = CpuSet.EMPTY;
            for (Seen thread : atOnce(executor, threads)) {
                used = used.union(thread.mask);
            }
            assertEquals(threads, used.size());
        }
    }

    @Test
    void aWrongListOfCpusIsOneSentence() {
        for (String list : new String[] {"", "x", "1-", "65000"}) {
            System.setProperty(WorkerCores.CPUS, list);
            String said = assertThrows(BadCpuList.class, () -> new PinnedExecutor(1, "bench")).getMessage();
            assertTrue(said.matches("pinion\\.jmh\\.cpus.*\\.") && !said.contains("\n"), said);
        }
        System.clearProperty(WorkerCores.CPUS);
        System.setProperty(WorkerCores.HOUSEKEEPING, mask().toString());
        String said = assertThrows(BadCpuList.class, () -> new PinnedExecutor(1, "bench")).getMessage();
        assertTrue(said.matches("pinion\\.jmh\\.housekeeping \\S+ leaves the threads no CPU: .*\\."), said);
    }

    @Test
    void noThreadsAreRefused() {
        assertEquals("maxThreads is 0, it must be at least 1.",
                assertThrows(IllegalArgumentException.class, () -> new PinnedExecutor(0, "bench")).getMessage());
    }

    /** Each thread of the pool once: none is done before all are there. */
    private static List<Seen> atOnce(PinnedExecutor executor, int threads) throws Exception {
        CountDownLatch all = new CountDownLatch(threads);
        List<Future<Seen>> looks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            looks.add(executor.submit(() -> {
                all.countDown();
                assertTrue(all.await(30, TimeUnit.SECONDS));
                return look();
            }));
        }
        List<Seen> seen = new ArrayList<>();
        for (Future<Seen> look : looks) {
            seen.add(look.get());
        }
        return seen;
    }
}
