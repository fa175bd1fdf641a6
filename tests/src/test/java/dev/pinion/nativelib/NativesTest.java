package dev.pinion.nativelib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import jdk.internal.misc.Unsafe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the C tests cannot see: the way from Java and back. */
@Timeout(60)
class NativesTest {
    private static final Unsafe U = Unsafe.getUnsafe();
    private long address;

    @BeforeAll
    static void load() {
        Boot.withLibrary();
    }

    @BeforeEach
    void map() {
        address = NativeCallException.check("mapShared", Natives.mapShared(4096));
    }

    @AfterEach
    void unmap() {
        assertEquals(0, Natives.unmapShared(address, 4096));
    }

    @Test
    void getpidIsThisProcess() {
        assertEquals(ProcessHandle.current().pid(), Natives.getpid());
    }

    @Test
    void gettidIsAThreadOfThisProcess() {
        assertTrue(Files.isDirectory(Path.of("/proc/self/task/" + Natives.gettid())));
    }

    @Test
    void aFutexSleeperIsWoken() throws InterruptedException {
        int[] result = {1};
        Thread sleeper = new Thread(() -> {
            result[0] = Natives.futexWait(address, 0, -1);
        });
        sleeper.start();
        while (Natives.futexWake(address, 1) == 0) {
            Thread.onSpinWait();
        }
        sleeper.join();
        assertEquals(0, result[0]);
    }

    @Test
    void aSleeperHoldsUpNoCollection() throws InterruptedException {
        Thread sleeper = new Thread(() -> {
            while (U.getIntVolatile(null, address) == 0) {
                Natives.futexWait(address, 0, -1);
            }
        });
        sleeper.start();
        System.gc();
        U.putIntVolatile(null, address, 1);
        Natives.futexWake(address, 1);
        sleeper.join();
    }

    @Test
    void futexResultsAreNegativeErrnos() {
        assertEquals(-NativeCallException.EAGAIN, Natives.futexWait(address, 1, -1));
        long start = System.nanoTime();
        assertEquals(-NativeCallException.ETIMEDOUT, Natives.futexWait(address, 0, TimeUnit.MILLISECONDS.toNanos(1)));
        assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(1));
    }

    @Test
    void masksGoBothWays() {
        long[] mask = new long[128];
        int words = Natives.getAffinity(0, mask);
        assertTrue(words > 0);
        assertEquals(0, Natives.setAffinity(0, mask));
        long[] again = new long[128];
        Arrays.fill(again, -1);
        assertEquals(words, Natives.getAffinity(0, again));
        assertArrayEquals(mask, again);
    }

    @Test
    void masksOfWrongLengthAreInvalid() {
        assertEquals(-NativeCallException.EINVAL, Natives.getAffinity(0, new long[0]));
        assertEquals(-NativeCallException.EINVAL, Natives.setAffinity(0, new long[0]));
        assertEquals(-NativeCallException.EINVAL, Natives.setAffinity(0, new long[129]));
        assertEquals(-NativeCallException.EINVAL, Natives.setProcessMask(new long[129]));
        assertEquals(-NativeCallException.EINVAL, Natives.setAffinity(0, new long[1]));
    }

    @Test
    void negativeSizesAndTimesAreInvalid() {
        assertEquals(-NativeCallException.EINVAL, Natives.mapShared(0));
        assertEquals(-NativeCallException.EINVAL, Natives.mapShared(-1));
        assertEquals(-NativeCallException.EINVAL, Natives.setSlice(0, -1));
        assertEquals(-NativeCallException.EINVAL, Natives.setTimerSlack(-1));
    }

    @Test
    void cpuTimeGrowsWithWork() {
        int tid = Natives.gettid();
        long before = Natives.threadCpuNanos(tid);
        assertTrue(before > 0);
        while (Natives.threadCpuNanos(tid) < before + 1_000_000) {
            Thread.onSpinWait();
        }
        assertEquals(-NativeCallException.EINVAL, Natives.threadCpuNanos(Integer.MAX_VALUE));
    }

    @Test
    void slackIsTheThreadsOwn() throws InterruptedException {
        long[] seen = new long[3];
        Thread thread = new Thread(() -> {
            seen[0] = Natives.getTimerSlack();
            Natives.setTimerSlack(1);
            seen[1] = Natives.getTimerSlack();
            Natives.setTimerSlack(0);
            seen[2] = Natives.getTimerSlack();
        });
        long mine = Natives.getTimerSlack();
        thread.start();
        thread.join();
        assertArrayEquals(new long[] {mine, 1, mine}, seen);
        assertEquals(mine, Natives.getTimerSlack());
    }

    @Test
    void aFailedCallNamesItselfAndTheError() {
        NativeCallException e = assertThrows(NativeCallException.class,
                () -> NativeCallException.check("binding M3 to CPU 7", -NativeCallException.EPERM));
        assertEquals(NativeCallException.EPERM, e.errno());
        assertEquals("binding M3 to CPU 7 failed: EPERM (1, operation not permitted)", e.getMessage());
        assertEquals(5, NativeCallException.check("anything", 5));
    }

    @Test
    void everyErrorHasItsNameNumberAndText() {
        assertEquals("ENOENT (2, no such file or directory)", NativeCallException.describe(2));
        assertEquals("EBADF (9, bad file descriptor)", NativeCallException.describe(9));
        assertEquals("EAGAIN (11, resource temporarily unavailable)", NativeCallException.describe(NativeCallException.EAGAIN));
        assertEquals("EOPNOTSUPP (95, operation not supported)", NativeCallException.describe(NativeCallException.EOPNOTSUPP));
        assertEquals("EHWPOISON (133, memory page has hardware error)", NativeCallException.describe(133));
        for (int errno = 1; errno <= 133; errno++) {
            String expected = errno == 41 || errno == 58 ? "errno " + errno : "E[A-Z0-9]+ \\(" + errno + ", .+\\)";
            String told = NativeCallException.describe(errno);
            assertTrue(told.matches(expected), told); // Linux has no 41 and no 58
        }
        for (int none : new int[] {Integer.MIN_VALUE, -1, 0, 134, Integer.MAX_VALUE}) {
            assertEquals("errno " + none, NativeCallException.describe(none));
        }
    }

    /** The C library of this machine, in the language C, says the same. */
    @Test
    @SuppressWarnings("restricted")
    void theTextsAreTheCLibrarys() throws Throwable {
        var linker = Linker.nativeLinker();
        var strerror = linker.downcallHandle(linker.defaultLookup().findOrThrow("strerror"),
                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        for (int errno : new int[] {1, 2, 9, 11, 22, 71, 95, 104, 110, 133}) {
            String text = ((MemorySegment) strerror.invokeExact(errno)).reinterpret(Long.MAX_VALUE).getString(0);
            assertTrue(NativeCallException.describe(errno).toLowerCase(Locale.ROOT).endsWith(", " + text.toLowerCase(Locale.ROOT) + ")"), text);
        }
    }

    @Test
    void stderrIsWrittenWhole(@TempDir Path directory) throws IOException, InterruptedException {
        Path stderr = directory.resolve("stderr");
        assertEquals(0, ForkedJvm.of(StderrProgram.class).redirectError(stderr.toFile()).start().waitFor());
        assertEquals(StderrProgram.TEXT, Files.readString(stderr));
    }

    /** More than one chunk of the native. */
    static final class StderrProgram {
        static final String TEXT = "0123456789abcde\n".repeat(200);

        public static void main(String[] arguments) {
            Boot.withLibrary();
            System.exit(Natives.writeStderr(TEXT.getBytes(StandardCharsets.US_ASCII)));
        }
    }
}
