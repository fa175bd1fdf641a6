package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.WaitGroup;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On one P: what always has work for itself starves nobody. Each test hangs, and so fails, where it does. */
@Timeout(60)
class FairnessTest {
    private final Scheduler scheduler = Scheduler.builder().gomaxprocs(1).build();
    private final AtomicBoolean stop = new AtomicBoolean();

    @AfterEach
    void close() {
        stop.set(true);
        scheduler.close();
    }

    private void yieldForEver() {
        while (!stop.get()) {
            Thread.yield();
        }
    }

    /** Two Gs that wake each other until the end: each is always in runnext when the other parks. */
    private void pingPong() throws InterruptedException {
        Thread[] players = new Thread[2];
        AtomicInteger turn = new AtomicInteger();
        CountDownLatch hops = new CountDownLatch(1000);
        CountDownLatch ready = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            int me = i;
            scheduler.go(() -> {
                players[me] = Thread.currentThread();
                ready.countDown();
                awaitQuietly(ready);
                while (!stop.get()) {
                    while (turn.get() != me && !stop.get()) {
                        LockSupport.park();
                    }
                    turn.set(1 - me);
                    hops.countDown();
                    LockSupport.unpark(players[1 - me]);
                }
                LockSupport.unpark(players[1 - me]);
            });
        }
        hops.await(); // now it is in full swing
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aYielderLetsTheGlobalQueueRun() throws Exception {
        scheduler.go(this::yieldForEver);
        scheduler.go(() -> {}).join(); // from a thread without a P: global
    }

    @Test
    void yieldersLetEachOtherAndNewcomersRun() throws Exception {
        WaitGroup turns = new WaitGroup();
        for (int i = 0; i < 20; i++) {
            turns.add(100);
            scheduler.go(() -> {
                for (int k = 0; k < 100; k++) {
                    Thread.yield();
                    turns.done();
                }
                yieldForEver();
            });
        }
        turns.await();
        scheduler.go(() -> scheduler.go(() -> {}).get()).get();
    }

    @Test
    void aYielderLetsTimersRun() throws Exception {
        scheduler.go(this::yieldForEver);
        scheduler.go(() -> {
            for (int i = 0; i < 20; i++) {
                LockSupport.parkNanos(100_000);
            }
        }).join();
    }

    /** Go's TestPingPongHog: the pair shares one time slice and does not keep the ring from running. */
    @Test
    void aPairThatWakesEachOtherLetsTheRingRun() throws Exception {
        pingPong();
        CountDownLatch turns = new CountDownLatch(1000);
        scheduler.go(() -> {
            while (turns.getCount() > 0) {
                turns.countDown();
                Thread.yield();
            }
        });
        turns.await();
    }

    @Test
    void aPairThatWakesEachOtherLetsTheGlobalQueueAndTimersRun() throws Exception {
        pingPong();
        for (int i = 0; i < 50; i++) {
            scheduler.go(() -> {}).join();
        }
        scheduler.go(() -> LockSupport.parkNanos(1_000_000)).join();
    }

    /** The ring never gets empty: 300 Gs that yield. What comes from outside is still served, every 61st time. */
    @Test
    void theGlobalQueueIsServedUnderLocalLoad() throws Exception {
        CountDownLatch running = new CountDownLatch(300);
        scheduler.go(() -> {
            for (int i = 0; i < 300; i++) {
                scheduler.go(() -> {
                    running.countDown();
                    yieldForEver();
                });
            }
        });
        running.await();
        for (int i = 0; i < 50; i++) {
            scheduler.go(() -> {}).join();
        }
    }

    /** Each G starts the next as its last act: always in runnext, on the thread that has just become free. */
    @Test
    void aChainOfGsLetsTheRingRun() throws Exception {
        AtomicInteger links = new AtomicInteger();
        CountDownLatch behind = new CountDownLatch(1);
        scheduler.go(() -> {
            scheduler.go(behind::countDown); // kicked to the ring by the chain
            chain(links);
        });
        behind.await();
        assertTrue(links.get() > 0);
    }

    @Test
    void aChainOfGsLetsTheGlobalQueueAndTimersRun() throws Exception {
        AtomicInteger links = new AtomicInteger();
        scheduler.go(() -> chain(links));
        for (int i = 0; i < 50; i++) {
            scheduler.go(() -> {}).join();
        }
        scheduler.go(() -> LockSupport.parkNanos(1_000_000)).join();
    }

    private void chain(AtomicInteger links) {
        links.incrementAndGet();
        if (!stop.get()) {
            try {
                scheduler.go(() -> chain(links));
            } catch (java.util.concurrent.RejectedExecutionException e) {
                assertTrue(scheduler.isShutdown());
            }
        }
    }

    /** A G that always has a fresh one behind it in the ring: threads are not given on for ever either. */
    @Test
    void aFloodOfFreshGsLetsTheOthersRun() throws Exception {
        CountDownLatch flooding = new CountDownLatch(1000);
        G<Void> source = scheduler.go(() -> {
            while (!stop.get()) {
                for (int i = 0; i < 10; i++) {
                    scheduler.go(flooding::countDown);
                }
                Thread.yield();
            }
        });
        flooding.await();
        scheduler.go(() -> LockSupport.parkNanos(1000)).join();
        stop.set(true);
        source.join();
    }
}
