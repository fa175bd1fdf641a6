package dev.pinion.blocking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pinion.BlockingFile;
import dev.pinion.ErrnoException;
import dev.pinion.Scheduler;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BlockingFileTest {
    private static final Scheduler SCHEDULER = Scheduler.builder().gomaxprocs(1).unpinned().build();

    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void name() {
        path = directory.resolve("file");
    }

    @AfterAll
    static void close() {
        SCHEDULER.close();
    }

    private BlockingFile open() throws Exception {
        return BlockingFile.open(path.toString(), Fifo.O_RDWR | Fifo.O_CREAT, 0600);
    }

    @Test
    void itIsASeekableByteChannel() throws Exception {
        SCHEDULER.go(() -> {
            try (BlockingFile file = open()) {
                assertEquals(10, file.write(ascii("0123456789")));
                assertEquals(10, file.position());
                assertEquals(10, file.size());
                ByteBuffer direct = ByteBuffer.allocateDirect(3);
                assertEquals(3, file.position(4).read(direct));
                assertEquals(ascii("456"), direct.flip());
                assertEquals(7, file.position());
                ByteBuffer heap = ByteBuffer.allocate(5).position(1);
                assertEquals(4, file.read(heap, 1));
                assertEquals(ascii("1234"), heap.flip().position(1));
                assertEquals(2, file.write(ascii("xy"), 8));
                assertEquals(7, file.position(), "where it was");
                assertEquals(3, file.read(ByteBuffer.allocate(10)));
                assertEquals(-1, file.read(ByteBuffer.allocate(10)));
                assertEquals(0, file.read(ByteBuffer.allocate(0)));
                assertEquals(-1, file.read(ByteBuffer.allocate(10), 100));
                file.truncate(5);
                assertEquals(5, file.size());
                assertEquals(5, file.position());
                assertEquals(5, file.truncate(50).size(), "it does not grow");
                file.force(true);
                file.force(false);
                assertThrows(IllegalArgumentException.class, () -> file.position(-1));
                assertThrows(IllegalArgumentException.class, () -> file.read(ByteBuffer.allocate(1).asReadOnlyBuffer()));
                assertThrows(ErrnoException.class, () -> file.read(ByteBuffer.allocate(1), -1));
            }
            return null;
        }).get();
        assertArrayEquals("01234".getBytes(StandardCharsets.US_ASCII), Files.readAllBytes(path));
    }

    @Test
    void streamsCarryMoreThanOneCopyBuffer() throws Exception {
        byte[] much = new byte[300_001];
        new Random(1).nextBytes(much);
        byte[] back = SCHEDULER.go(() -> {
            BlockingFile file = open();
            OutputStream out = file.outputStream();
            out.write(much, 0, 300_000);
            out.write(much[300_000]);
            file.position(0);
            try (var in = file.inputStream()) {
                assertEquals(much[0] & 0xff, in.read());
                file.position(0);
                return in.readAllBytes();
            } finally {
                assertFalse(file.isOpen(), "closed with its stream");
            }
        }).get();
        assertArrayEquals(much, back);
        assertArrayEquals(much, Files.readAllBytes(path));
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
