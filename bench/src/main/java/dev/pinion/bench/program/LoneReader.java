package dev.pinion.bench.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A lone task reads a file of 1 GiB, all of it in the page cache, in pieces of 4 KiB. */
final class LoneReader {
    private static final int BYTES = 4096;
    private static final int PIECES = 1 << 18;
    private static final int WRITE_BYTES = 1 << 20;
    private static final int PASSES = 5;

    private LoneReader() {
    }

    /** Operation: one read. By a G and {@code BlockingFile} on Pinion; by a platform thread and {@code FileChannel} elsewhere. */
    static void run(Report report) throws IOException, InterruptedException {
        Path path = Files.createTempFile("pinion-bench", "");
        try (SeekableByteChannel channel = openFilled(path)) {
            double[] perRead = new double[PASSES];
            double[] handOffs = new double[1];
            ResourceUsage[] used = new ResourceUsage[1];
            runAlone(() -> {
                readAll(channel);
                long handOffsBefore = Spawner.isGo() ? GoBlocking.handOffs() : 0;
                ResourceUsage before = ResourceUsage.now();
                for (int pass = 0; pass < PASSES; pass++) {
                    long start = System.nanoTime();
                    readAll(channel);
                    perRead[pass] = (System.nanoTime() - start) / (double) PIECES;
                }
                used[0] = ResourceUsage.now().since(before);
                handOffs[0] = Spawner.isGo() ? GoBlocking.handOffs() - handOffsBefore : 0;
            });
            report.usage(used[0], (long) PASSES * PIECES);
            report.metric("op", Batches.median(perRead));
            report.metric("hand-offs", handOffs[0]);
        }
    }

    private static SeekableByteChannel openFilled(Path path) throws IOException {
        try (FileChannel out = FileChannel.open(path, StandardOpenOption.WRITE)) {
            ByteBuffer piece = ByteBuffer.allocateDirect(WRITE_BYTES);
            for (long written = 0; written < (long) PIECES * BYTES; written += WRITE_BYTES) {
                out.write(piece.clear());
            }
            return Spawner.isGo() ? GoBlocking.openForReading(path.toString()) : FileChannel.open(path, StandardOpenOption.READ);
        } finally {
            Files.delete(path); // nothing is left over, however this ends
        }
    }

    private static void readAll(SeekableByteChannel channel) {
        ByteBuffer piece = ByteBuffer.allocateDirect(BYTES);
        try {
            channel.position(0);
            for (int i = 0; i < PIECES; i++) {
                if (channel.read(piece.clear()) != BYTES) {
                    throw new IOException("the file ended too soon");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void runAlone(Runnable task) throws InterruptedException {
        if (Spawner.isGo()) {
            Spawner.runAndWait(task);
        } else {
            task.run(); // on the main thread
        }
    }
}
