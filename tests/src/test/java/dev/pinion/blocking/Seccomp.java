package dev.pinion.blocking;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * System calls that fail as a test says. A filter of seccomp(2) answers in place of the kernel: for one thread, and for those it starts
 * afterwards, for good. Needs no privilege.
 */
public final class Seccomp {
    /** A system call, by its number on either processor. */
    public enum Call {
        READ(0, 63), PREAD(17, 67), READV(19, 65), WRITE(1, 64), PWRITE(18, 68), WRITEV(20, 66), PREADV2(327, 286), PWRITEV2(328, 287),
        OPENAT(257, 56), OPENAT2(437, 437), FSTAT(5, 80), NEWFSTATAT(262, 79), STATX(332, 291), FCNTL(72, 25), FSYNC(74, 82), FDATASYNC(75, 83), FLOCK(73, 32),
        ACCEPT4(288, 242), CONNECT(42, 203), RECVFROM(45, 207), SENDTO(44, 206), RECVMSG(47, 212), SENDMSG(46, 211),
        POLL(7, -1), PPOLL(271, 73), CLOCK_NANOSLEEP(230, 115), WAIT4(61, 260), CLOSE(3, 57), LSEEK(8, 62), FTRUNCATE(77, 46),
        EPOLL_CTL(233, 21), EPOLL_PWAIT2(441, 441), SCHED_SETATTR(314, 274), SCHED_GETATTR(315, 275), SCHED_SETAFFINITY(203, 122), SCHED_SETSCHEDULER(144, 119);

        final int number;

        Call(int x86, int aarch64) {
            number = System.getProperty("os.arch").equals("amd64") ? x86 : aarch64;
        }
    }

    public static final int EPERM = 1;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EBADF = 9;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int EFAULT = 14;
    static final int EINVAL = 22;
    static final int ENFILE = 23;
    static final int EMFILE = 24;
    static final int EFBIG = 27;
    static final int ENOSPC = 28;
    static final int EPIPE = 32;
    static final int ENOLCK = 37;
    public static final int ENOSYS = 38;
    static final int ENOBUFS = 105;
    static final int EOPNOTSUPP = 95;
    static final int ECONNABORTED = 103;
    static final int ECONNRESET = 104;
    static final int ECONNREFUSED = 111;
    static final int ETIMEDOUT = 110;
    static final int EDQUOT = 122;

    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_SET_SECCOMP = 22;
    private static final int SECCOMP_MODE_FILTER = 2;
    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int RET_ERRNO = 0x50000;
    private static final int RET_ALLOW = 0x7fff0000;
    private static final int INSTRUCTION_BYTES = 8;

    private static final int SECCOMP = System.getProperty("os.arch").equals("amd64") ? 317 : 277;
    private static final int SECCOMP_SET_MODE_FILTER = 1;
    private static final int SECCOMP_FILTER_FLAG_TSYNC = 1;

    private static final MethodHandle PRCTL = prctl();

    private Seccomp() {}

    @SuppressWarnings("restricted") // the test run has native access
    private static MethodHandle prctl() {
        Linker linker = Linker.nativeLinker();
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        return linker.downcallHandle(linker.defaultLookup().findOrThrow("prctl"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, word, word, word, word), Linker.Option.firstVariadicArg(1));
    }

    /** Loads all that {@link #fail} needs: there must be no class to load once a thread's calls fail. */
    public static void prepare() throws Throwable {
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0);
        try (Arena arena = Arena.ofConfined()) {
            program(arena, EIO);
        }
    }

    /** From now on these calls of the calling thread fail with this error; one that the processor does not have is left out. */
    public static void fail(int errno, Call... calls) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = program(arena, errno, calls);
            prctl(PR_SET_NO_NEW_PRIVS, 1, 0);
            prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program.address());
        }
    }

    /** As {@link #fail}, for all threads of the process. */
    @SuppressWarnings("restricted") // the test run has native access
    public static void failEverywhere(int errno, Call... calls) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle seccomp = linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"), FunctionDescriptor.of(ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG), Linker.Option.firstVariadicArg(1));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = program(arena, errno, calls);
            prctl(PR_SET_NO_NEW_PRIVS, 1, 0);
            if ((long) seccomp.invokeExact((long) SECCOMP, (long) SECCOMP_SET_MODE_FILTER, (long) SECCOMP_FILTER_FLAG_TSYNC, program.address()) != 0) {
                throw new AssertionError("seccomp(2) was refused");
            }
        }
    }

    /** prctl(2), which is to succeed. */
    public static void prctl(int what, long a, long b) throws Throwable {
        if ((int) PRCTL.invokeExact(what, a, b, 0L, 0L) != 0) { // an assertion of JUnit's is not there in every JVM that does this
            throw new AssertionError("prctl(2) " + what + " was refused");
        }
    }

    /** A {@code struct sock_fprog}: the number of a call, held against each of these. */
    private static MemorySegment program(Arena arena, int errno, Call... calls) {
        MemorySegment filter = arena.allocate((calls.length + 3L) * INSTRUCTION_BYTES, 8);
        int at = 0;
        put(filter, at++, LOAD_WORD, 0, 0);
        for (int i = 0; i < calls.length; i++) {
            put(filter, at++, JUMP_IF_EQUAL, calls.length - i, calls[i].number);
        }
        put(filter, at++, RETURN, 0, RET_ALLOW);
        put(filter, at++, RETURN, 0, RET_ERRNO | errno);
        MemorySegment program = arena.allocate(16, 8);
        program.set(ValueLayout.JAVA_SHORT, 0, (short) at);
        program.set(ValueLayout.JAVA_LONG, 8, filter.address());
        return program;
    }

    private static void put(MemorySegment filter, int index, int code, int jumpIfTrue, int k) {
        long at = (long) index * INSTRUCTION_BYTES;
        filter.set(ValueLayout.JAVA_SHORT, at, (short) code);
        filter.set(ValueLayout.JAVA_BYTE, at + 2, (byte) jumpIfTrue);
        filter.set(ValueLayout.JAVA_INT, at + 4, k);
    }
}
