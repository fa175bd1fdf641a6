package dev.pinion.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/**
 * The tests of the blocking calls once more, under a profiler's signal at 1 kHz that makes every call return EINTR: to whoever runs, by a
 * timer, and to all the others, by a thread. Nothing comes out differently.
 */
class UnderSignalsTest {
    private static final int SIGPROF = 27;
    private static final int ITIMER_PROF = 2;
    private static final int SIGACTION_BYTES = 152;
    private static final long PERIOD_MICROS = 1_000;

    private static volatile boolean over;
    private static Thread storm;
    private static long sent;

    @BeforeAll
    static void begin() throws Throwable {
        MemorySegment action = Arena.global().allocate(SIGACTION_BYTES, 8); // no flags: no SA_RESTART
        action.set(ValueLayout.JAVA_LONG, 0, address("abs")); // does nothing
        assertEquals(0, (int) handle("sigaction", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS)
                .invokeWithArguments(SIGPROF, action, MemorySegment.NULL));
        setTimer(PERIOD_MICROS);
        MethodHandle tgkill = handle("tgkill", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        int pid = (int) ProcessHandle.current().pid();
        storm = Thread.ofPlatform().daemon().start(() -> {
            while (!over) {
                for (String tid : new File("/proc/self/task").list()) {
                    signal(tgkill, pid, Integer.parseInt(tid));
                }
                LockSupport.parkNanos(PERIOD_MICROS * 1_000);
            }
        });
    }

    private static void signal(MethodHandle tgkill, int pid, int tid) {
        try {
            if ((int) tgkill.invokeExact(pid, tid, SIGPROF) == 0) {
                sent++;
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @AfterAll
    static void end() throws Throwable {
        setTimer(0);
        over = true;
        storm.join();
        assertTrue(sent > 1_000, "only " + sent + " signals were sent");
    }

    private static void setTimer(long micros) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment period = arena.allocate(32, 8);
            period.set(ValueLayout.JAVA_LONG, 8, micros);
            period.set(ValueLayout.JAVA_LONG, 24, micros);
            assertEquals(0, (int) handle("setitimer", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS)
                    .invokeWithArguments(ITIMER_PROF, period, MemorySegment.NULL));
        }
    }

    private static long address(String name) {
        return Linker.nativeLinker().defaultLookup().findOrThrow(name).address();
    }

    @SuppressWarnings("restricted") // the test run has native access
    private static MethodHandle handle(String name, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    @Nested
    class Announced extends AnnouncedCallsTest {}

    @Nested
    class All extends SyscallsTest {}

    @Nested
    class Errors extends ErrnoTest {}

    @Nested
    class Files extends BlockingFileTest {}

    @Nested
    class Interrupts extends BlockedInterruptTest {}

    @Nested
    class Closing extends CloseWhileBlockedTest {}

    @Nested
    class Bytes extends EveryByteTest {}
}
