package dev.pinion.bench.program;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** One task blocks in the read of an empty FIFO with the next one behind it in the queue: how long until that runs. */
final class BlockedReader {
    private static final long HIGHEST_NANOS = 60_000_000_000L;
    private static final int DIGITS = 3;
    private static final int ROUNDS = 4_000;
    private static final int WARM_UP = 1_000;
    private static final long ENOUGH_NANOS = 4_000_000_000L;

    /** Where nothing runs the next task, the reader is let go after so long, and that is the figure: at least so long. */
    private static final long RESCUE_NANOS = 20_000_000;

    private static final int WAITING = 0;
    private static final int RAN = 1;
    private static final int RESCUED = 2;

    private final Histogram histogram = new Histogram(HIGHEST_NANOS, DIGITS);
    private final FileInputStream in;
    private final FileOutputStream out;
    private final AtomicInteger round = new AtomicInteger(RAN);
    private volatile long startNanos;
    private volatile boolean over;

    private BlockedReader(FileInputStream in, FileOutputStream out) {
        this.in = in;
        this.out = out;
    }

    /** Operation: one block. Announced through Pinion's API where that is the subject, else {@code FileInputStream}. */
    static void run(Report report) throws Exception {
        Path directory = Files.createTempDirectory("pinion-bench");
        Path fifo = directory.resolve("fifo");
        try {
            if (new ProcessBuilder("mkfifo", fifo.toString()).inheritIO().start().waitFor() != 0) {
                throw new IOException("mkfifo failed");
            }
            // Read and write, as opening one end waits for the other.
            try (var both = new RandomAccessFile(fifo.toFile(), "rw");
                    var in = new FileInputStream(both.getFD());
                    var out = new FileOutputStream(both.getFD())) {
                BlockedReader reader = new BlockedReader(in, out);
                Thread rescuer = Thread.ofPlatform().daemon().start(reader::rescue);
                ByteReader announced = Spawner.isGo() ? GoSpawner.reader(fifo.toString()) : in::read;
                ResourceUsage before = ResourceUsage.now();
                Spawner.runAndWait(() -> reader.blockAgainAndAgain(announced));
                report.usage(ResourceUsage.now().since(before), reader.histogram.getTotalCount());
                reader.over = true;
                rescuer.join();
                report.percentiles("", reader.histogram);
            }
        } finally {
            Files.deleteIfExists(fifo);
            Files.delete(directory);
        }
    }

    /** Reads one byte of the FIFO. */
    interface ByteReader {
        int read() throws IOException;
    }

    private void blockAgainAndAgain(ByteReader reader) {
        Latch ran = new Latch(0);
        long start = System.nanoTime();
        try {
            for (int i = 0; i < WARM_UP + ROUNDS && System.nanoTime() - start < ENOUGH_NANOS; i++) {
                if (i == WARM_UP) {
                    histogram.reset();
                }
                ran.reset(1);
                startNanos = System.nanoTime(); // before the round begins, for the rescuer
                round.set(WAITING);
                Spawner.start(() -> {
                    long now = System.nanoTime();
                    if (round.compareAndSet(WAITING, RAN)) {
                        histogram.recordValue(Math.clamp(now - startNanos, 0, HIGHEST_NANOS));
                        letGo();
                    }
                    ran.countDown();
                });
                startNanos = System.nanoTime();
                reader.read();
                ran.await();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void rescue() {
        while (!over) {
            LockSupport.parkNanos(RESCUE_NANOS / 4);
            long blocked = System.nanoTime() - startNanos;
            if (round.get() == WAITING && blocked > RESCUE_NANOS && round.compareAndSet(WAITING, RESCUED)) {
                histogram.recordValue(Math.clamp(blocked, 0, HIGHEST_NANOS));
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
