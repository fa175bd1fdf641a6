package dev.pinion.bench.program;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
    static final long PAUSE_NANOS = 1_000_000;

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

    /** Both only the reader's. */
    private long beganNanos;
    private boolean warm;

    /** What else there is to do on the P. */
    enum Load {
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
        run(report, load, (reader, in, path) -> {
            ByteReader way = announced ? GoBlocking.reader(path) : in::read;
            Spawner.runAndWait(() -> reader.blockAgainAndAgain(way));
        });
    }

    /** The rounds. */
    interface Rounds {
        /**
         * Blocks in rounds as long as {@link #goesOn}, and returns.
         *
         * @param in   the FIFO
         * @param path the same
         */
        void run(BlockedReader reader, InputStream in, String path) throws Exception;
    }

    static void run(Report report, Load load, Rounds rounds) throws Exception {
        // Read and write, as opening one end waits for the other.
        try (var fifos = new Fifos(1);
                var both = new RandomAccessFile(fifos.path(0), "rw");
                var in = new FileInputStream(both.getFD());
                var out = new FileOutputStream(both.getFD())) {
            BlockedReader reader = new BlockedReader(out, load);
            Thread rescuer = Thread.ofPlatform().daemon().start(reader::rescue);
            ResourceUsage before = ResourceUsage.now();
            rounds.run(reader, in, fifos.path(0));
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
        try {
            while (goesOn()) {
                ran.reset(1);
                beginRound();
                Spawner.start(next);
                blockNow();
                reader.read();
                comeBack();
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

    /** Only the reader: whether there is another round. */
    boolean goesOn() {
        if (beganNanos == 0) {
            beganNanos = System.nanoTime();
        }
        long nanos = System.nanoTime() - beganNanos;
        if (latencies.count() >= ROUNDS || latencies.never(NEVER_ROUNDS) || nanos >= ENOUGH_NANOS) {
            return false;
        }
        if (!warm && (latencies.count() == WARM_UP || nanos > WARM_UP_NANOS)) {
            latencies.reset();
            warm = true;
        }
        return true;
    }

    /** Only the reader, before it starts the next task. */
    void beginRound() {
        back = false;
        startNanos = System.nanoTime(); // before the round begins, for the rescuer
        round.set(WAITING);
    }

    /** Only the reader, as the last thing before it blocks. */
    void blockNow() {
        startNanos = System.nanoTime();
    }

    /** Only the reader, once it has its byte. */
    void comeBack() {
        back = true;
    }

    /** Any task. */
    boolean isBack() {
        return back;
    }

    private void runNext(Latch ran) {
        if (runsInTime()) {
            if (load != Load.NONE) {
                computeAndYield();
            }
            letGo();
        }
        while (load == Load.FULL && !back) {
            Thread.yield();
        }
        ran.countDown();
    }

    /** Only the next task, as the first thing: whether it runs while the reader blocks, which it then has to {@link #letGo}. */
    boolean runsInTime() {
        long now = System.nanoTime();
        if (!round.compareAndSet(WAITING, RAN)) {
            return false;
        }
        latencies.record(now - startNanos);
        return true;
    }

    private static void computeAndYield() {
        long value = System.nanoTime() | 1;
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

    /** Writes the byte that the reader waits for. */
    void letGo() {
        try {
            out.write(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
