package dev.pinion.blocking;

import static dev.pinion.blocking.Seccomp.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.pinion.BlockingFile;
import dev.pinion.ErrnoException;
import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.Syscalls;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each call, with each error that the kernel may answer: what it said comes out, the G goes on, and the only P with it. And kernels, or the
 * filters of containers, that have not the newer calls: the older ones do.
 */
@Timeout(120)
class ErrnoTest {
    private static final int LOCK_EX = 2;
    private static final int[] ALL = {EPERM, EIO, EBADF, ENOMEM, EACCES, EFAULT, EINVAL, ENOSYS};

    private final Arena arena = Arena.ofShared();
    private final List<Row> rows = new ArrayList<>();

    @TempDir
    Path directory;

    private int fifo;
    private int fullFifo;
    private int file;
    private int server;
    private int client;
    private int[] pair;
    private MemorySegment name;
    private MemorySegment bytes;
    private MemorySegment vector;
    private MemorySegment message;
    private MemorySegment pollfd;

    private record Row(String name, Callable<?> call, int[] errnos, Call... carriers) {}

    @BeforeEach
    void open() throws Throwable {
        Seccomp.prepare();
        fifo = Fifo.openBoth(Fifo.make(directory, "fifo"));
        fullFifo = Syscalls.open(Fifo.make(directory, "full"), Fifo.O_RDWR | Fifo.O_NONBLOCK, 0);
        MemorySegment much = arena.allocate(1 << 16);
        assertThrows(ErrnoException.class, () -> {
            while (true) {
                Syscalls.write(fullFifo, much);
            }
        });
        file = Syscalls.open(directory.resolve("file").toString(), Fifo.O_RDWR | Fifo.O_CREAT, 0600);
        bytes = arena.allocate(8);
        Syscalls.write(file, bytes);
        server = LibC.socket();
        client = LibC.socket();
        name = LibC.listen(server, arena);
        pair = LibC.socketpair();
        vector = arena.allocate(16, 8);
        vector.set(ValueLayout.JAVA_LONG, 0, bytes.address());
        vector.set(ValueLayout.JAVA_LONG, 8, bytes.byteSize());
        message = arena.allocate(56, 8);
        message.set(ValueLayout.JAVA_LONG, 16, vector.address());
        message.set(ValueLayout.JAVA_LONG, 24, 1);
        pollfd = arena.allocate(8, 4);
        pollfd.set(ValueLayout.JAVA_INT, 0, fifo);
        pollfd.set(ValueLayout.JAVA_SHORT, 4, (short) 1);
    }

    @AfterEach
    void close() throws Exception {
        for (int fd : new int[] {fifo, fullFifo, file, server, client, pair[0], pair[1]}) {
            Syscalls.close(fd);
        }
        arena.close();
    }

