package dev.pinion.bench.program;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Many tasks each open a FIFO of their own, which blocks until somebody opens its other end: until all of them are in that call, and how
 * many OS threads are left over afterwards. The first time such a thing happens in a JVM, as it is in a program.
 */
final class FifoBurst {
    private static final int TASKS = 300;

    /** Who is not in by then does not get in. */
    private static final long PATIENCE_NANOS = 3_000_000_000L;

    /** From the last task's end to the count of the threads. */
    private static final long AFTER_MILLIS = 5_000;

    private FifoBurst() {
    }

    /** Starts tasks. */
    interface Starter {
        /** Starts one, which runs {@code entered}, opens the FIFO for reading and closes it, and runs {@code ended}; returns at once. */
        void start(Runnable entered, String path, Runnable ended);
    }

    /** Operation: one task. */
    static void run(Report report) throws IOException, InterruptedException {
        run(report, (entered, path, ended) -> Spawner.start(() -> {
            entered.run();
            open(path);
            ended.run();
        }));
    }

    static void run(Report report, Starter starter) throws IOException, InterruptedException {
        try (Fifos fifos = new Fifos(TASKS)) {
            int threadsBefore = Threads.count();
            AtomicInteger entered = new AtomicInteger();
            AtomicInteger ended = new AtomicInteger();
            long[] allIn = new long[1];
            ResourceUsage before = ResourceUsage.now();
            long start = System.nanoTime();
            for (int i = 0; i < TASKS; i++) {
                starter.start(() -> {
                    if (entered.incrementAndGet() == TASKS) {
                        allIn[0] = System.nanoTime() - start;
                    }
                }, fifos.path(i), ended::incrementAndGet);
            }
            while (entered.get() < TASKS && System.nanoTime() - start < PATIENCE_NANOS) {
                LockSupport.parkNanos(1_000_000);
            }
            int in = entered.get();
            int threadsMost = Threads.count();
            letGo(fifos, ended);
            report.usage(ResourceUsage.now().since(before), TASKS);
            Thread.sleep(AFTER_MILLIS);
            report.metric("all-in", in == TASKS ? allIn[0] : Double.POSITIVE_INFINITY);
            report.metric("missed", 100.0 * (TASKS - in) / TASKS);
            report.metric("threads-most", Math.max(0, threadsMost - threadsBefore));
            report.metric("threads-after", Math.max(0, Threads.count() - threadsBefore));
        }
    }

    private static void open(String path) {
        try (Closeable opened = Spawner.isGo() ? GoBlocking.openForReading(path) : new FileInputStream(path)) {
            java.lang.ref.Reference.reachabilityFence(opened);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens every other end, on the main platform thread, so that each open returns, also one that begins only now. */
    private static void letGo(Fifos fifos, AtomicInteger ended) throws IOException {
        List<RandomAccessFile> others = new ArrayList<>();
        try {
            for (int i = 0; i < TASKS; i++) {
                others.add(new RandomAccessFile(fifos.path(i), "rw"));
            }
            while (ended.get() < TASKS) {
                LockSupport.parkNanos(1_000_000);
            }
        } finally {
            for (RandomAccessFile other : others) {
                other.close();
            }
        }
    }
}
