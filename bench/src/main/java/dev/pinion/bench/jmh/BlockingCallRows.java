package dev.pinion.bench.jmh;

import dev.pinion.Syscalls;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What asking first costs where the call does not block (Go: entersyscall and exitsyscall); on a G it is the row {@code call-not-blocking}. */
@State(Scope.Thread)
public class BlockingCallRows extends JmhRow {
    private static final int BYTES = 4096;

    private Path path;
    private int fd;
    private FileChannel channel;
    private MemorySegment memory;
    private ByteBuffer buffer;

    @Setup
    public void open() throws IOException {
        path = Files.createTempFile("pinion-bench", "");
        Files.write(path, new byte[BYTES]);
        fd = Syscalls.open(path.toString(), 0, 0);
        channel = FileChannel.open(path);
        memory = Arena.global().allocate(BYTES);
        buffer = memory.asByteBuffer();
    }

    @TearDown
    public void close() throws IOException {
        Syscalls.close(fd);
        channel.close();
        Files.delete(path);
    }

    /** Down into C and back, for nothing. */
    @Benchmark
    public long bareJniCall() {
        return Natives.blockingCall(SharedLayout.OP_NANOSLEEP, SharedLayout.CALL_TRY, 0, 0, 0, 0);
    }

    /** As {@link #bareJniCall}, with all that a call of {@link Syscalls} has around it. */
    @Benchmark
    public void callThatNeedNotWait() throws IOException {
        Syscalls.nanosleep(0);
    }

    /** The kernel's work, and the way down to it: {@code pread} without asking first. */
    @Benchmark
    public long bareCachedRead() {
        return Natives.blockingCall(SharedLayout.OP_PREAD, SharedLayout.CALL_UNINTERRUPTIBLE, fd, memory.address(), BYTES, 0);
    }

    @Benchmark
    public long cachedRead() throws IOException {
        return Syscalls.pread(fd, memory, 0);
    }

    @Benchmark
    public int cachedReadOfFileChannel() throws IOException {
        return channel.read(buffer.clear(), 0);
    }
}
