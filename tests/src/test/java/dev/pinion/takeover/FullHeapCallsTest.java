package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pinion.Scheduler;
import dev.pinion.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls end while there is no memory to unmount their Gs with. */
@Timeout(180)
class FullHeapCallsTest {
    @Test
    void whatACallReadWhileTheHeapIsFullIsNotLost() throws Exception {
        Jvm.Outcome outcome = Jvm.jdk(Readers.class).classPath(Jvm.classesOf(Readers.class), Jvm.jar())
                .options("-Xmx40m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED").run();
        // On stderr it may say what could not be done at once.
        assertEquals(List.of("full", "read " + Readers.READERS, "another runs"), outcome.out().lines().toList(), outcome.err());
        assertEquals(0, outcome.exit(), outcome.err());
    }

    public static final class Readers {
        static final int READERS = 200;

        /** So deep that the stack does not fit where it lay before. */
        private static final int DEPTH = 200;

        public static void main(String[] arguments) throws Exception {
            Path fifo = Path.of(System.getProperty("java.io.tmpdir"), "fifo");
            new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
            int fd = Syscalls.open(fifo.toString(), 2, 0);
            Scheduler scheduler = Scheduler.builder().gomaxprocs(1).unpinned().build();
            CountDownLatch ready = new CountDownLatch(READERS);
            AtomicLong read = new AtomicLong();
            AtomicInteger ended = new AtomicInteger();
            MemorySegment bytes = Arena.global().allocate(READERS);
            Thread[] readers = new Thread[READERS];
            for (int i = 0; i < READERS; i++) {
                MemorySegment one = bytes.asSlice(i, 1);
                readers[i] = scheduler.newThread(() -> {
                    ready.countDown();
                    try {
                        read.addAndGet(readAt(DEPTH, fd, one));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    } finally {
                        ended.incrementAndGet();
                    }
                });
                readers[i].start();
            }
            ready.await();
            Syscalls.write(fd, bytes.asSlice(0, READERS / 2)); // some have been this way
            while (ended.get() < READERS / 2) {
                Thread.onSpinWait();
            }
            MemorySegment rest = bytes.asSlice(READERS / 2);
            ballast = fill();
            Syscalls.write(fd, rest);
            while (ended.get() < READERS) {
                Thread.onSpinWait();
            }
            ballast = null;
            System.out.println("full");
            for (Thread reader : readers) {
                reader.join();
            }
            System.out.println("read " + read);
            scheduler.go(() -> {}).join();
            System.out.println("another runs");
            scheduler.close();
        }

        private static long readAt(int depth, int fd, MemorySegment to) throws IOException {
            return depth == 0 ? Syscalls.read(fd, to) : readAt(depth - 1, fd, to);
        }

        private static Object[] ballast;

        /** Leaves room for small things, but not for a stack so deep. */
        private static Object[] fill() {
            Object[] all = null;
            for (int size = 1 << 20; size >= 1 << 10; size >>= 5) {
                try {
                    while (true) {
                        Object[] more = new Object[size];
                        more[0] = all;
                        all = more;
                    }
                } catch (OutOfMemoryError e) {
                    // a smaller one may fit
                }
            }
            return all;
        }
    }
}
