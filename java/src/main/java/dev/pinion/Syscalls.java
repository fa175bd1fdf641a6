package dev.pinion;

import dev.pinion.nativelib.NativeCallException;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.sched.BlockingCalls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Objects;

/**
 * Linux's blocking calls, for Gs: one that would block hands the P over first, so that other Gs run on this core within microseconds; one
 * that would not costs what the call costs. They work on any thread.
 *
 * <p>Descriptors, flags and structures are the kernel's, for this machine's processor; see section 2 of the manual for each call.
 * A {@code MemorySegment} must be native and stay alive until the call returns: nothing else keeps its arena open.
 * {@link BlockingFile} takes arrays.
 *
 * <p>What the kernel refuses is an {@link ErrnoException}. {@code EINTR} is never seen: a call goes on after it, unless the calling thread
 * was interrupted; then it is an {@link InterruptedIOException}, the interrupt status stays set, and nothing was transferred. A call that
 * need not wait does its work though the thread is interrupted. {@link #fsync}, {@link #fdatasync} and {@link #close} cannot be interrupted;
 * of {@link #open}, only the wait for the other end of a FIFO can.
 */
public final class Syscalls {
    static final int O_CLOEXEC = 02000000;

    private static final int IOVEC_BYTES = 16;
    private static final int POLLFD_BYTES = 8;
    private static final int MSGHDR_BYTES = 56;

    private Syscalls() {}

    /** {@code open(2)}. @param path any name without a zero character @param flags {@code O_...} @param mode rights of a new file */
    public static int open(String path, int flags, int mode) throws IOException {
        if (Objects.requireNonNull(path, "the path is null").indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a path cannot have a zero character in it");
        }
        try (Arena arena = Arena.ofConfined()) {
            long result = BlockingCalls.call(SharedLayout.OP_OPEN, null, arena.allocateFrom(path).address(), flags, mode, 0);
            return (int) check("open of " + path, result);
        }
    }

    /**
     * {@code read(2)}.
     *
     * @return how many bytes, at most as many as the segment has and at least one; 0 at the end of the file
     */
    public static long read(int fd, MemorySegment to) throws IOException {
        return transfer("read", SharedLayout.OP_READ, fd, to, 0);
    }

    /** {@code write(2)}. @return how many bytes were written, which may be fewer than there are */
    public static long write(int fd, MemorySegment from) throws IOException {
        return transfer("write", SharedLayout.OP_WRITE, fd, from, 0);
    }

    /** {@code pread(2)}: at {@code offset}, which is not negative; the file's own position stays. */
    public static long pread(int fd, MemorySegment to, long offset) throws IOException {
        return transfer("pread", SharedLayout.OP_PREAD, fd, to, offset);
    }

    /** {@code pwrite(2)}: at {@code offset}, which is not negative; the file's own position stays. */
    public static long pwrite(int fd, MemorySegment from, long offset) throws IOException {
        return transfer("pwrite", SharedLayout.OP_PWRITE, fd, from, offset);
    }

    /** {@code readv(2)}. @param vectors an array of {@code struct iovec}, whole ones; what it points to must stay alive too */
    public static long readv(int fd, MemorySegment vectors) throws IOException {
        return vectored("readv", SharedLayout.OP_READV, fd, vectors);
    }

    /** {@code writev(2)}. @param vectors as for {@link #readv} */
    public static long writev(int fd, MemorySegment vectors) throws IOException {
        return vectored("writev", SharedLayout.OP_WRITEV, fd, vectors);
    }

    /** {@code fsync(2)}. Cannot be interrupted. */
    public static void fsync(int fd) throws IOException {
        check("fsync", BlockingCalls.uninterruptible(SharedLayout.OP_FSYNC, fd, 0, 0, 0));
    }

    /** {@code fdatasync(2)}. Cannot be interrupted. */
    public static void fdatasync(int fd) throws IOException {
        check("fdatasync", BlockingCalls.uninterruptible(SharedLayout.OP_FDATASYNC, fd, 0, 0, 0));
    }

    /** {@code flock(2)}. @param operation {@code LOCK_...}; with {@code LOCK_NB} a lock that is held is an error, as there */
    public static void flock(int fd, int operation) throws IOException {
        check("flock", BlockingCalls.call(SharedLayout.OP_FLOCK, null, fd, operation, 0, 0));
    }

    /**
     * {@code accept4(2)}.
     *
     * @param address where the peer's address goes, or {@link MemorySegment#NULL}
     * @param length an int, the room there and then the length; NULL with it
     * @param flags {@code SOCK_CLOEXEC}, {@code SOCK_NONBLOCK}
     * @return the connection's descriptor
     */
    public static int accept(int fd, MemorySegment address, MemorySegment length, int flags) throws IOException {
        try {
            return (int) check("accept", BlockingCalls.call(SharedLayout.OP_ACCEPT, null, fd, addressOf(address), addressOf(length), flags));
        } finally {
            Reference.reachabilityFence(address);
            Reference.reachabilityFence(length);
        }
    }

