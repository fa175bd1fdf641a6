package dev.pinion.bench.program;

import dev.pinion.BlockingFile;
import dev.pinion.Pinion;
import java.io.IOException;
import java.io.InputStream;

/** The only class that names Pinion's API; it is not loaded on other sides. */
final class GoSpawner {

    private static final int O_RDWR = 2;

    private GoSpawner() {
    }

    static void start(Runnable task) {
        Pinion.go(task);
    }

    /** A FIFO's bytes, read by calls that hand the P over; opened for both directions, which does not wait. */
    static BlockedReader.ByteReader reader(String path) throws IOException {
        InputStream in = BlockingFile.open(path, O_RDWR, 0).inputStream();
        return in::read;
    }
}
