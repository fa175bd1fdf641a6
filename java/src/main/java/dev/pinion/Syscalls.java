package dev.pinion;

import dev.pinion.nativelib.NativeCallException;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.sched.BlockingCalls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * Linux's blocking calls, for Gs: one that would block hands the P over first, so that other Gs run on this core within microseconds; one
 * that would not costs what the call costs. They work on any thread.
 *
 * <p>Descriptors, flags and structures are the kernel's, for this machine's processor; see section 2 of the manual for each call.
 * A {@code MemorySegment} must be native and stay alive until the call returns: nothing else keeps its arena open. An array has its own
 * variant where it makes sense, and is copied once.
 *
 * <p>What the kernel refuses is an {@link ErrnoException}. {@code EINTR} is never seen: a call goes on after it, unless the calling thread
 * was interrupted; then it is an {@link InterruptedIOException}, the interrupt status stays set, and nothing was transferred. A call that
 * need not wait does its work though the thread is interrupted. {@link #close} cannot be interrupted.
 */
public final class Syscalls {
    private Syscalls() {}

    /** {@code open(2)}. @param path any name without a zero character @param flags {@code O_...} @param mode rights of a new file */
    public static int open(String path, int flags, int mode) throws IOException {
        if (path.indexOf('\0') >= 0) {
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

    private static long addressOf(MemorySegment segment) {
        if (!segment.isNative()) {
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
