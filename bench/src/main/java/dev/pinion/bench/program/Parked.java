package dev.pinion.bench.program;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Many parked Gs: the heap each takes, and how long a million of them take to start and to wake. */
final class Parked {

    static final int BYTES_COUNT = Integer.getInteger("bench.parked", 200_000);
    static final int MILLION = Integer.getInteger("bench.million", 1_000_000);
    static final int WARM_UP = 100_000;

    private final Thread[] threads;
    private final AtomicInteger next = new AtomicInteger();
    private final Latch parked;
    private final Latch ended;
    private final Runnable task = this::park;
    private volatile boolean awake;

    /** Made by the thread that starts and wakes them. */
    private Parked(int count) {
        threads = new Thread[count];
        parked = new Latch(count);
        ended = new Latch(count);
    }

    /** The live set with parked Gs less that without, divided by their number. The array of references is not counted. */
    static void bytes(Report report) throws InterruptedException {
        // Compiled frames are smaller than interpreted ones, and which of them are parked must not be a matter of luck.
        for (int i = 0; i < 5; i++) {
            Spawner.runAndWait(() -> {
                Parked warm = new Parked(20_000);
                warm.startAll();
                warm.wakeAll();
            });
        }
        Parked[] crowd = new Parked[1];
        ResourceUsage start = ResourceUsage.now();
        Spawner.runAndWait(() -> crowd[0] = new Parked(BYTES_COUNT));
        long before = liveBytes();
        Spawner.runAndWait(() -> {
            for (int i = 0; i < BYTES_COUNT; i++) {
                Spawner.start(crowd[0].task);
            }
        });
        while (crowd[0].parked.left() > 0) {
            Thread.sleep(1);
        }
        // The last to count down may still be on its way into park.
        Thread.sleep(20);
        long after = liveBytes();
        report.usage(ResourceUsage.now().since(start), BYTES_COUNT);
        report.metric("bytes", (after - before) / (double) BYTES_COUNT);
        java.lang.ref.Reference.reachabilityFence(crowd);
    }

    /** Start until the last has reached its park; wake until the last has ended. Started and woken by a virtual thread. */
    static void million(Report report) throws InterruptedException {
        Spawner.runAndWait(() -> {
            Parked crowd = new Parked(WARM_UP);
            crowd.startAll();
            crowd.wakeAll();
        });
        System.gc();
        ResourceUsage before = ResourceUsage.now();
        double[] nanos = new double[2];
        Spawner.runAndWait(() -> {
            Parked crowd = new Parked(MILLION);
            long started = System.nanoTime();
            crowd.startAll();
            long all = System.nanoTime();
            crowd.wakeAll();
            nanos[0] = (all - started) / (double) MILLION;
            nanos[1] = (System.nanoTime() - all) / (double) MILLION;
        });
        report.usage(ResourceUsage.now().since(before), MILLION);
        report.metric("start", nanos[0]);
        report.metric("wake", nanos[1]);
    }

    private void startAll() {
        for (int i = 0; i < threads.length; i++) {
            Spawner.start(task);
        }
        parked.await();
    }

    private void wakeAll() {
        awake = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
        ended.await();
    }

    private void park() {
        threads[next.getAndIncrement()] = Thread.currentThread();
        parked.countDown();
        while (!awake) {
            LockSupport.park();
        }
        ended.countDown();
    }

    /** What is left after a collection; twice, for references that only the first one clears. */
    static long liveBytes() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
