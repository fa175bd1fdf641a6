package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.Scheduler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** What is queued behind a G that never ends, while no P is idle and nothing is taken away by time. */
@Timeout(60)
class ReliefTest {
    private static final int YIELDERS = 3;
    private static final int BEHIND = 40;

    @RepeatedTest(5) // now and then an idle P has stolen them all before the other yielders kept it busy
    void aBusyPTakesOverFromOneThatDoesNotMove() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(2).slice(0).build()) {
            for (int i = 0; i < YIELDERS; i++) {
                scheduler.go(() -> {
                    while (!stop.get()) {
                        Thread.yield();
                    }
                });
            }
            CountDownLatch behind = new CountDownLatch(BEHIND);
            try {
                scheduler.go(() -> {
                    for (int i = 0; i < BEHIND; i++) {
                        scheduler.go(behind::countDown); // into the queue of this P
                    }
                    while (!stop.get()) {
                        Thread.onSpinWait();
                    }
                });
                assertTrue(behind.await(20, TimeUnit.SECONDS), () -> behind.getCount() + " of " + BEHIND + " still wait");
            } finally {
                stop.set(true);
            }
        }
    }
}
