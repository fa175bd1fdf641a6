package dev.pinion.bench.program;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.BitSet;

/** CPUs that an OS thread may be on. It passes them on to each thread that it starts. */
public final class CpuMask {

    /** Room for 8,192 CPUs: {@code sched_getaffinity(2)} refuses a mask that is shorter than the kernel's. */
    private static final int LONGS = 128;
    private static final int CALLING_THREAD = 0;

    private static final FunctionDescriptor AFFINITY = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
    private static final MethodHandle GET = function("sched_getaffinity");
    private static final MethodHandle SET = function("sched_setaffinity");

    private final MemorySegment bits;

    private CpuMask(BitSet cpus) {
        bits = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, LONGS);
        long[] words = cpus.toLongArray();
        MemorySegment.copy(words, 0, bits, ValueLayout.JAVA_LONG, 0, words.length);
    }

    /** The calling thread's. */
    static BitSet current() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment current = arena.allocate(ValueLayout.JAVA_LONG, LONGS);
            call(GET, "sched_getaffinity", current);
            return BitSet.valueOf(current.toArray(ValueLayout.JAVA_LONG));
        }
    }

    /** @return just these */
    public static CpuMask of(BitSet cpus) {
        return new CpuMask(cpus);
    }

    /** The first so many of them, or all, if there are not so many. */
    static CpuMask ofFirst(BitSet cpus, int count) {
        BitSet first = new BitSet();
        cpus.stream().limit(count).forEach(first::set);
        return new CpuMask(first);
    }

    /** Binds the calling thread. @throws IllegalStateException if the kernel refuses */
    public void bind() {
        call(SET, "sched_setaffinity", bits);
    }

    private static void call(MethodHandle function, String name, MemorySegment mask) {
        int result;
        try {
            result = (int) function.invokeExact(CALLING_THREAD, mask.byteSize(), mask);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (result < 0) {
            throw new IllegalStateException(name + " failed");
        }
    }

    @SuppressWarnings("restricted") // the children run with --enable-native-access
    private static MethodHandle function(String name) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), AFFINITY);
    }
}
