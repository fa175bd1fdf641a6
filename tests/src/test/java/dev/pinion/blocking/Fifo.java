package dev.pinion.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pinion.Syscalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Named pipes for tests, and the numbers of {@code fcntl.h} that x86 and aarch64 share. */
final class Fifo {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0100;
    static final int O_TRUNC = 01000;
    static final int O_NONBLOCK = 04000;
    static final int O_CLOEXEC = 02000000;

    private Fifo() {}

    static String make(Path directory, String name) throws IOException, InterruptedException {
        String path = directory.resolve(name).toString();
        assertEquals(0, new ProcessBuilder("mkfifo", path).inheritIO().start().waitFor());
        return path;
    }

    /** Both ends at once, which does not wait. */
    static int openBoth(String path) throws IOException {
        return Syscalls.open(path, O_RDWR | O_CLOEXEC, 0);
    }

    static byte[] read(int fd, int atMost) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(atMost);
            long n = Syscalls.read(fd, segment);
            return segment.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    static void write(int fd, byte[] bytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            for (long done = 0; done < bytes.length; ) {
                done += Syscalls.write(fd, segment.asSlice(done));
            }
        }
    }

    /** Whether a thread has gone down into {@link Syscalls}' native call. */
    static boolean isInCall(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length > 0 && stack[0].getMethodName().equals("blockingCall");
    }

    static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(100_000);
        }
    }
}
