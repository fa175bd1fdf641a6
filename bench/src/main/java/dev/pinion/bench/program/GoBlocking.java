package dev.pinion.bench.program;

import dev.pinion.BlockingFile;
import dev.pinion.Pinion;
import dev.pinion.Syscalls;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Calls that tell Pinion before they block. With {@link GoSpawner} the only class that names Pinion's API; not loaded on other sides. */
final class GoBlocking {
    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0100;
    private static final int OWNER_ONLY = 0600;
    private static final Pattern HAND_OFFS = Pattern.compile("syscalltick=(\\d+)");

    private GoBlocking() {
    }

    /** A FIFO's bytes, read by calls that hand the P over; opened for both directions, which does not wait. */
    static BlockedReader.ByteReader reader(String path) throws IOException {
        InputStream in = BlockingFile.open(path, O_RDWR, 0).inputStream();
        return in::read;
    }

    static BlockingFile openForReading(String path) throws IOException {
        return BlockingFile.open(path, O_RDONLY, 0);
    }

    /** A new file for {@link FsyncMany}. */
    static FsyncMany.Syncable openForSync(String path) throws IOException {
        BlockingFile file = BlockingFile.open(path, O_RDWR | O_CREAT, OWNER_ONLY);
        return from -> {
            file.write(from, 0);
            file.force(true);
        };
    }

    static void nanosleep(long nanos) {
        try {
            Syscalls.nanosleep(nanos);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A call of {@link Syscalls} that has nothing to do. */
    static long announcedCall() {
        nanosleep(0);
        return 0;
    }

    static long pread(int fd, MemorySegment to) {
        try {
            return Syscalls.pread(fd, to, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Down into C and back, for nothing. */
    static long bareCall() {
        return Natives.blockingCall(SharedLayout.OP_NANOSLEEP, SharedLayout.CALL_TRY, 0, 0, 0, 0);
    }

    /** {@code pread(2)} without asking whether it would block. */
    static long barePread(int fd, MemorySegment to) {
        return Natives.blockingCall(SharedLayout.OP_PREAD, SharedLayout.CALL_UNINTERRUPTIBLE, fd, to.address(), to.byteSize(), 0);
    }

    /** How often a P was handed over, of all Ps since the start. */
    static long handOffs() {
        Matcher matcher = HAND_OFFS.matcher(Pinion.scheduler().schedTraceDetail());
        long sum = 0;
        while (matcher.find()) {
            sum += Long.parseLong(matcher.group(1));
        }
        return sum;
    }
}
