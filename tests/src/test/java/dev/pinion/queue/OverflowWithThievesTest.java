package dev.pinion.queue;

import static dev.pinion.queue.Numbered.n;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Three threads at a ring of four that overflows all the time: its owner and two thieves. jcstress has no test of three where there are two
 * CPUs.
 */
@Timeout(60)
class OverflowWithThievesTest {
    private static final int TASKS = 300_000;

    private final GlobalRunQueue global = new GlobalRunQueue(Thread::yield);
    private final LocalRunQueue ring = new LocalRunQueue(4, global);
    private final AtomicIntegerArray had = new AtomicIntegerArray(TASKS);
    private final AtomicInteger stolen = new AtomicInteger();
    private final CountDownLatch stealing = new CountDownLatch(2);
    private volatile boolean pushed;

    private void had(Runnable task) {
        had.incrementAndGet(((Numbered) task).number());
    }

    private void steal() {
        LocalRunQueue own = new LocalRunQueue(4, global);
        stealing.countDown();
        boolean last;
        do {
            last = pushed;
            for (Runnable r = ring.stealInto(own); r != null; r = own.poll()) {
                had(r);
                stolen.incrementAndGet();
            }
            Runnable next = ring.peekNext();
            if (next != null && ring.stealNext(next)) {
                had(next);
                stolen.incrementAndGet();
            }
        } while (!last);
    }

    @Test
    void everyTaskIsHadOnce() throws InterruptedException {
        List<Thread> thieves = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            thieves.add(Thread.ofPlatform().start(this::steal));
        }
        stealing.await();
        int overflowed = 0;
        for (int i = 0; i < TASKS; i++) {
            if (i % 3 == 0) {
                ring.pushNext(n(i));
            } else {
                ring.push(n(i));
            }
            if (i % 5 == 0) {
                Runnable mine = i % 2 == 0 ? ring.pollNext() : ring.poll();
                if (mine != null) {
                    had(mine);
                }
            }
            for (Runnable r = i % 7 == 0 ? global.poll() : null; r != null; r = global.poll()) {
                had(r);
                overflowed++;
            }
            if (i == TASKS / 2) {
                while (stolen.get() == 0) {
                    Thread.yield(); // they had no CPU yet; the ring is full for them
                }
            }
        }
        pushed = true;
        for (Thread thief : thieves) {
            thief.join();
        }
        Runnable next = ring.pollNext();
        for (Runnable r = next == null ? ring.poll() : next; r != null; r = ring.poll()) {
            had(r);
        }
        for (Runnable r = global.poll(); r != null; r = global.poll()) {
            had(r);
        }
        for (int i = 0; i < TASKS; i++) {
            assertEquals(1, had.get(i), "task " + i);
        }
        assertTrue(overflowed > 0, "nothing overflowed");
    }
}
