package dev.pinion.demo;

import dev.pinion.Pinion;
import dev.pinion.SchedulerStats;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Three virtual threads for one P (or one carrier): one reads a FIFO, its standard input, with a plain {@link FileInputStream}; one computes, yields
 * often and rests for a moment after each millisecond; one answers the requests of a platform thread. It is over after a fixed time, whatever blocks, and
 * at once when its input ends. Prints {@code start}, a {@link BlockingPicture.Column} every 100 ms, and its {@link BlockingFigures}.
 */
final class BlockingProgram {
    static final int COLUMNS = 28;
    static final int COLUMN_MILLIS = 100;
    static final String START = "start";

    /** From a byte that the reader got until it reads again. */
    static final int PAUSE_MILLIS = 200;

    private static final long INTERVAL_NANOS = 2_000_000;
    private static final int REQUESTS_OF_A_COLUMN = (int) (COLUMN_MILLIS * 1_000_000L / INTERVAL_NANOS);
    private static final int REQUESTS = COLUMNS * REQUESTS_OF_A_COLUMN;

    /** Requests while nobody reads yet: 300 ms in which both sides compile what they run. */
    private static final int WARM_UP = 3 * REQUESTS_OF_A_COLUMN;

    /** About a fifth of a millisecond. With more than one, Pinion would take the P by the slice too, and its hand-offs were not those of blocks alone. */
    private static final int STEPS = 100_000;

    /**
     * A rest after so many yields is to be fair to the JDK's scheduler, which cannot take a carrier away. After {@code Thread.yield()} it goes on with its
     * one carrier's own queue for as long as something is in it: without rests the G that reads was never begun.
     */
    private static final int CHUNKS_UNTIL_REST = 5;

    private static final long REST_NANOS = 100_000;

    private final long[] sent = new long[WARM_UP + REQUESTS];
    private final AtomicLongArray answered = new AtomicLongArray(WARM_UP + REQUESTS);
    private final AtomicLong answers = new AtomicLong();
    private final LinkedBlockingQueue<Integer> requests = new LinkedBlockingQueue<>();
    private final AtomicLong computedNanos = new AtomicLong();
    private final AtomicLong chunks = new AtomicLong();
    private final BlockedReads reads = new BlockedReads(2 + COLUMNS * COLUMN_MILLIS / PAUSE_MILLIS);
    private final CountDownLatch computes = new CountDownLatch(1);
    private volatile boolean onPinion;

    /** So that no compiler leaves the computation out. */
    private volatile long result;

    private BlockingProgram() {}

    public static void main(String[] arguments) throws InterruptedException {
        new BlockingProgram().run();
    }

    /** Leaves its virtual threads as they are: they keep no JVM alive, not even the one in the read. */
    private void run() throws InterruptedException {
        Thread.startVirtualThread(this::compute);
        Thread.startVirtualThread(this::answer);
        computes.await();
        int next = 0;
        while (next < WARM_UP) {
            send(next++);
        }
        SchedulerStats before = onPinion ? Pinion.stats() : null;
        long chunksBefore = chunks.get();
        System.out.println(START);
        Thread.startVirtualThread(this::read);
        long columnStart = System.nanoTime();
        for (int column = 0; column < COLUMNS; column++) {
            long nanosBefore = computedNanos.get();
            long answersBefore = answers.get();
            long readingBefore = reads.blockedNanos(columnStart);
            for (int i = 0; i < REQUESTS_OF_A_COLUMN; i++) {
                send(next++);
            }
            long end = System.nanoTime();
            double length = end - columnStart;
            System.out.println(new BlockingPicture.Column((reads.blockedNanos(end) - readingBefore) / length,
                    (computedNanos.get() - nanosBefore) / length, (answers.get() - answersBefore) / (double) REQUESTS_OF_A_COLUMN).toLine());
            columnStart = end;
        }
        System.out.println(figures(columnStart, chunks.get() - chunksBefore, before).toLine());
    }

    /** And leaves time for an answer. */
    private void send(int request) {
        sent[request] = System.nanoTime();
        requests.add(request);
        long next = sent[request] + INTERVAL_NANOS;
        for (long left = INTERVAL_NANOS; left > 0; left = next - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void answer() {
        try {
            while (true) {
                int request = requests.take();
                reads.anotherRan();
                answered.set(request, System.nanoTime());
                answers.incrementAndGet();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this G", e);
        }
    }

    private void compute() {
        onPinion = Timeline.numberOfP(Thread.currentThread().toString()) >= 0;
        computes.countDown();
        long x = 1;
        while (true) {
            reads.anotherRan();
            long start = System.nanoTime();
            x = steps(x);
            computedNanos.addAndGet(System.nanoTime() - start);
            result = x;
            if (chunks.incrementAndGet() % CHUNKS_UNTIL_REST == 0) {
                LockSupport.parkNanos(REST_NANOS);
            } else {
                Thread.yield();
            }
        }
    }

    /** Marsaglia's xorshift. */
    private static long steps(long x) {
        for (int i = 0; i < STEPS; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
        }
        return x;
    }

    private void read() {
        try (FileInputStream fifo = new FileInputStream(FileDescriptor.in)) {
            while (true) {
                reads.begins();
                int read = fifo.read();
                reads.ends();
                if (read < 0) {
                    Runtime.getRuntime().halt(1); // who would look at the rest is gone
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("the FIFO cannot be read", e);
        }
    }

    private BlockingFigures figures(long end, long chunksDone, SchedulerStats before) {
        long[] waits = new long[REQUESTS];
        int inTime = 0;
        for (int i = 0; i < REQUESTS; i++) {
            long at = answered.get(WARM_UP + i);
            boolean isAnswered = at != 0 && at - end <= 0;
            inTime += isAnswered ? 1 : 0;
            waits[i] = Math.max(0, (isAnswered ? at : end) - sent[WARM_UP + i]);
        }
        Arrays.sort(waits);
        long[] untilNext = reads.untilAnotherRan(end);
        Arrays.sort(untilNext);
        BlockingFigures.Found found = null;
        if (before != null) {
            SchedulerStats now = Pinion.stats();
            found = new BlockingFigures.Found(now.sum(SchedulerStats.OfP::blocksFound) - before.sum(SchedulerStats.OfP::blocksFound),
                    now.sum(SchedulerStats.OfP::handOffs) - before.sum(SchedulerStats.OfP::handOffs), now.blockToNextG().p50Nanos() / 1e6);
        }
        return new BlockingFigures(REQUESTS, inTime, HttpLoad.percentileMillis(waits, 0.5), HttpLoad.percentileMillis(waits, 0.99),
                HttpLoad.percentileMillis(waits, 1), chunksDone * STEPS / 1e6, untilNext.length, reads.noticed(),
                percentileMillis(untilNext, 0.5), percentileMillis(untilNext, 1), found);
    }

    private static double percentileMillis(long[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : HttpLoad.percentileMillis(sorted, share);
    }
}
