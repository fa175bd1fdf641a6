package dev.pinion.blocking;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What the tests need of C beside Pinion's calls. */
public final class LibC {
    static final int AF_UNIX = 1;
    static final int SOCK_STREAM = 1;

    private static final int RLIMIT_NOFILE = 7;

    private LibC() {}

    @SuppressWarnings("restricted") // the test run has native access
    private static int call(String name, Object... arguments) throws Throwable {
        ValueLayout[] types = new ValueLayout[arguments.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = arguments[i] instanceof MemorySegment ? ValueLayout.ADDRESS : ValueLayout.JAVA_INT;
        }
        Linker linker = Linker.nativeLinker();
        return (int) linker.downcallHandle(linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, types))
                .invokeWithArguments(arguments);
    }

    /** Sets this process's soft limit of file descriptors. Those that are open stay so. @return the former one */
    public static long limitFiles(long soft) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = arena.allocate(ValueLayout.JAVA_LONG, 2);
            assertTrue(call("getrlimit", RLIMIT_NOFILE, limits) == 0);
            long before = limits.get(ValueLayout.JAVA_LONG, 0);
            limits.set(ValueLayout.JAVA_LONG, 0, soft);
            assertTrue(call("setrlimit", RLIMIT_NOFILE, limits) == 0);
            return before;
        }
    }

    static int[] socketpair() throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pair = arena.allocate(ValueLayout.JAVA_INT, 2);
            assertTrue(call("socketpair", AF_UNIX, SOCK_STREAM, 0, pair) == 0);
            return pair.toArray(ValueLayout.JAVA_INT);
        }
    }

    /** A stream socket, not connected. */
    static int socket() throws Throwable {
        return call("socket", AF_UNIX, SOCK_STREAM, 0);
    }

    /** Binds to a name of the kernel's choice, listens. @return the name, as connect wants it */
    static MemorySegment listen(int fd, Arena arena) throws Throwable {
        MemorySegment name = arena.allocate(128);
        name.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        assertTrue(call("bind", fd, name, 2) == 0 && call("listen", fd, 1) == 0);
        MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, 128);
        assertTrue(call("getsockname", fd, name, length) == 0);
        return name.asSlice(0, length.get(ValueLayout.JAVA_INT, 0));
    }
}
