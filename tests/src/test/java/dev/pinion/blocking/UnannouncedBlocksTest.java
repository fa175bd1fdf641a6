package dev.pinion.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.SchedulerStats.OfP;
import java.io.FileInputStream;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gs that block their M without having said so, on the only P: it goes on. */
@SuppressWarnings("restricted") // the test run has native access
@Timeout(60)
class UnannouncedBlocksTest {
    private static final Linker LINKER = Linker.nativeLinker();

    @TempDir
    Path directory;

    /** A FIFO, open for reading and writing, so that neither end waits in open(2). */
    private RandomAccessFile fifo(String name) throws Exception {
        Path path = directory.resolve(name);
        assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).inheritIO().start().waitFor());
        return new RandomAccessFile(path.toFile(), "rw");
    }

    private static Scheduler onePinned(String retake) {
        return Scheduler.builder().gomaxprocs(1).retake(retake).build();
    }

    private static <T> G<?> started(Scheduler scheduler, Callable<T> task, AtomicInteger done) {
        return scheduler.go(() -> {
            try {
                task.call();
                done.incrementAndGet();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"tripwire", "sysmon"})
    void aReadOfAFifo(String retake) throws Exception {
        try (Scheduler scheduler = onePinned(retake); RandomAccessFile fifo = fifo("fifo")) {
            readAndBeWrittenTo(scheduler, fifo);
        }
    }

    @Test
    void aReadOfAFifoUnpinned() throws Exception {
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(1).unpinned().build(); RandomAccessFile fifo = fifo("fifo")) {
            readAndBeWrittenTo(scheduler, fifo);
        }
    }

    private static void readAndBeWrittenTo(Scheduler scheduler, RandomAccessFile fifo) throws Exception {
        AtomicInteger done = new AtomicInteger();
        try (FileInputStream in = new FileInputStream(fifo.getFD())) {
            for (int round = 0; round < 20; round++) {
                G<?> reader = started(scheduler, in::read, done);
                G<?> writer = started(scheduler, () -> {
                    fifo.write(1);
                    return null;
                }, done);
                reader.join();
                writer.join();
            }
        }
        assertEquals(40, done.get());
        assertTrue(scheduler.stats().sum(OfP::blocksFound) > 0, scheduler.stats().toString());
    }

    /** The next G runs only when the first lets go: whoever says off wants that. */
    @Test
    void withRetakeOffNobodyLooks() throws Exception {
        try (Scheduler scheduler = onePinned("off"); RandomAccessFile fifo = fifo("fifo")) {
            CountDownLatch reads = new CountDownLatch(1);
            CountDownLatch otherRan = new CountDownLatch(1);
            AtomicInteger done = new AtomicInteger();
            G<?> reader = started(scheduler, () -> {
                reads.countDown();
                return fifo.read();
            }, done);
            reads.await();
            G<?> other = scheduler.go(otherRan::countDown);
            boolean ran = otherRan.await(100, TimeUnit.MILLISECONDS); // far longer than a look and a slice
            fifo.write(1);
            assertFalse(ran);
            assertEquals(0, scheduler.stats().sum(OfP::blocksFound));
            reader.join();
            other.join();
            assertEquals(1, done.get());
        }
    }

    /** More Gs than Ps, each in a read that another one of them ends. */
    @Test
    void moreGsThanPsWaitForOneAnother() throws Exception {
        int n = 7;
        List<RandomAccessFile> fifos = new ArrayList<>();
        AtomicInteger done = new AtomicInteger();
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(2).unpinned().build()) {
            for (int i = 0; i <= n; i++) {
                fifos.add(fifo("fifo" + i));
            }
            List<G<?>> gs = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                RandomAccessFile mine = fifos.get(i);
                RandomAccessFile next = fifos.get(i + 1);
                gs.add(started(scheduler, () -> {
                    int b = mine.read();
                    next.write(b);
                    return null;
                }, done));
            }
            gs.add(started(scheduler, () -> {
                fifos.getFirst().write(7);
                return null;
            }, done));
            for (G<?> g : gs) {
                g.join();
            }
            assertEquals(7, fifos.getLast().read());
        } finally {
            for (RandomAccessFile fifo : fifos) {
                fifo.close();
            }
        }
        assertEquals(n + 1, done.get());
    }

    @Test
    void aForeignCall() throws Exception {
        MethodHandle read = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("read"),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
        MethodHandle pipe = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("pipe"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        MethodHandle write = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("write"),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
        AtomicInteger done = new AtomicInteger();
        try (Scheduler scheduler = onePinned("tripwire"); Arena arena = Arena.ofShared()) {
            MemorySegment fds = arena.allocate(8);
            assertEquals(0, callInt(pipe, fds));
            int in = fds.get(ValueLayout.JAVA_INT, 0);
            int out = fds.get(ValueLayout.JAVA_INT, 4);
            G<?> reader = started(scheduler, () -> callLong(read, in, arena.allocate(1)), done);
            G<?> writer = started(scheduler, () -> callLong(write, out, arena.allocate(1)), done);
            reader.join();
            writer.join();
            MethodHandle close = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("close"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            assertEquals(0, callInt(close, in));
            assertEquals(0, callInt(close, out));
        }
        assertEquals(2, done.get());
    }

    private static int callInt(MethodHandle handle, Object argument) {
        try {
            return (int) handle.invokeWithArguments(argument);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static long callLong(MethodHandle handle, int fd, MemorySegment buffer) {
        try {
            return (long) handle.invokeWithArguments(fd, buffer, buffer.byteSize());
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Parked over a native frame a G keeps its M: it sleeps on a futex, as it would in a GC pause. */
    @Test
    void parkedOverANativeFrame() throws Exception {
        try (Scheduler scheduler = onePinned("tripwire")) {
            Pinned pinned = new Pinned(LockSupport::park);
            G<?> parked = scheduler.go(pinned);
            pinned.within.await();
            G<?> waker = scheduler.go(() -> LockSupport.unpark(pinned.thread));
            waker.join();
            parked.join();
            assertTrue(pinned.over);
        }
    }

    @Test
    void waitingForAMonitorOverANativeFrame() throws Exception {
        Object monitor = new Object();
        try (Scheduler scheduler = onePinned("tripwire")) {
            Pinned pinned = new Pinned(() -> {
                synchronized (monitor) {
                    monitor.notifyAll();
                }
            });
            CountDownLatch owned = new CountDownLatch(1);
            CountDownLatch letGo = new CountDownLatch(1);
            Thread owner = Thread.ofPlatform().start(() -> {
                synchronized (monitor) {
                    owned.countDown();
                    try {
                        letGo.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            });
            owned.await();
            G<?> waits = scheduler.go(pinned);
            pinned.within.await();
            scheduler.go(letGo::countDown).join();
            waits.join();
            owner.join();
            assertTrue(pinned.over);
        }
    }

    /** Runs something below qsort(3). */
    private static final class Pinned implements Runnable {
        private final Runnable inner;
        final CountDownLatch within = new CountDownLatch(1);
        volatile Thread thread;
        volatile boolean over;

        Pinned(Runnable inner) {
            this.inner = inner;
        }

        @SuppressWarnings("unused")
        int compare(MemorySegment a, MemorySegment b) {
            if (within.getCount() != 0) {
                thread = Thread.currentThread();
                within.countDown();
                inner.run();
            }
            return 0;
        }

        @Override
        public void run() {
            try (Arena arena = Arena.ofConfined()) {
                MethodHandle qsort = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("qsort"), FunctionDescriptor.ofVoid(
                        ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
                MethodHandle comparator = MethodHandles.lookup().findVirtual(Pinned.class, "compare",
                        MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class)).bindTo(this);
                MemorySegment stub = LINKER.upcallStub(
                        comparator, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS), arena);
                qsort.invokeExact(arena.allocate(8), 2L, 4L, stub);
                over = true;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
