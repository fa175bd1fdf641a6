package dev.pinion.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.ErrnoException;
import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.Syscalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every call, on the only P: where it waits, the G that ends its wait is behind it in the queue. */
@Timeout(60)
class SyscallsTest {
    private static final Scheduler SCHEDULER = Scheduler.builder().gomaxprocs(1).unpinned().build();
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int LOCK_UN = 8;

    private final Arena arena = Arena.ofAuto();

    @TempDir
    Path directory;

    @AfterAll
    static void close() {
        SCHEDULER.close();
    }

    /** On a G. {@code other} lies in runnext when {@code call} blocks. */
    private static <T> T whileOtherRuns(Callable<?> other, Callable<T> call) throws Exception {
        return SCHEDULER.go(() -> {
            G<?> behind = SCHEDULER.go(other);
            T result = call.call();
            behind.get();
            return result;
        }).get();
    }

    private MemorySegment text(String text) {
        return arena.allocateFrom(text).asSlice(0, text.length());
    }

    private static String text(MemorySegment segment, long length) {
        return new String(segment.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
    }

    @Test
    void atAnOffset() throws Exception {
        int fd = Syscalls.open(directory.resolve("file").toString(), Fifo.O_RDWR | Fifo.O_CREAT, 0600);
        MemorySegment back = arena.allocate(10);
        assertEquals("2345", SCHEDULER.go(() -> {
            assertEquals(6, Syscalls.pwrite(fd, text("012345"), 0));
            Syscalls.fsync(fd);
            Syscalls.fdatasync(fd);
            return text(back, Syscalls.pread(fd, back, 2));
        }).get());
        assertEquals(22, assertThrows(ErrnoException.class, () -> Syscalls.pread(fd, back, -1)).errno(), "EINVAL");
        Syscalls.close(fd);
    }

    @Test
    void vectors() throws Exception {
        int fd = Fifo.openBoth(Fifo.make(directory, "fifo"));
        MemorySegment one = arena.allocate(2);
        MemorySegment two = arena.allocate(3);
        MemorySegment vectors = arena.allocate(32, 8);
        vectors.set(ValueLayout.JAVA_LONG, 0, one.address());
        vectors.set(ValueLayout.JAVA_LONG, 8, 2);
        vectors.set(ValueLayout.JAVA_LONG, 16, two.address());
        vectors.set(ValueLayout.JAVA_LONG, 24, 3);
        long n = whileOtherRuns(() -> Syscalls.write(fd, text("abcde")), () -> Syscalls.readv(fd, vectors));
        assertEquals(5, n);
        assertEquals("abcde", text(one, 2) + text(two, 3));
        assertEquals(5, Syscalls.writev(fd, vectors));
        assertEquals("abcde", new String(Fifo.read(fd, 10)));
        assertThrows(IllegalArgumentException.class, () -> Syscalls.readv(fd, vectors.asSlice(0, 31)));
        Syscalls.close(fd);
    }

    @Test
    void locks() throws Exception {
        String path = directory.resolve("file").toString();
        int mine = Syscalls.open(path, Fifo.O_RDWR | Fifo.O_CREAT, 0600);
        int theirs = Syscalls.open(path, Fifo.O_RDWR, 0);
        Syscalls.flock(theirs, LOCK_EX);
        assertEquals(11, assertThrows(ErrnoException.class, () -> Syscalls.flock(mine, LOCK_EX | LOCK_NB)).errno(), "EWOULDBLOCK");
        whileOtherRuns(
                () -> {
                    Syscalls.flock(theirs, LOCK_UN);
                    return null;
                },
                () -> {
                    Syscalls.flock(mine, LOCK_EX);
                    return null;
                });
        Syscalls.close(mine);
        Syscalls.close(theirs);
    }

    @Test
    void socketsThatAreConnected() throws Throwable {
        int[] pair = LibC.socketpair();
        MemorySegment back = arena.allocate(10);
        assertEquals(3, whileOtherRuns(() -> Syscalls.send(pair[1], text("abc"), 0), () -> Syscalls.recv(pair[0], back, 0)));
        assertEquals("abc", text(back, 3));
        MemorySegment message = arena.allocate(56, 8);
        MemorySegment vector = arena.allocate(16, 8);
        vector.set(ValueLayout.JAVA_LONG, 0, back.address());
        vector.set(ValueLayout.JAVA_LONG, 8, 3);
        message.set(ValueLayout.JAVA_LONG, 16, vector.address());
        message.set(ValueLayout.JAVA_LONG, 24, 1);
        back.set(ValueLayout.JAVA_BYTE, 0, (byte) 'x');
        assertEquals(3, Syscalls.sendmsg(pair[1], message, 0));
        back.fill((byte) 0);
        assertEquals(3, Syscalls.recvmsg(pair[0], message, 0));
        assertEquals("xbc", text(back, 3));
        assertEquals(3, whileOtherRuns(() -> Syscalls.sendmsg(pair[1], message, 0), () -> Syscalls.recvmsg(pair[0], message, 0)));
        assertThrows(IllegalArgumentException.class, () -> Syscalls.recvmsg(pair[0], vector, 0));
        Syscalls.close(pair[1]);
        assertEquals(0, Syscalls.recv(pair[0], back, 0));
        Syscalls.close(pair[0]);
    }

    @Test
    void socketsThatConnect() throws Throwable {
        int server = LibC.socket();
        MemorySegment name = LibC.listen(server, arena);
        int client = LibC.socket();
        int accepted = whileOtherRuns(
                () -> {
                    Syscalls.connect(client, name);
                    return null;
                },
                () -> Syscalls.accept(server, MemorySegment.NULL, MemorySegment.NULL, 0));
        Syscalls.send(client, text("abc"), 0);
        assertEquals("abc", new String(Fifo.read(accepted, 10)));
        for (int fd : new int[] {server, client, accepted}) {
            Syscalls.close(fd);
        }
    }

    @Test
    void pollWaitsAndTimesOut() throws Exception {
        int fd = Fifo.openBoth(Fifo.make(directory, "fifo"));
        MemorySegment fds = arena.allocate(8, 4);
        fds.set(ValueLayout.JAVA_INT, 0, fd);
        fds.set(ValueLayout.JAVA_SHORT, 4, (short) 1);
        assertEquals(0, Syscalls.poll(fds, 0));
        assertEquals(0, SCHEDULER.go(() -> Syscalls.poll(fds, 1)).get());
        assertEquals(1, whileOtherRuns(() -> Syscalls.write(fd, text("a")), () -> Syscalls.poll(fds, -1)));
        assertEquals(1, fds.get(ValueLayout.JAVA_SHORT, 6));
        Syscalls.close(fd);
    }

    @Test
    void nanosleepHoldsTheThreadAndNotTheP() throws Exception {
        long start = System.nanoTime();
        long other = whileOtherRuns(() -> null, () -> {
            Syscalls.nanosleep(20_000_000);
            return System.nanoTime();
        });
        assertTrue(other - start >= 20_000_000);
    }

    @Test
    void childrenThatAreNotThere() {
        MemorySegment status = arena.allocate(4, 4);
        assertEquals(10, assertThrows(ErrnoException.class, () -> Syscalls.waitpid(Integer.MAX_VALUE, status, 0)).errno(), "ECHILD");
    }

    @Test
    void segmentsOfTheHeapAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Syscalls.read(0, MemorySegment.ofArray(new byte[1])));
        assertThrows(IllegalArgumentException.class, () -> Syscalls.open("a\0b", 0, 0));
    }
}
