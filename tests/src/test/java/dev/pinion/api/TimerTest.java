package dev.pinion.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TimerTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(2);

    private final AtomicReference<Throwable> uncaught = new AtomicReference<>();
    private final CountDownLatch heard = new CountDownLatch(1);
    private final Scheduler scheduler = Scheduler.builder().gomaxprocs(2).unpinned().uncaughtExceptionHandler((thread, e) -> {
        uncaught.set(e);
        heard.countDown();
    }).build();

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void afterFuncStartsAGOfItsSchedulerAndNotTooSoon() throws Exception {
        LinkedBlockingQueue<Thread> ran = new LinkedBlockingQueue<>();
        for (Duration delay : List.of(SOON, Duration.ofNanos(1), Duration.ZERO, Duration.ofSeconds(-1))) {
            long start = System.nanoTime();
            Timer.afterFunc(scheduler, delay, () -> ran.add(Thread.currentThread()));
            assertTrue(ran.take().isVirtual());
            assertTrue(System.nanoTime() - start >= delay.toNanos());
        }
        G<Timer> setByAG = scheduler.go(() -> Timer.afterFunc(scheduler, SOON, () -> ran.add(Thread.currentThread())));
        assertNotNull(ran.take());
        assertFalse(setByAG.get().stop());
    }

    @Test
    void afterFuncOfTheDefaultScheduler() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        Timer timer = Timer.afterFunc(Duration.ofHours(1), ran::countDown);
        assertTrue(timer.reset(SOON));
        ran.await();
    }

    @Test
    void theTaskMayBlockAndItsExceptionIsTheHandlers() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Timer.afterFunc(scheduler, SOON, () -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            throw new IllegalStateException("as told");
        });
        scheduler.go(() -> {}).join(); // one that waits holds up nobody
        go.countDown();
        heard.await();
        assertEquals("as told", uncaught.get().getMessage());
    }

    @Test
    void stopTellsWhetherItWasActive() {
        Timer timer = Timer.afterFunc(scheduler, HOUR, () -> {});
        assertTrue(timer.stop());
        assertFalse(timer.stop());
        assertTrue(Timer.after(HOUR).stop());
        assertFalse(Timer.after(Duration.ZERO).stop());
    }

    @Test
    void resetTellsWhetherItWasActiveAndSetsItAnew() throws Exception {
        LinkedBlockingQueue<Integer> ran = new LinkedBlockingQueue<>();
        Timer timer = Timer.afterFunc(scheduler, HOUR, () -> ran.add(1));
        assertTrue(timer.reset(SOON), "it was active");
        ran.take();
        assertFalse(timer.reset(SOON), "it has fired");
        ran.take();
        assertFalse(timer.reset(HOUR));
        assertTrue(timer.stop());
        assertFalse(timer.reset(SOON), "it was stopped");
        ran.take();
        assertTrue(ran.isEmpty());
    }

    /** Every reset and stop tells the truth: so many runs as there were settings that nothing ended. */
    @Test
    void resetsAndStopsAgainstFiringAddUp() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        AtomicInteger expected = new AtomicInteger();
        Timer timer = Timer.afterFunc(scheduler, HOUR, runs::incrementAndGet);
        List<G<Void>> gs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int seed = i;
            gs.add(scheduler.go(() -> {
                for (int k = 0; k < 5_000; k++) {
                    if ((k + seed) % 3 == 0) {
                        if (timer.stop()) {
                            expected.decrementAndGet();
                        }
                    } else if (!timer.reset(Duration.ofNanos(1_000L * (k % 20)))) {
                        expected.incrementAndGet();
                    }
                }
            }));
        }
        for (G<Void> g : gs) {
            g.join();
        }
        if (timer.stop()) {
            expected.decrementAndGet();
        }
        while (runs.get() < expected.get() + 1) { // the first setting is not counted
            Thread.onSpinWait();
        }
        scheduler.close();
        assertEquals(expected.get() + 1, runs.get());
    }

    /** The scheduler closes at that moment. */
    @Test
    void aResetThatIsRefusedChangesNothing() throws Exception {
        int refused = 0;
        for (int i = 0; i < 200 || refused == 0; i++) {
            Scheduler closing = Scheduler.builder().gomaxprocs(1).unpinned().build();
            Timer timer = Timer.afterFunc(closing, HOUR, () -> {});
            CountDownLatch ready = new CountDownLatch(1);
            Thread closer = Thread.ofPlatform().start(() -> {
                ready.countDown();
                closing.shutdown();
            });
            ready.await();
            try {
                while (true) {
                    assertTrue(timer.reset(HOUR));
                }
            } catch (RejectedExecutionException e) {
                refused++;
                assertTrue(e.getMessage().contains("reset is refused"), e.getMessage());
            }
            assertTrue(timer.stop(), "it is as it was");
            closer.join();
            closing.close();
        }
    }

    @Test
    void oneThatStartsATaskSaysWhyItIsNotWaitedFor() {
        Timer timer = Timer.afterFunc(scheduler, HOUR, () -> {});
        assertTrue(assertThrows(UnsupportedOperationException.class, timer::await).getMessage().contains("Timer.after"));
        assertTrue(timer.stop());
    }

    @Test
    void awaitEndsWhenItFiresOrIsStoppedAndFollowsAReset() throws Exception {
        long start = System.nanoTime();
        assertTrue(Timer.after(SOON).await());
        assertTrue(System.nanoTime() - start >= SOON.toNanos());

        Timer timer = Timer.after(HOUR);
        List<G<Boolean>> waiters = List.of(scheduler.go(timer::await), scheduler.go(timer::await));
        assertTrue(timer.reset(SOON));
        for (G<Boolean> waiter : waiters) {
            assertTrue(waiter.get());
        }
        assertTrue(timer.await(), "it has fired for good");
        assertFalse(timer.reset(HOUR));
        G<Boolean> waiter = scheduler.go(timer::await);
        assertTrue(timer.stop());
        assertFalse(waiter.get());
        assertFalse(timer.await());
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        G<Void> waiter = scheduler.go(() -> {
            try {
                Timer.after(HOUR).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        waiter.interrupt();
        interrupted.await();
    }

    @Test
    void oneThatStartsATaskIsNotWaitedFor() {
        Timer timer = Timer.afterFunc(scheduler, HOUR, () -> {});
        assertThrows(UnsupportedOperationException.class, timer::await);
        assertThrows(NullPointerException.class, () -> Timer.afterFunc(scheduler, SOON, null));
        assertThrows(NullPointerException.class, () -> Timer.after(null));
        timer.stop();
    }

    @Test
    void longDelaysAreLong() {
        for (Duration longest : List.of(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofDays(365_000))) {
            Timer timer = Timer.afterFunc(scheduler, longest, () -> {});
            assertTrue(timer.reset(longest));
            assertTrue(timer.stop());
        }
    }

    @Test
    void aClosedSchedulerRefusesAndWhatIsPendingDoesNotHoldItUp() {
        Timer pending = Timer.afterFunc(scheduler, HOUR, () -> {});
        scheduler.close();
        assertThrows(RejectedExecutionException.class, () -> Timer.afterFunc(scheduler, SOON, () -> {}));
        assertThrows(RejectedExecutionException.class, () -> pending.reset(SOON));
        assertTrue(pending.stop(), "the refused reset has changed nothing");
    }
}
