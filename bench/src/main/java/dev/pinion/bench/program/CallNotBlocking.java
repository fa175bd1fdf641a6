package dev.pinion.bench.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * What a call that need not block costs a task, and what of it is the way a side calls: the cheapest call there is, and {@code pread} of
 * 4 KiB that lie in the page cache, each beside the same call made bare. Pinion: {@code Syscalls.nanosleep} of 0 and {@code pread} over one
 * JNI call. JDK: {@code FileChannel}'s position and read over downcalls of {@code lseek} and {@code pread}.
 */
final class CallNotBlocking {
    private static final int BYTES = 4096;
    private static final int WARM_UP = 20;
    private static final int WINDOWS = 41;
    private static final int CALLS = 50_000;

    private CallNotBlocking() {
    }

    /** Operation: one call of either kind. */
    static void run(Report report) throws IOException, InterruptedException {
        Path path = Files.createTempFile("pinion-bench", "");
        Files.write(path, new byte[BYTES]);
        try (FileChannel channel = FileChannel.open(path); Arena arena = Arena.ofShared()) {
            int fd = NativeCalls.open(path.toString());
            MemorySegment memory = arena.allocate(BYTES);
            ByteBuffer buffer = memory.asByteBuffer();
            ResourceUsage before = ResourceUsage.now();
            boolean go = Spawner.isGo();
            Spawner.runAndWait(() -> {
                if (go) {
                    compare(report, "call", GoBlocking::announcedCall, GoBlocking::bareCall);
                    compare(report, "read", () -> GoBlocking.pread(fd, memory), () -> GoBlocking.barePread(fd, memory));
                } else {
                    compare(report, "call", () -> position(channel), () -> NativeCalls.lseek(fd));
                    compare(report, "read", () -> read(channel, buffer), () -> NativeCalls.pread(fd, memory));
                }
            });
            report.usage(ResourceUsage.now().since(before), 4L * (WARM_UP + WINDOWS) * CALLS);
        } finally {
            Files.delete(path);
        }
    }

    /** Windows of the one and of the other in turns; the difference is taken between neighbours, and 0 where it is less than nothing. */
    private static void compare(Report report, String name, LongSupplier call, LongSupplier bare) {
        double[] whole = new double[WINDOWS];
        double[] over = new double[WINDOWS];
        for (int window = -WARM_UP; window < WINDOWS; window++) {
            double nanos = nanosPerCall(call);
            double bareNanos = nanosPerBareCall(bare);
            if (window >= 0) {
                whole[window] = nanos;
                over[window] = nanos - bareNanos;
            }
        }
        report.metric(name, Batches.median(whole));
        report.metric(name + "-over", Math.max(0, Batches.median(over)));
    }

    private static double nanosPerCall(LongSupplier call) {
        long sum = 0;
        long start = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            sum += call.getAsLong();
        }
        double nanos = (System.nanoTime() - start) / (double) CALLS;
        Work.keep(sum);
        return nanos;
    }

    /** The same loop once more, so that the JIT sees one kind of call in each and not both in one. */
    private static double nanosPerBareCall(LongSupplier call) {
        long sum = 0;
        long start = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            sum += call.getAsLong();
        }
        double nanos = (System.nanoTime() - start) / (double) CALLS;
        Work.keep(sum);
        return nanos;
    }

    private static long position(FileChannel channel) {
        try {
            return channel.position();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long read(FileChannel channel, ByteBuffer buffer) {
        try {
            return channel.read(buffer.clear(), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
