package dev.pinion.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pinion.Blocking;
import dev.pinion.G;
import dev.pinion.Pinion;
import dev.pinion.Scheduler;
import dev.pinion.nativelib.Natives;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Gs that lock and unlock all the time, beside others, while Ps come and go or are taken: each one gets through, and none changes its thread. */
@Timeout(240)
class LockedGsTest {
    private static final int GS = 64;
    private static final int STEPS = 300;

    @Test
    void allGetThroughWhileGomaxprocsChanges() throws Exception {
        allGetThrough((scheduler, n) -> scheduler.gomaxprocs(1 + n % 4));
    }

    @Test
    void allGetThroughWhilePsAreTaken() throws Exception {
        allGetThrough((scheduler, n) -> scheduler.takeP(n % 4));
    }

    @Test
    void allGetThroughWhileBothHappen() throws Exception {
        allGetThrough((scheduler, n) -> {
            if (n % 5 == 0) {
                scheduler.gomaxprocs(1 + n % 4);
            } else {
                scheduler.takeP(0);
            }
        });
    }

    private void allGetThrough(ObjIntConsumer<Scheduler> disturb) throws Exception {
        AtomicInteger ended = new AtomicInteger();
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(4).unpinned().build()) {
            AtomicBoolean over = new AtomicBoolean();
            Thread disturber = Thread.ofPlatform().start(() -> {
                for (int n = 0; !over.get(); n++) {
                    disturb.accept(scheduler, n);
                    LockSupport.parkNanos(50_000);
                }
            });
            List<G<?>> all = new ArrayList<>();
            for (int i = 0; i < GS; i++) {
                Random random = new Random(i);
                all.add(scheduler.go(() -> {
                    walk(scheduler, random);
                    ended.incrementAndGet();
                    return null;
                }));
            }
            for (G<?> g : all) {
                g.get();
            }
            over.set(true);
            disturber.join();
        }
        assertEquals(GS, ended.get());
    }

    private static void walk(Scheduler scheduler, Random random) throws Exception {
        int locks = 0;
        int tid = 0;
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    Pinion.lockOSThread();
                    if (locks++ == 0) {
                        tid = Natives.gettid();
                    }
                }
                case 2 -> {
                    Pinion.unlockOSThread();
                    locks = Math.max(0, locks - 1);
                }
                case 3 -> Thread.yield();
                case 4 -> LockSupport.parkNanos(random.nextInt(100_000));
                case 5 -> Blocking.run(() -> LockSupport.parkNanos(1_000));
                case 6 -> {
                    CountDownLatch latch = new CountDownLatch(1);
                    scheduler.go(() -> {
                        Pinion.lockOSThread(); // and ends so
                        latch.countDown();
                    });
                    latch.await();
                }
                default -> scheduler.go(() -> {}).join();
            }
            if (locks > 0) {
                assertEquals(tid, Natives.gettid(), "after step " + step);
            }
        }
    }
}
