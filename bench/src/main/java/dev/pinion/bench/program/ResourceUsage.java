package dev.pinion.bench.program;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * CPU time and context switches of this process, threads that ended included: {@code getrusage(RUSAGE_SELF)}. The files
 * of {@code /proc} forget ended threads, and the JVM's compiler and collector threads come and go.
 *
 * @param cpuNanos    user and system time
 * @param voluntary   switches of threads that blocked
 * @param involuntary switches of threads that were preempted
 */
public record ResourceUsage(long cpuNanos, long voluntary, long involuntary) {

    /** struct rusage on 64-bit Linux: two timevals of two longs, then 14 longs; the last two count switches. */
    private static final int LONGS = 18;
    private static final int RUSAGE_SELF = 0;
    private static final int RUSAGE_CHILDREN = -1;
    private static final int VOLUNTARY = 16;
    private static final int INVOLUNTARY = 17;

    private static final MethodHandle GETRUSAGE = function("getrusage",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MethodHandle SCHED_GETCPU = function("sched_getcpu", FunctionDescriptor.of(ValueLayout.JAVA_INT));

    /** Of this process so far. Any thread. */
    public static ResourceUsage now() {
        return of(RUSAGE_SELF);
    }

    /** Of all child processes that have been waited for, and of their children likewise. Any thread. */
    public static ResourceUsage ofEndedChildren() {
        return of(RUSAGE_CHILDREN);
    }

    private static ResourceUsage of(int whose) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment usage = arena.allocate(ValueLayout.JAVA_LONG, LONGS);
            int result = (int) GETRUSAGE.invokeExact(whose, usage);
            if (result != 0) {
                throw new IllegalStateException("getrusage failed");
            }
            long seconds = at(usage, 0) + at(usage, 2);
            long micros = at(usage, 1) + at(usage, 3);
            return new ResourceUsage(seconds * 1_000_000_000L + micros * 1_000L, at(usage, VOLUNTARY), at(usage, INVOLUNTARY));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The CPU that the calling thread's carrier runs on at this moment. */
    static int currentCpu() {
        try {
            return (int) SCHED_GETCPU.invokeExact();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** What was used between {@code earlier} and this. */
    public ResourceUsage since(ResourceUsage earlier) {
        return new ResourceUsage(cpuNanos - earlier.cpuNanos, voluntary - earlier.voluntary, involuntary - earlier.involuntary);
    }

    private static long at(MemorySegment usage, int index) {
        return usage.getAtIndex(ValueLayout.JAVA_LONG, index);
    }

    @SuppressWarnings("restricted") // the children run with --enable-native-access
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }
}