    /** {@code connect(2)}; one that was interrupted goes on in the kernel, and the socket is of no other use then. @param address all of it */
    public static void connect(int fd, MemorySegment address) throws IOException {
        transfer("connect", SharedLayout.OP_CONNECT, fd, address, 0);
    }

    /** {@code recv(2)}. @param flags {@code MSG_...} @return how many bytes; 0: the peer sends no more */
    public static long recv(int fd, MemorySegment to, int flags) throws IOException {
        return transfer("recv", SharedLayout.OP_RECV, fd, to, flags);
    }

    /** {@code send(2)}. @param flags {@code MSG_...} @return how many bytes were sent, which may be fewer than there are */
    public static long send(int fd, MemorySegment from, int flags) throws IOException {
        return transfer("send", SharedLayout.OP_SEND, fd, from, flags);
    }

    /** {@code recvmsg(2)}. @param message a {@code struct msghdr}; what it points to must stay alive too */
    public static long recvmsg(int fd, MemorySegment message, int flags) throws IOException {
        return message("recvmsg", SharedLayout.OP_RECVMSG, fd, message, flags);
    }

    /** {@code sendmsg(2)}. @param message as for {@link #recvmsg} */
    public static long sendmsg(int fd, MemorySegment message, int flags) throws IOException {
        return message("sendmsg", SharedLayout.OP_SENDMSG, fd, message, flags);
    }

    /**
     * {@code poll(2)}.
     *
     * @param fds an array of {@code struct pollfd}, whole ones
     * @param timeoutMillis negative: no limit
     * @return how many of them have something
     */
    public static int poll(MemorySegment fds, int timeoutMillis) throws IOException {
        try {
            return (int) check("poll", BlockingCalls.call(
                    SharedLayout.OP_POLL, null, addressOf(fds), whole(fds, POLLFD_BYTES, "struct pollfd"), timeoutMillis, 0));
        } finally {
            Reference.reachabilityFence(fds);
        }
    }

    /** {@code nanosleep(2)}, on the monotonic clock: holds its thread, where {@code Thread.sleep} lets it go. For comparison and tests. */
    public static void nanosleep(long nanos) throws IOException {
        check("nanosleep", BlockingCalls.call(SharedLayout.OP_NANOSLEEP, null, nanos, 0, 0, 0));
    }

    /**
     * {@code waitpid(2)}. The JDK waits for the processes that it starts itself: this is for those of native code.
     *
     * @param status an int for the status, or {@link MemorySegment#NULL}
     * @return the process; 0: with {@code WNOHANG}, none has ended
     */
    public static int waitpid(int pid, MemorySegment status, int options) throws IOException {
        try {
            return (int) check("waitpid", BlockingCalls.call(SharedLayout.OP_WAITPID, null, pid, addressOf(status), options, 0));
        } finally {
            Reference.reachabilityFence(status);
        }
    }

    private static long vectored(String name, int op, int fd, MemorySegment vectors) throws IOException {
        try {
            return check(name, BlockingCalls.call(op, null, fd, addressOf(vectors), whole(vectors, IOVEC_BYTES, "struct iovec"), 0));
        } finally {
            Reference.reachabilityFence(vectors);
        }
    }

    private static long message(String name, int op, int fd, MemorySegment message, int flags) throws IOException {
        if (checked(message).byteSize() < MSGHDR_BYTES) {
            throw new IllegalArgumentException("a struct msghdr has " + MSGHDR_BYTES + " bytes, and the segment has " + message.byteSize());
        }
        try {
            return check(name, BlockingCalls.call(op, null, fd, addressOf(message), flags, 0));
        } finally {
            Reference.reachabilityFence(message);
        }
    }

    private static long whole(MemorySegment array, int bytesEach, String what) {
        if (checked(array).byteSize() % bytesEach != 0) {
            throw new IllegalArgumentException("each " + what + " has " + bytesEach + " bytes, and the segment has " + array.byteSize());
        }
        return array.byteSize() / bytesEach;
    }

    /** {@code close(2)}. Who is blocked on the descriptor stays so: {@link BlockingFile} does better. Cannot be interrupted. */
    public static void close(int fd) throws IOException {
        check("close", BlockingCalls.uninterruptible(SharedLayout.OP_CLOSE, fd, 0, 0, 0));
    }

    private static long transfer(String name, int op, int fd, MemorySegment segment, long offset) throws IOException {
        try {
            return check(name, BlockingCalls.call(op, null, fd, addressOf(segment), segment.byteSize(), offset));
        } finally {
            Reference.reachabilityFence(segment);
        }
    }

    private static MemorySegment checked(MemorySegment segment) {
        return Objects.requireNonNull(segment, "the segment is null; MemorySegment.NULL is for what may be left out");
    }

    private static long addressOf(MemorySegment segment) {
        if (!checked(segment).isNative()) {
            throw new IllegalArgumentException("the segment lies in the heap, which may move while the kernel uses it; take a native one");
        }
        return segment.address();
    }

    static long check(String call, long result) throws IOException {
        if (result >= 0) {
            return result;
        }
        if (result == -NativeCallException.EINTR) {
            throw new InterruptedIOException(call + " was interrupted");
        }
        throw new ErrnoException(call, (int) -result);
    }
}
