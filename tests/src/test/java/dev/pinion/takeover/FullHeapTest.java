package dev.pinion.takeover;

import dev.pinion.Scheduler;
import dev.pinion.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ps go while there is no memory to move their timers to; calls end while there is none to unmount their Gs with. */
@Timeout(120)
class FullHeapTest {
    @Test
    void psThatGoWhileTheHeapIsFullLoseNoTimer() throws Exception {
        assertPrinted(Shrink.class, "full", "shrunk to 1", "all woke");
    }

    @Test
    void whatACallReadWhileTheHeapIsFullIsNotLost() throws Exception {
        assertPrinted(Readers.class, "full", "read " + Readers.READERS, "another runs");
    }

    /** On a slow machine the heap is full when the scheduler's first second is over, and it says what it could not do then. */
    private static void assertPrinted(Class<?> program, String... lines) throws Exception {
        Jvm.Outcome outcome = Jvm.jdk(program).classPath(Jvm.classesOf(program), Jvm.jar())
                .options("-Xmx40m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED").run();
        String err = outcome.err().replaceAll("pinion: the first pass through .* failed \\(java\\.lang\\.OutOfMemoryError.*\n", "");
        new Jvm.Outcome(outcome.exit(), outcome.out(), err).assertPrinted(lines);
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
            ballast = Shrink.fill();
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
    }

    public static final class Shrink {
        /** More than fit into the power of two below: however they lie, moving them makes P0's array grow. */
        private static final int SLEEPERS = 4_300;

        private static volatile boolean shrink;
        private static volatile Throwable failure;
        private static Object[] ballast;

        public static void main(String[] arguments) throws Exception {
            Scheduler scheduler = Scheduler.builder().gomaxprocs(4).unpinned().build();
            Thread[] sleepers = new Thread[SLEEPERS];
            CountDownLatch ready = new CountDownLatch(SLEEPERS);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
            for (int i = 0; i < SLEEPERS; i++) {
                sleepers[i] = scheduler.newThread(() -> {
                    for (int spin = 0; spin < 1_000; spin++) {
                        Thread.onSpinWait(); // long enough for the other Ps to take part
                    }
                    ready.countDown();
                    while (System.nanoTime() < end) {
                        LockSupport.parkNanos(end - System.nanoTime());
                    }
                });
                sleepers[i].start();
            }
            ready.await();
            Thread resizer = Thread.ofPlatform().start(() -> shrink(scheduler));
            ballast = fill();
            shrink = true;
            while (scheduler.gomaxprocs() != 1) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 10_000; i++) {
                Thread.yield(); // the Ps are asked for their timers, and have nowhere to put them
            }
            ballast = null;
            System.out.println("full");
            resizer.join();
            System.out.println(failure == null ? "shrunk to " + scheduler.gomaxprocs() : failure.toString());
            for (Thread sleeper : sleepers) {
                sleeper.join();
            }
            System.out.println("all woke");
            scheduler.close();
        }

        private static void shrink(Scheduler scheduler) {
            while (!shrink) {
                Thread.onSpinWait();
            }
            try {
                scheduler.gomaxprocs(1);
            } catch (Throwable e) {
                failure = e;
            }
        }

        /** Leaves room for small things, but not for an array of so many timers. */
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
