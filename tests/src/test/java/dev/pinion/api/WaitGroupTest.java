package dev.pinion.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.Scheduler;
import dev.pinion.WaitGroup;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WaitGroupTest {
    private static final long LONG_ENOUGH_NANOS = 3_000_000_000L;

    private final WaitGroup group = new WaitGroup();

    @Test
    void aNewGroupIsNotWaitedFor() throws InterruptedException {
        group.await();
        assertTrue(group.await(0, TimeUnit.NANOSECONDS));
    }

    @Test
    void theCounterNeverGoesBelowZero() throws InterruptedException {
        assertEquals(
                "negative WaitGroup counter: it is 0, and -1 was added; call add before the G starts and done once for each.",
                assertThrows(IllegalStateException.class, group::done).getMessage());
        group.add(2);
        assertThrows(IllegalStateException.class, () -> group.add(-3));
        assertFalse(group.await(0, TimeUnit.NANOSECONDS), "it stayed at two");
        group.add(-2);
        group.await();
    }

    @Test
    void anInterruptedWaiterGivesUp() throws InterruptedException {
        group.add(1);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, group::await);
        CountDownLatch gaveUp = new CountDownLatch(1);
        Thread waiter = Thread.ofPlatform().start(() -> {
            try {
                group.await();
            } catch (InterruptedException e) {
                gaveUp.countDown();
            }
        });
        while (LockSupport.getBlocker(waiter) != group) {
            Thread.onSpinWait();
        }
        waiter.interrupt();
        gaveUp.await();
        waiter.join();
        group.done();
        group.await();
    }

    @Test
    void releasesAllWaiters() throws InterruptedException {
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(2).unpinned().build()) {
            int waiters = 100;
            AtomicInteger released = new AtomicInteger();
            WaitGroup all = new WaitGroup();
            group.add(1);
            for (int i = 0; i < waiters; i++) {
                all.go(scheduler, () -> {
                    try {
                        group.await();
                        released.incrementAndGet();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
            }
            assertEquals(0, released.get());
            group.done();
            all.await();
            assertEquals(waiters, released.get());
        }
    }

    @Test
    void countsAGThatFailsOrIsRefused() throws InterruptedException {
        Scheduler scheduler = Scheduler.builder().gomaxprocs(1).unpinned().uncaughtExceptionHandler((t, e) -> {}).build();
        group.go(scheduler, () -> {
            throw new IllegalArgumentException("as told");
        });
        group.await();
        assertEquals("the task is null", assertThrows(NullPointerException.class, () -> group.go(scheduler, null)).getMessage());
        scheduler.close();
        assertThrows(RejectedExecutionException.class, () -> group.go(scheduler, () -> {}));
        assertTrue(group.await(0, TimeUnit.NANOSECONDS));
    }

    /** Who brings the counter to zero may be slow and meet the waiters of the next round: none of them may be forgotten. */
    @Test
    void canBeUsedAgainAtOnce() throws InterruptedException {
        int rounds = 300_000;
        long start = System.nanoTime();
        WaitGroup[] rally = {new WaitGroup()};
        AtomicInteger turn = new AtomicInteger();
        Thread other = Thread.ofPlatform().start(() -> {
            for (int i = 1; i <= rounds; i++) {
                while (turn.get() != i) {
                    if (turn.get() < 0) {
                        return;
                    }
                    Thread.onSpinWait();
                }
                rally[0].done();
            }
        });
        // Two threads that spin for each other take a time slice a round where they must share a CPU.
        for (int i = 1; i <= rounds && System.nanoTime() - start < LONG_ENOUGH_NANOS; i++) {
            rally[0].add(1);
            turn.set(i);
            for (int spin = 0; spin < (i & 127); spin++) {
                Thread.onSpinWait();
            }
            rally[0].await();
        }
        turn.set(-1);
        other.join();
    }
}
