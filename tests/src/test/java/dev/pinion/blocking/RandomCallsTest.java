package dev.pinion.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.Syscalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Short calls of all sorts, in 32 pairs of Gs on 4 pinned Ps, which come, go and are taken all the time: each G ends, and each byte that was
 * sent is received. {@code -Dpinion.test.calls=1000000} makes it a long one.
 */
@Timeout(600)
class RandomCallsTest {
    private static final int CALLS = Integer.getInteger("pinion.test.calls", 100_000);
    private static final int PAIRS = 32;
    private static final int MOST = 2_000;
    private static final int IOVEC = MOST;
    private static final int MSGHDR = IOVEC + 16;
    private static final int POLLFD = MSGHDR + 56;

    @TempDir
    Path directory;

    @Test
    void eachGEndsAndEachByteArrives() throws Throwable {
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(4).build()) {
            List<G<Long>> senders = new ArrayList<>();
            List<G<Long>> receivers = new ArrayList<>();
            for (int i = 0; i < PAIRS; i++) {
                boolean socket = i % 2 == 0;
                String fifo = socket ? null : Fifo.make(directory, "fifo" + i);
                int[] pair = socket ? LibC.socketpair() : null;
                long seed = i;
                senders.add(scheduler.go(() -> new Party(seed, socket ? pair[0] : Syscalls.open(fifo, Fifo.O_WRONLY, 0), socket).send()));
                receivers.add(scheduler.go(() -> new Party(~seed, socket ? pair[1] : Syscalls.open(fifo, Fifo.O_RDONLY, 0), socket).receive()));
            }
            AtomicBoolean over = new AtomicBoolean();
            Thread disturber = Thread.ofPlatform().start(() -> {
                for (int n = 0; !over.get(); n++) {
                    scheduler.gomaxprocs(1 + n % 4);
                    scheduler.takeP(n % (1 + n % 4));
                    Thread.yield();
                }
            });
            for (int i = 0; i < PAIRS; i++) {
                assertEquals(senders.get(i).get(), receivers.get(i).get());
            }
            over.set(true);
            disturber.join();
        }
    }

    private final class Party {
        private final Random random;
        private final MemorySegment memory = Arena.ofAuto().allocate(POLLFD + 8, 8);
        private final int fd;
        private final boolean socket;
        private final int file;
        private long bytes;

        Party(long seed, int fd, boolean socket) throws IOException {
            random = new Random(seed);
            this.fd = fd;
            this.socket = socket;
            file = Syscalls.open(directory.resolve("file" + seed).toString(), Fifo.O_RDWR | Fifo.O_CREAT, 0600);
            memory.set(ValueLayout.JAVA_LONG, IOVEC, memory.address());
            memory.set(ValueLayout.JAVA_LONG, MSGHDR + 16, memory.address() + IOVEC);
            memory.set(ValueLayout.JAVA_LONG, MSGHDR + 24, 1);
            memory.set(ValueLayout.JAVA_INT, POLLFD, fd);
        }

        long send() throws IOException {
            for (int i = 0; i < CALLS / PAIRS / 2; i++) {
                if (random.nextBoolean()) {
                    other((short) 4);
                    continue;
                }
                int length = 1 + random.nextInt(MOST);
                for (int b = 0; b < length; b++) {
                    memory.set(ValueLayout.JAVA_BYTE, b, at(bytes + b));
                }
                bytes += transfer(length, true);
            }
            return end();
        }

        long receive() throws IOException {
            long n;
            do {
                if (random.nextBoolean()) {
                    other((short) 1);
                }
                n = transfer(1 + random.nextInt(MOST), false);
                for (int b = 0; b < n; b++) {
                    assertEquals(at(bytes + b), memory.get(ValueLayout.JAVA_BYTE, b), "byte " + (bytes + b));
                }
                bytes += n;
            } while (n != 0);
            return end();
        }

        private static byte at(long position) {
            return (byte) (position * 31 >>> 3);
        }

        private long transfer(int length, boolean sends) throws IOException {
            MemorySegment some = memory.asSlice(0, length);
            memory.set(ValueLayout.JAVA_LONG, IOVEC + 8, length);
            switch (random.nextInt(socket ? 4 : 2)) {
                case 0:
                    return sends ? Syscalls.write(fd, some) : Syscalls.read(fd, some);
                case 1:
                    MemorySegment vector = memory.asSlice(IOVEC, 16);
                    return sends ? Syscalls.writev(fd, vector) : Syscalls.readv(fd, vector);
                case 2:
                    return sends ? Syscalls.send(fd, some, 0) : Syscalls.recv(fd, some, 0);
                default:
                    MemorySegment message = memory.asSlice(MSGHDR, 56);
                    return sends ? Syscalls.sendmsg(fd, message, 0) : Syscalls.recvmsg(fd, message, 0);
            }
        }

        private void other(short events) throws IOException {
            switch (random.nextInt(4)) {
                case 0 -> Syscalls.nanosleep(random.nextInt(50_000));
                case 1 -> {
                    memory.set(ValueLayout.JAVA_SHORT, POLLFD + 4, events);
                    Syscalls.poll(memory.asSlice(POLLFD, 8), random.nextInt(2));
                }
                case 2 -> {
                    long offset = random.nextInt(1 << 20);
                    memory.set(ValueLayout.JAVA_LONG, 0, offset);
                    assertEquals(8, Syscalls.pwrite(file, memory.asSlice(0, 8), offset));
                    memory.set(ValueLayout.JAVA_LONG, 0, -1);
                    assertEquals(8, Syscalls.pread(file, memory.asSlice(0, 8), offset));
                    assertEquals(offset, memory.get(ValueLayout.JAVA_LONG, 0));
                }
                default -> Syscalls.close(Syscalls.open("/proc/self/stat", Fifo.O_RDONLY, 0));
            }
        }

        private long end() throws IOException {
            Syscalls.close(file);
            Syscalls.close(fd);
            return bytes;
        }
    }
}