    /** On the only P of a new scheduler, whose M gets the filter; then other Gs run there. */
    private static <T> T withFailing(int errno, Callable<T> call, Call... carriers) throws Exception {
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(1).unpinned().build()) {
            G<T> g = scheduler.go(() -> {
                try {
                    Seccomp.fail(errno, carriers);
                } catch (Throwable e) {
                    throw new AssertionError(e);
                }
                return call.call();
            });
            try {
                return g.get();
            } finally {
                for (int i = 0; i < 3; i++) {
                    assertEquals(i, scheduler.go(Integer.valueOf(i)::intValue).get(), "the P is lost");
                }
            }
        }
    }

    private void row(String name, Callable<?> call, int[] errnos, Call... carriers) {
        rows.add(new Row(name, call, errnos, carriers));
    }

    private static Callable<?> of(Action action) {
        return () -> {
            action.run();
            return null;
        };
    }

    private interface Action {
        void run() throws Exception;
    }

    private static int[] and(int... more) {
        int[] all = Arrays.copyOf(ALL, ALL.length + more.length);
        System.arraycopy(more, 0, all, ALL.length, more.length);
        return all;
    }

    @TestFactory
    List<DynamicTest> whatTheKernelSaysComesOut() {
        int[] tried = {EIO, EBADF, ENOMEM, EFAULT, EINVAL};
        String path = directory.resolve("file").toString();
        row("read, when it waits", () -> Syscalls.read(fifo, bytes), and(EAGAIN, ECONNRESET), Call.READ);
        row("readv, when it waits", () -> Syscalls.readv(fifo, vector), ALL, Call.READV);
        row("read, when it is tried", () -> Syscalls.read(file, bytes), tried, Call.PREADV2);
        row("pread, when it is tried", () -> Syscalls.pread(file, bytes, 0), tried, Call.PREADV2);
        row("write, when it is tried", () -> Syscalls.write(file, bytes), new int[] {EIO, EFBIG, ENOSPC, EDQUOT, EPIPE}, Call.PWRITEV2);
        row("write, when it seldom waits", () -> Syscalls.write(file, bytes), new int[] {ENOSYS, EPERM}, Call.PWRITEV2, Call.WRITE);
        row("pwrite, when it seldom waits", () -> Syscalls.pwrite(file, bytes, 0), new int[] {ENOSYS, EPERM}, Call.PWRITEV2, Call.PWRITE);
        row("writev, when it seldom waits", () -> Syscalls.writev(file, vector), new int[] {ENOSYS, EPERM}, Call.PWRITEV2, Call.WRITEV);
        row("pread, when it seldom waits", () -> Syscalls.pread(file, bytes, 0), new int[] {ENOSYS, EPERM}, Call.PREADV2, Call.PREAD);
        row("open", () -> Syscalls.open(path, 0, 0), and(ENFILE, EMFILE), Call.OPENAT);
        row("open that makes the file", () -> Syscalls.open(path + 1, Fifo.O_RDWR | Fifo.O_CREAT, 0600), and(ENOSPC, EDQUOT), Call.OPENAT);
        row("fsync", of(() -> Syscalls.fsync(file)), and(ENOSPC, EDQUOT, EAGAIN), Call.FSYNC);
        row("fdatasync", of(() -> Syscalls.fdatasync(file)), and(ENOSPC, EDQUOT), Call.FDATASYNC);
        row("flock", of(() -> Syscalls.flock(file, LOCK_EX)), and(ENOLCK), Call.FLOCK);
        row("accept", () -> Syscalls.accept(server, MemorySegment.NULL, MemorySegment.NULL, 0),
                and(EMFILE, ENFILE, ENOBUFS, ECONNABORTED, EAGAIN), Call.ACCEPT4);
        row("connect", of(() -> Syscalls.connect(client, name)), and(ECONNREFUSED, ETIMEDOUT, EAGAIN), Call.CONNECT);
        row("recv", () -> Syscalls.recv(pair[0], bytes, 0), and(ECONNRESET, ETIMEDOUT), Call.RECVFROM);
        row("send", () -> Syscalls.send(pair[0], bytes, 0), and(EPIPE, ENOBUFS, ECONNRESET), Call.SENDTO);
        row("recvmsg", () -> Syscalls.recvmsg(pair[0], message, 0), and(ECONNRESET), Call.RECVMSG);
        row("sendmsg", () -> Syscalls.sendmsg(pair[0], message, 0), and(EPIPE), Call.SENDMSG);
        row("poll", () -> Syscalls.poll(pollfd, 10_000), and(EAGAIN), Call.POLL, Call.PPOLL);
        row("nanosleep", of(() -> Syscalls.nanosleep(1)), ALL, Call.CLOCK_NANOSLEEP);
        row("waitpid", () -> Syscalls.waitpid(-1, MemorySegment.NULL, 0), ALL, Call.WAIT4);
        row("close", of(() -> Syscalls.close(Integer.MAX_VALUE)), and(ENOSPC, EDQUOT), Call.CLOSE);
        List<DynamicTest> tests = new ArrayList<>();
        for (Row row : rows) {
            tests.add(dynamicTest(row.name, () -> {
                assertThrows(Exception.class, () -> withFailing(EFAULT, row.call, row.carriers)); // loads every class of its way
                for (int errno : row.errnos) {
                    ExecutionException e = assertThrows(ExecutionException.class, () -> withFailing(errno, row.call, row.carriers), row.name + errno);
                    assertEquals(errno, assertInstanceOf(ErrnoException.class, e.getCause()).errno(), row.name);
                }
            }));
        }
        return tests;
    }

    /** ENOSYS: an old kernel. EPERM: the filter of a container that was made before the call was. */
    @Test
    void withoutTheNewerCallsTheOlderOnesDo() throws Exception {
        Call[] newer = {Call.PREADV2, Call.PWRITEV2, Call.OPENAT2, Call.STATX};
        String path = directory.resolve("file").toString();
        for (int errno : new int[] {ENOSYS, EPERM}) {
            assertEquals(8L, withFailing(errno, () -> Syscalls.pread(file, bytes, 0), newer));
            assertEquals(8L, withFailing(errno, () -> Syscalls.pwrite(file, bytes, 0), newer));
            withFailing(errno, () -> {
                Syscalls.close(Syscalls.open(path, 0, 0));
                Syscalls.close(Syscalls.open(path + errno, Fifo.O_RDWR | Fifo.O_CREAT, 0600));
                return null;
            }, newer);
            assertEquals(8L, withFailing(errno, () -> {
                Syscalls.write(fifo, bytes);
                return Syscalls.read(fifo, bytes);
            }, newer));
            assertEquals(8L, withFailing(errno, () -> {
                try (BlockingFile opened = BlockingFile.open(path, 0, 0)) {
                    return opened.size();
                }
            }, newer));
            assertEquals(EAGAIN, assertInstanceOf(ErrnoException.class, assertThrows(ExecutionException.class,
                    () -> withFailing(errno, () -> Syscalls.write(fullFifo, bytes), newer)).getCause()).errno());
            waitsForTheOther(errno, newer);
        }
    }

    /** A tried call that a signal struck has not said whether it would wait. */
    @Test
    void anInterruptedTryIsNoInterrupt() throws Exception {
        assertEquals(8L, withFailing(EINTR, () -> Syscalls.pread(file, bytes, 0), Call.PREADV2));
        assertEquals(8L, withFailing(EINTR, () -> Syscalls.pwrite(file, bytes, 0), Call.PWRITEV2));
        waitsForTheOther(EINTR, Call.PREADV2);
    }

    /** The reader blocks, and the other G, on the same P, writes. */
    private void waitsForTheOther(int errno, Call... failing) throws Exception {
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(1).unpinned().build()) {
            assertArrayEquals(new byte[3], scheduler.go(() -> {
                try {
                    Seccomp.fail(errno, failing);
                } catch (Throwable e) {
                    throw new AssertionError(e);
                }
                scheduler.go(() -> {
                    Fifo.write(fifo, new byte[3]);
                    return null;
                });
                return Fifo.read(fifo, 8);
            }).get());
        }
    }

    /** Signals without end: the call goes on and on, others run, and an interrupt ends it. */
    @Test
    void aCallThatOnlyMeetsSignalsIsEndedByAnInterrupt() throws Exception {
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(1).unpinned().build()) {
            G<?> reader = scheduler.go(() -> {
                try {
                    Seccomp.fail(EINTR, Call.READ);
                } catch (Throwable e) {
                    throw new AssertionError(e);
                }
                return Syscalls.read(fifo, bytes);
            });
            for (int i = 0; i < 20; i++) {
                scheduler.go(() -> {}).get();
            }
            reader.interrupt();
            assertInstanceOf(InterruptedIOException.class, assertThrows(ExecutionException.class, reader::get).getCause());
        }
    }
}
