package dev.pinion.blocking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.BlockingFile;
import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.Syscalls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Interrupts and closes, before a blocking call, at every stage of it, and after it. */
@Timeout(120)
class BlockedInterruptTest {
    private static final Scheduler SCHEDULER = Scheduler.builder().gomaxprocs(1).unpinned().build();
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
    private static final int ROUNDS = Integer.getInteger("pinion.test.rounds", 500);

    @TempDir
    Path directory;

    private int fd;

    @BeforeEach
    void open() throws Exception {
        fd = Fifo.openBoth(Fifo.make(directory, "fifo"));
    }

    @AfterEach
    void close() throws IOException {
        Syscalls.close(fd);
    }

    @AfterAll
    static void closeScheduler() {
        SCHEDULER.close();
    }

    private static Throwable failure(G<?> g) {
        return assertThrows(ExecutionException.class, g::get).getCause();
    }

    @Test
    void before() throws Exception {
        Throwable e = failure(SCHEDULER.go(() -> {
            Thread.currentThread().interrupt();
            try {
                return Fifo.read(fd, 1);
            } finally {
                assertTrue(Thread.interrupted(), "the status stays");
            }
        }));
        assertInstanceOf(InterruptedIOException.class, e);
    }

    @Test
    void aCallThatNeedNotWaitDoesItsWork() throws Exception {
        Fifo.write(fd, HELLO);
        assertArrayEquals(HELLO, SCHEDULER.go(() -> {
            Thread.currentThread().interrupt();
            return Fifo.read(fd, 100);
        }).get());
    }

