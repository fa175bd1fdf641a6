package dev.pinion.queue;

import static dev.pinion.queue.Numbered.drain;
import static dev.pinion.queue.Numbered.n;
import static dev.pinion.queue.Numbered.range;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class GlobalRunQueueTest {
    private final GlobalRunQueue global = new GlobalRunQueue(Thread::yield);

    private void fill(int first, int last) {
        for (int i = first; i <= last; i++) {
            global.push(n(i));
        }
    }

    /** A ring in which {@code first} to {@code last} stand from a position on. */
    private static Runnable[] ring(int first, int last, int position) {
        int count = last - first + 1;
        Runnable[] ring = new Runnable[Math.max(2, Integer.highestOneBit(count) * 2)];
        for (int i = 0; i < count; i++) {
            ring[(position + i) & (ring.length - 1)] = n(first + i);
        }
        return ring;
    }

    @Test
    void isFirstInFirstOutWhileItGrows() {
        assertNull(global.poll());
        fill(1, 700);
        assertEquals(range(1, 700), drain(global::poll));
        fill(1, 5000); // grows with its head in the middle of the array
        assertEquals(5000, global.size());
        assertEquals(range(1, 5000), drain(global::poll));
        assertEquals(0, global.size());
        assertNull(global.poll());
    }

    @Test
    void aBatchKeepsItsOrderAndItsCount() {
        fill(1, 3);
        global.overflow(ring(4, 131, 100), 100, 128, n(132));
        fill(133, 134);
        assertEquals(range(1, 134), drain(global::poll));
    }

    @Test
    void aBatchMayBeLargerThanTheQueueIsLong() {
        fill(1, 1000);
        drain(global::poll);
        fill(1, 10);
        global.overflow(ring(11, 9999, 3), 3, 9989, n(10_000));
        assertEquals(range(1, 10_000), drain(global::poll));
    }

    /** min(max, size / sharers + 1), the first returned, the rest queued in order. */
    @ParameterizedTest
    @CsvSource({
        "0, 128, 4, 0",
        "1, 128, 1, 1",
        "1, 128, 4, 1",
        "2, 128, 1, 2",
        "2, 128, 4, 1",
        "4, 128, 4, 2",
        "100, 128, 4, 26",
        "100, 128, 1, 100",
        "1000, 128, 4, 128",
        "1000, 1, 4, 1",
    })
    void aPTakesItsShare(int size, int max, int sharers, int expected) {
        fill(1, size);
        LocalRunQueue local = new LocalRunQueue(global);
        Runnable first = global.pollBatch(local, max, sharers);
        assertEquals(expected == 0 ? null : n(1), first);
        assertEquals(range(2, expected), drain(local::poll));
        assertEquals(range(expected + 1, size), drain(global::poll));
    }

    @Test
    void aShareFitsASmallRingExactly() {
        fill(1, 20);
        LocalRunQueue local = new LocalRunQueue(4, global);
        assertEquals(n(1), global.pollBatch(local, 5, 1));
        assertEquals(range(2, 5), drain(local::poll));
        assertEquals(15, global.size());
    }

    @Test
    void actsAsAQueueUnderRandomUse() {
        Random random = new Random(7);
        ArrayDeque<Integer> model = new ArrayDeque<>();
        LocalRunQueue local = new LocalRunQueue(global);
        int next = 0;
        for (int step = 0; step < 200_000; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    global.push(n(next));
                    model.add(next++);
                }
                case 2 -> {
                    int count = random.nextInt(130);
                    int from = random.nextInt(1000) - 500; // positions run freely, below zero too
                    global.overflow(ring(next, next + count - 1, from), from, count, n(next + count));
                    for (int i = 0; i <= count; i++) {
                        model.add(next++);
                    }
                }
                case 3 -> {
                    Integer expected = model.poll();
                    assertEquals(expected == null ? null : n(expected), global.poll());
                }
                default -> {
                    int sharers = 1 + random.nextInt(4);
                    int share = model.isEmpty() ? 0 : Math.min(128, model.size() / sharers + 1);
                    share = Math.min(share, model.size());
                    Runnable first = global.pollBatch(local, 128, sharers);
                    for (int i = 0; i < share; i++) {
                        assertEquals(n(model.poll()), i == 0 ? first : local.poll());
                    }
                    assertNull(local.poll());
                }
            }
            assertEquals(model.size(), global.size());
        }
    }
}
