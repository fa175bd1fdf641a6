package dev.pinion.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TickerTest {
    private static final Duration PERIOD = Duration.ofMillis(2);

    private final Scheduler scheduler = Scheduler.builder().gomaxprocs(2).unpinned().build();

    @AfterEach
    void close() {
        scheduler.close();
    }

    private static void passes(long since, long nanos) {
        while (System.nanoTime() - since < nanos) {
            LockSupport.parkNanos(since + nanos - System.nanoTime());
        }
    }

    @Test
    void noTickComesBeforeItsTimeAndNoneIsLateForTheOneBefore() throws Exception {
        scheduler.go(() -> {
            long before = System.nanoTime();
            try (Ticker ticker = Ticker.every(PERIOD)) {
                for (int i = 1; i <= 100; i++) {
                    assertTrue(ticker.next());
                    assertTrue(System.nanoTime() - before >= i * PERIOD.toNanos(), "tick " + i);
                }
            }
            return null;
        }).get();
    }

    /** With a third of a period's work after each tick, one that counted its periods from then would need 26 for 20 ticks. On a busy machine it is tried again. */
    @Test
    void itDoesNotDrift() throws Exception {
        long took;
        do {
            long start = System.nanoTime();
            Ticker ticker = Ticker.every(PERIOD);
            for (int i = 0; i < 20; i++) {
                assertTrue(ticker.next());
                passes(System.nanoTime(), PERIOD.toNanos() / 3);
            }
            took = System.nanoTime() - start;
        } while (took > 22 * PERIOD.toNanos());
    }

    @Test
    void forASlowReceiverOneTickIsKeptAndTheRestIsDropped() throws Exception {
        long before = System.nanoTime();
        Ticker ticker = Ticker.every(PERIOD);
        long after = System.nanoTime();
        passes(after, 5 * PERIOD.toNanos());
        long missed = (System.nanoTime() - after) / PERIOD.toNanos();
        assertTrue(ticker.next()); // for all that were missed
        assertTrue(ticker.next());
        assertTrue(System.nanoTime() - before >= (missed + 1) * PERIOD.toNanos(), "the next came in its own time, not at once");
    }

    @Test
    void eachTickIsHeardOfOnce() throws Exception {
        Ticker ticker = Ticker.every(Duration.ofMillis(1));
        long start = System.nanoTime();
        CountDownLatch heard = new CountDownLatch(20);
        List<G<Integer>> receivers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            receivers.add(scheduler.go(() -> {
                int mine = 0;
                while (ticker.next()) {
                    mine++;
                    heard.countDown();
                }
                return mine;
            }));
        }
        heard.await();
        ticker.stop();
        long most = (System.nanoTime() - start) / 1_000_000 + 1;
        int sum = 0;
        for (G<Integer> receiver : receivers) {
            sum += receiver.get();
        }
        assertTrue(sum >= 20 && sum <= most, sum + " of " + most);
    }

    @Test
    void whoWaitsIsToldOfTheStop() throws Exception {
        Ticker ticker = Ticker.every(Duration.ofHours(1));
        G<Boolean> waiter = scheduler.go(ticker::next);
        ticker.stop();
        assertFalse(waiter.get());
        assertFalse(ticker.next());
    }

    @Test
    void resetBeginsAnew() throws Exception {
        Ticker ticker = Ticker.every(Duration.ofHours(1));
        G<Boolean> waiter = scheduler.go(ticker::next);
        ticker.reset(PERIOD);
        assertTrue(waiter.get());
        ticker.stop();
        long before = System.nanoTime();
        ticker.reset(PERIOD);
        assertTrue(ticker.next());
        assertTrue(System.nanoTime() - before >= PERIOD.toNanos());
    }

    @Test
    void thePeriodIsAboveZero() {
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
            assertEquals("a ticker's period is above zero, not " + wrong,
                    assertThrows(IllegalArgumentException.class, () -> Ticker.every(wrong)).getMessage());
            Ticker ticker = Ticker.every(Duration.ofDays(365_000));
            assertThrows(IllegalArgumentException.class, () -> ticker.reset(wrong));
        }
        assertThrows(NullPointerException.class, () -> Ticker.every(null));
    }
}
