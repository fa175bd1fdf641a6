package dev.pinion.bench.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class WorkThreadTest {

    /** What a work thread sees of itself. */
    private static final class Seen {
        private final CountDownLatch ended = new CountDownLatch(2);
        private BitSet cpus;
        private BitSet cpusOfItsOwn;
        private Thread thread;

        void look() {
            cpus = CpuMask.current();
            thread = Thread.currentThread();
            WorkThread.start(() -> {
                cpusOfItsOwn = CpuMask.current();
                ended.countDown();
            });
            ended.countDown();
        }
    }

    @Test
    void workThreadsHaveAsManyCpusAsThereArePsAndTheirStarterKeepsAll() throws InterruptedException {
        BitSet before = CpuMask.current();
        BitSet first = new BitSet();
        before.stream().limit(Spawner.PROCS).forEach(first::set);
        Seen seen = new Seen();
        WorkThread.start(seen::look);
        seen.ended.await();
        assertEquals(first, seen.cpus);
        assertEquals(first, seen.cpusOfItsOwn);
        assertEquals(before, CpuMask.current());
        assertFalse(seen.thread.isVirtual());
        assertTrue(seen.thread.isDaemon());
    }

    @Test
    void aPoolsThreadsAreWorkThreadsToo() throws Exception {
        try (ExecutorService pool = Executors.newCachedThreadPool(WorkThread::ofPool)) {
            assertEquals(Spawner.PROCS, pool.submit(() -> CpuMask.current().cardinality()).get());
        }
    }
}
