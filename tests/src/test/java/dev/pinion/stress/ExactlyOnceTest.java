package dev.pinion.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.Scheduler;
import dev.pinion.WaitGroup;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every G runs exactly once, whatever it does and whatever is done to its P. {@code -Dpinion.stress.gs=N} sets how many (10,000,000 if
 * not said; 100,000,000 is the long run).
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class ExactlyOnceTest {
    private static final int GS = Integer.getInteger("pinion.stress.gs", 10_000_000);
    private static final int ROOTS = 8;
    private static final int IN_FLIGHT = 2000;

    /** A run that takes longer than this hangs: a thousand times the usual. */
    private static final long PATIENCE_SECONDS = 120 + GS / 20_000;

    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void onOneP() throws Exception {
        run(GS / 10, 1, false, false);
    }

    @Test
    void onTwoPs() throws Exception {
        run(GS / 5, 2, false, false);
    }

    @Test
    void whilePsAreTaken() throws Exception {
        run(GS / 5, 2, true, false);
    }

    @Test
    void whileGomaxprocsChanges() throws Exception {
        run(GS / 5, 2, false, true);
    }

    @Test
    void whilePsAreTakenAndGomaxprocsChanges() throws Exception {
        run(GS - GS / 10 - 3 * (GS / 5), 3, true, true);
    }

    private void run(int count, int procs, boolean taking, boolean resizing) throws Exception {
        Scheduler scheduler = Scheduler.builder().gomaxprocs(procs).name("stress").build();
        Thread resizer = Thread.ofPlatform().unstarted(() -> resize(scheduler));
        Thread taker = Thread.ofPlatform().unstarted(() -> take(scheduler));
        if (resizing) {
            resizer.start();
        }
        if (taking) {
            taker.start();
        }
        AtomicIntegerArray runs = new AtomicIntegerArray(count);
        WaitGroup all = new WaitGroup();
        for (int r = 0; r < ROOTS; r++) {
            int root = r;
            all.go(scheduler, () -> root(scheduler, runs, root));
        }
        boolean ended = all.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        over.set(true);
        assertTrue(ended, () -> "hangs: " + scheduler.schedTraceDetail());
        for (int i = 0; i < count; i++) {
            assertEquals(1, runs.get(i), "runs of G " + i);
        }
        resizer.join();
        taker.join();
        scheduler.close(); // hangs if the count of Gs is not exact
        assertEquals(0, scheduler.numG());
    }

    private void root(Scheduler scheduler, AtomicIntegerArray runs, int root) {
        Semaphore slots = new Semaphore(IN_FLIGHT);
        AtomicReferenceArray<Thread> parked = new AtomicReferenceArray<>(1);
        Object monitor = new Object();
        for (int i = root; i < runs.length(); i += ROOTS) {
            slots.acquireUninterruptibly();
            int g = i;
            Runnable task = () -> {
                runs.incrementAndGet(g);
                act(g / ROOTS, parked, monitor);
                slots.release();
            };
            if ((i / ROOTS & 3) == 0) {
                scheduler.newThread(task).start();
            } else {
                scheduler.go(task);
            }
        }
        Thread last = parked.getAndSet(0, null);
        LockSupport.unpark(last);
        slots.acquireUninterruptibly(IN_FLIGHT);
    }

    private static void act(int step, AtomicReferenceArray<Thread> parked, Object monitor) {
        switch (step % 97) {
            case 0, 50 -> Thread.yield();
            case 1 -> LockSupport.parkNanos(1000);
            case 2 -> {
                // Parks until the next one of its kind unparks it.
                Thread self = Thread.currentThread();
                LockSupport.unpark(parked.getAndSet(0, self));
                while (parked.get(0) == self) {
                    LockSupport.parkNanos(10_000_000); // the last one is alone
                    if (parked.get(0) == self) {
                        parked.compareAndSet(0, self, null);
                    }
                }
            }
            case 3 -> {
                try {
                    Thread.sleep(0, 1000);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            case 4, 5 -> {
                synchronized (monitor) {
                    Thread.yield(); // with a monitor held, so that others contend for it
                }
            }
            case 6 -> {
                synchronized (monitor) {
                    try {
                        monitor.wait(1);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            }
            case 7 -> {
                synchronized (monitor) {
                    monitor.notify();
                }
            }
            default -> {
                // most only run
            }
        }
    }

    private void resize(Scheduler scheduler) {
        Random random = new Random(1);
        while (!over.get()) {
            scheduler.gomaxprocs(1 + random.nextInt(6));
            LockSupport.parkNanos(200_000);
        }
    }

    private void take(Scheduler scheduler) {
        for (int p = 0; !over.get(); p++) {
            try {
                scheduler.takeP(p % scheduler.gomaxprocs());
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().startsWith("there is no P"), "GOMAXPROCS has just become smaller");
            }
            LockSupport.parkNanos(50_000);
        }
    }
}
