package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.nativelib.Boot;
import dev.pinion.vthread.VThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More Gs that compute than a core bears, on one P. */
@Timeout(120)
class CrowdTest {
    static {
        Boot.withLibrary();
    }

    private final Sched sched = new SchedSetup().gomaxprocs(1).unpinned(true).start();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile boolean stop;

    @AfterEach
    void end() {
        stop = true;
        sched.lifetime().endNow(() -> {});
    }

    private Thread start(Runnable task) {
        Thread thread = VThreads.newThread(sched.pool(), "", false, task);
        thread.start();
        return thread;
    }

    private List<Thread> hogs(int n) {
        List<Thread> hogs = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            hogs.add(start(() -> {
                while (!stop) {
                    Thread.onSpinWait();
                }
                ended.incrementAndGet();
            }));
        }
        return hogs;
    }

    @Test
    void manyHogsAreHeldBackAndOneThatSleepsIsServed() throws Exception {
        int mostAlive = 0;
        AtomicInteger woken = new AtomicInteger();
        Thread sleeper = start(() -> {
            try {
                for (int i = 0; i < 100; i++) {
                    Thread.sleep(2);
                    woken.incrementAndGet();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        List<Thread> hogs = hogs(200);
        while (!sleeper.join(Duration.ofMillis(1))) {
            mostAlive = Math.max(mostAlive, sched.machines.alive());
        }
        assertEquals(100, woken.get());
        assertTrue(mostAlive <= Crowd.MOST + 16, mostAlive + " Ms");
        stop = true;
        for (Thread hog : hogs) {
            hog.join();
        }
        assertEquals(200, ended.get(), "none of those that were held back is lost");
    }

    /** The others wait for one that was started after them. */
    @Test
    void newcomersComeInAlthoughNoneOfTheOthersEnds() throws Exception {
        List<Thread> hogs = hogs(Crowd.MOST + 3);
        CountDownLatch cameIn = new CountDownLatch(1);
        start(() -> {
            stop = true;
            cameIn.countDown();
        });
        cameIn.await();
        for (Thread hog : hogs) {
            hog.join();
        }
        assertEquals(Crowd.MOST + 3, ended.get());
    }

    @Test
    void newcomersOfAPThatGoesRunElsewhere() throws Exception {
        sched.setProcsByHand(2);
        List<Thread> hogs = hogs(100);
        P[] ps = sched.allPs();
        while (ps[0].crowd.hasRoom() || ps[1].crowd.hasRoom()) {
            Thread.sleep(1); // until both are full
        }
        sched.setProcsByHand(1);
        stop = true;
        for (Thread hog : hogs) {
            hog.join();
        }
        assertEquals(100, ended.get());
    }
}
