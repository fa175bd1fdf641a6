package dev.pinion.bench.program;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Calls of libc that nobody announces to any scheduler: what a program's own native code does. */
final class NativeCalls {
    private static final MemoryLayout LONG = ValueLayout.JAVA_LONG;
    private static final MemoryLayout INT = ValueLayout.JAVA_INT;
    private static final MethodHandle NANOSLEEP = function("nanosleep", FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    private static final MethodHandle OPEN = function("open", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, INT));
    private static final MethodHandle LSEEK = function("lseek", FunctionDescriptor.of(ValueLayout.JAVA_LONG, INT, LONG, INT));
    private static final MethodHandle PREAD = function("pread", FunctionDescriptor.of(
            ValueLayout.JAVA_LONG, INT, ValueLayout.ADDRESS, LONG, LONG));

    private NativeCalls() {
    }

    /** Sleeps in the kernel: {@code nanosleep(2)}. */
    static void nanosleep(long nanos) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2);
            time.setAtIndex(ValueLayout.JAVA_LONG, 0, nanos / 1_000_000_000);
            time.setAtIndex(ValueLayout.JAVA_LONG, 1, nanos % 1_000_000_000);
            // What a signal leaves of the time goes to where it came from.
            while ((int) NANOSLEEP.invokeExact(time, time) != 0) {
                Thread.onSpinWait();
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code open(2)} for reading. */
    static int open(String path) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) checked("open", (int) OPEN.invokeExact(arena.allocateFrom(path), 0));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where the descriptor is. */
    static long lseek(int fd) {
        try {
            return checked("lseek", (long) LSEEK.invokeExact(fd, 0L, 1));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Fills {@code to} from the file's beginning. */
    static long pread(int fd, MemorySegment to) {
        try {
            return checked("pread", (long) PREAD.invokeExact(fd, to, to.byteSize(), 0L));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static long checked(String call, long result) {
        if (result < 0) {
            throw new IllegalStateException(call + " failed");
        }
        return result;
    }

    @SuppressWarnings("restricted") // the children run with --enable-native-access
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }
}
