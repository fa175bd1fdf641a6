package dev.pinion.bench.program;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** One task blocks in the read of an empty FIFO with the next one behind it in the queue: how long until that runs. */
final class BlockedReader {
    private static final int ROUNDS = Share.ofCount(3_000);
    private static final int WARM_UP = Share.ofCount(1_000);
    private static final long WARM_UP_NANOS = Share.ofTime(3_000_000_000L);
    private static final long ENOUGH_NANOS = Share.ofTime(30_000_000_000L);

    /** Where nothing ran the next task so many times, nothing will. */
    private static final int NEVER_ROUNDS = Share.ofCount(100);

    /** Where nothing runs the next task, the reader is let go after so long. */
    private static final long RESCUE_NANOS = 20_000_000;

    /** What the P idles for between two rounds of a light load. */
    private static final long PAUSE_NANOS = 1_000_000;

    private static final int WAITING = 0;
    private static final int RAN = 1;
    private static final int RESCUED = 2;

    private final Latencies latencies = new Latencies();
    private final FileOutputStream out;
    private final Load load;
    private final AtomicInteger round = new AtomicInteger(RAN);
    private volatile long startNanos;
    private volatile boolean back;
    private volatile boolean over;

    /** What else there is to do on the P. */
    private enum Load {
        /** The next task ends at once. */
        NONE,
        /** The next task computes for 20 us and ends, and the reader pauses before the next round: the P idles most of the time. */
        LIGHT,
        /** The next task goes on until the reader is back, so that the P never idles, and wants the whole core. */
        FULL
    }

    private BlockedReader(FileOutputStream out, Load load) {
        this.out = out;
        this.load = load;
    }

    /** Operation: one block. Announced through Pinion's API where that is the subject, else {@code FileInputStream}. */
    static void announced(Report report) throws Exception {
        run(report, Spawner.isGo(), Load.NONE);
    }

    /** Operation: one block, in {@code FileInputStream} on every side, while the next task keeps the P busy. */
    static void unannounced(Report report) throws Exception {
        run(report, false, Load.FULL);
    }

    /** The same where the tasks together want a small part of the core only, which no fair share of it is too small for. */
    static void unannouncedLight(Report report) throws Exception {
        run(report, false, Load.LIGHT);
    }

    private static void run(Report report, boolean announced, Load load) throws Exception {
        // Read and write, as opening one end waits for the other.
        try (var fifos = new Fifos(1);
                var both = new RandomAccessFile(fifos.path(0), "rw");
                var in = new FileInputStream(both.getFD());
                var out = new FileOutputStream(both.getFD())) {
            BlockedReader reader = new BlockedReader(out, load);
            Thread rescuer = Thread.ofPlatform().daemon().start(reader::rescue);
            ByteReader way = announced ? GoBlocking.reader(fifos.path(0)) : in::read;
            ResourceUsage before = ResourceUsage.now();
            Spawner.runAndWait(() -> reader.blockAgainAndAgain(way));
            report.usage(ResourceUsage.now().since(before), reader.latencies.count());
            reader.over = true;
            rescuer.join();
            reader.latencies.report(report);
        }
    }

    /** Reads one byte of the FIFO. */
    interface ByteReader {
        int read() throws IOException;
    }

    private void blockAgainAndAgain(ByteReader reader) {
        Latch ran = new Latch(0);
        Runnable next = () -> runNext(ran);
        long start = System.nanoTime();
        boolean warm = false;
        try {
            while (latencies.count() < ROUNDS && !latencies.never(NEVER_ROUNDS) && System.nanoTime() - start < ENOUGH_NANOS) {
                if (!warm && (latencies.count() == WARM_UP || System.nanoTime() - start > WARM_UP_NANOS)) {
                    latencies.reset();
                    warm = true;
                }
                ran.reset(1);
                back = false;
                startNanos = System.nanoTime(); // before the round begins, for the rescuer
                round.set(WAITING);
                Spawner.start(next);
                startNanos = System.nanoTime();
                reader.read();
                back = true;
                // Whose P was taken runs on without one until it unmounts: so that the next round begins on a P, with a queue.
                Thread.yield();
                ran.await();
                if (load == Load.LIGHT) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void runNext(Latch ran) {
        long now = System.nanoTime();
        if (round.compareAndSet(WAITING, RAN)) {
            latencies.record(now - startNanos);
            if (load != Load.NONE) {
                computeAndYield(now | 1);
            }
            letGo();
        }
        while (load == Load.FULL && !back) {
            Thread.yield();
        }
        ran.countDown();
    }

    private static void computeAndYield(long seed) {
        long value = seed;
        for (int i = 0; i < 2; i++) {
            value = Work.steps(value, Work.MICROS_10);
            Thread.yield();
        }
        Work.keep(value);
    }

    private void rescue() {
        while (!over) {
            LockSupport.parkNanos(RESCUE_NANOS / 4);
            long blocked = System.nanoTime() - startNanos;
            if (round.get() == WAITING && blocked > RESCUE_NANOS && round.compareAndSet(WAITING, RESCUED)) {
                latencies.recordGivenUp(blocked);
                letGo();
            }
        }
    }

    private void letGo() {
        try {
            out.write(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