    @Test
    void inTheCallAtAnyStage() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            G<byte[]> reader = SCHEDULER.go(() -> Fifo.read(fd, 1));
            int spins = i % 500 * 20;
            G<?> interrupter = SCHEDULER.go(() -> {
                for (int n = 0; n < spins; n++) {
                    Thread.onSpinWait();
                }
                reader.interrupt();
            });
            assertInstanceOf(InterruptedIOException.class, failure(reader));
            interrupter.get();
        }
        Fifo.write(fd, HELLO);
        assertArrayEquals(HELLO, SCHEDULER.go(() -> Fifo.read(fd, 100)).get(), "nothing is left behind");
    }

    @Test
    void afterTheCallNoSignalComes() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            G<?> reader = SCHEDULER.go(() -> {
                int n = 0;
                try {
                    n = Fifo.read(fd, 1).length;
                } catch (InterruptedIOException e) {
                    // as good: the byte is still there
                }
                Thread.interrupted();
                if (n == 0) {
                    assertEquals(1, Fifo.read(fd, 1).length);
                }
                return null;
            });
            SCHEDULER.go(() -> {
                Fifo.write(fd, new byte[1]);
                return null;
            });
            reader.interrupt();
            reader.get();
        }
    }

    /** The usual flags of a program that writes to a file whose kind it does not know. */
    @Test
    void inAnOpenThatWouldMakeTheFile() throws Exception {
        String path = Fifo.make(directory, "nobody reads it");
        for (boolean before : new boolean[] {true, false}) {
            G<?> opener = SCHEDULER.go(() -> {
                if (before) {
                    Thread.currentThread().interrupt();
                }
                return Syscalls.open(path, Fifo.O_WRONLY | Fifo.O_CREAT | Fifo.O_TRUNC, 0600);
            });
            if (!before) {
                opener.interrupt();
            }
            assertInstanceOf(InterruptedIOException.class, failure(opener));
        }
    }

    /** What must not wait is done; what waits all the same is ended. */
    @Test
    void beforeACallThatSeldomWaits() throws Throwable {
        String path = directory.resolve("file").toString();
        int server = LibC.socket();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment name = LibC.listen(server, arena);
            for (int i = 0; i < 20; i++) {
                String file = path + i;
                int client = LibC.socket();
                Syscalls.connect(client, name);
                SCHEDULER.go(() -> {
                    Thread.currentThread().interrupt();
                    Syscalls.close(Syscalls.open(file, Fifo.O_RDWR | Fifo.O_CREAT, 0600));
                    Syscalls.close(Syscalls.accept(server, MemorySegment.NULL, MemorySegment.NULL, 0));
                    assertTrue(Thread.interrupted(), "the status stays");
                    return null;
                }).get();
                Syscalls.close(client);
            }
        }
        Syscalls.close(server);
    }

    /** Two see that there is a connection, and one of them gets it. */
    @Test
    void inARaceForAConnectionThatWasLost() throws Throwable {
        try (Scheduler two = Scheduler.builder().gomaxprocs(2).unpinned().build(); Arena arena = Arena.ofShared()) {
            int server = LibC.socket();
            MemorySegment name = LibC.listen(server, arena);
            for (int i = 0; i < ROUNDS; i++) {
                int client = LibC.socket();
                Syscalls.connect(client, name);
                AtomicInteger ended = new AtomicInteger();
                Callable<Integer> accept = () -> {
                    try {
                        return Syscalls.accept(server, MemorySegment.NULL, MemorySegment.NULL, 0);
                    } catch (InterruptedIOException e) {
                        return -1;
                    } finally {
                        ended.incrementAndGet();
                    }
                };
                G<Integer> one = two.go(accept);
                G<Integer> other = two.go(accept);
                Fifo.await(() -> ended.get() != 0);
                one.interrupt();
                other.interrupt();
                assertEquals(-1, Math.min(one.get(), other.get()));
                Syscalls.close(Math.max(one.get(), other.get()));
                Syscalls.close(client);
            }
            Syscalls.close(server);
        }
    }

    @Test
    void onOtherThreadsToo() throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            FutureTask<byte[]> task = new FutureTask<>(() -> Fifo.read(fd, 1));
            Thread thread = virtual ? Thread.ofVirtual().start(task) : Thread.ofPlatform().start(task);
            thread.interrupt();
            assertInstanceOf(InterruptedIOException.class, assertThrows(ExecutionException.class, task::get).getCause());
            thread.join();
        }
    }

    @Test
    void aFileIsClosedByInterruptAsTheJdksChannelsAre() throws Exception {
        BlockingFile file = BlockingFile.open(directory.resolve("fifo").toString(), Fifo.O_RDWR, 0);
        G<?> reader = SCHEDULER.go(() -> file.read(ByteBuffer.allocate(1)));
        reader.interrupt();
        assertInstanceOf(ClosedByInterruptException.class, failure(reader));
        assertFalse(file.isOpen());
        assertThrows(ClosedChannelException.class, () -> file.read(ByteBuffer.allocate(1)));
    }

    @Test
    void aFileThatIsClosedLetsItsReadersGo() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            BlockingFile file = BlockingFile.open(directory.resolve("fifo").toString(), Fifo.O_RDWR, 0);
            G<?> one = SCHEDULER.go(() -> file.read(ByteBuffer.allocateDirect(1)));
            G<?> other = SCHEDULER.go(() -> file.inputStream().read());
            G<?> closer = SCHEDULER.go(() -> {
                file.close();
                return null;
            });
            closer.get();
            assertInstanceOf(ClosedChannelException.class, failure(one)); // an AsynchronousCloseException, or it came too late
            assertInstanceOf(ClosedChannelException.class, failure(other));
        }
        BlockingFile file = BlockingFile.open(directory.resolve("fifo").toString(), Fifo.O_RDWR, 0);
        Thread reader = Thread.ofPlatform().unstarted(() -> assertThrows(AsynchronousCloseException.class, () -> file.read(ByteBuffer.allocate(1))));
        Throwable[] uncaught = {null};
        reader.setUncaughtExceptionHandler((thread, e) -> uncaught[0] = e);
        reader.start();
        Fifo.await(() -> Fifo.isInCall(reader));
        file.close();
        reader.join();
        assertEquals(null, uncaught[0]);
    }

    @Test
    void theDescriptorIsNotGivenBackUnderACall() throws Exception {
        BlockingFile file = BlockingFile.open(directory.resolve("fifo").toString(), Fifo.O_RDWR, 0);
        G<?> reader = SCHEDULER.go(() -> file.read(ByteBuffer.allocate(1)));
        file.close();
        assertInstanceOf(ClosedChannelException.class, failure(reader));
        BlockingFile next = BlockingFile.open(directory.resolve("fifo").toString(), Fifo.O_RDWR, 0);
        assertThrows(ClosedChannelException.class, () -> file.write(ByteBuffer.wrap(HELLO)));
        next.close();
    }
}
