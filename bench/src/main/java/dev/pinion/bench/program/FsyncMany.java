package dev.pinion.bench.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** 64 tasks, each writing 4 KiB over the same place of a file of its own and waiting until that is on the disk. */
final class FsyncMany {
    static final int TASKS = 64;
    static final int BYTES = 4096;

    private FsyncMany() {
    }

    /** A file that was opened for one task. */
    interface Syncable {
        /** Writes all of it at the beginning, and waits for the disk. */
        void writeAndSync(ByteBuffer from) throws IOException;
    }

    /** Operation: one write with its fsync. By Gs and {@code BlockingFile} on Pinion; by platform threads and {@code FileChannel} elsewhere. */
    static void run(Report report) throws IOException, InterruptedException {
        Syncable[] files = openAll();
        Crowd crowd = Spawner.isGo() ? new Crowd(TASKS) : new Crowd(TASKS, Thread.ofPlatform()::start);
        crowd.start(task -> {
            ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
            try {
                while (!crowd.isStopped()) {
                    files[task].writeAndSync(bytes.clear());
                    crowd.count(task);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        crowd.measure(report);
        crowd.stop(() -> { });
    }

    /** A file for each task. */
    static Syncable[] openAll() throws IOException {
        Path directory = Files.createTempDirectory("pinion-bench");
        Syncable[] files = new Syncable[TASKS];
        for (int task = 0; task < TASKS; task++) {
            Path path = directory.resolve("file" + task);
            files[task] = open(path);
            Files.delete(path); // nothing is left over, however this ends
        }
        Files.delete(directory);
        return files;
    }

    private static Syncable open(Path path) throws IOException {
        if (Spawner.isGo()) {
            return GoBlocking.openForSync(path.toString());
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return from -> {
            channel.write(from, 0);
            channel.force(true);
        };
    }
}
