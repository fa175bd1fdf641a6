package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.Syscalls;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The kernel makes no more threads for a while (EAGAIN): work goes on with the Ms there are. */
@Timeout(120)
class NoMoreThreadsTest {
    @Test
    void workGoesOnWithTheMsThereAre() throws Exception {
        Jvm jvm = Jvm.jdk(Blockers.class).classPath(Jvm.classesOf(Blockers.class), Jvm.jar()).options("--enable-native-access=ALL-UNNAMED");
        if ("root".equals(System.getProperty("user.name"))) {
            assumeTrue(Files.exists(Path.of("/usr/bin/setpriv")), "no setpriv here, and no limit holds for root");
            jvm.under("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        }
        Jvm.Outcome outcome = jvm.run();
        List<String> jvmSays = outcome.out().lines().filter(line -> line.startsWith("[")).toList();
        assertEquals(List.of("all ended", "interrupted", "all in", "another runs"),
                outcome.out().lines().filter(line -> !line.startsWith("[")).toList());
        assertTrue(outcome.err().matches("pinion: a thread for P\\d could not be made \\(.*\\); trying again, work goes on with those there are\\.\n"),
                outcome.err());
        assertTrue(jvmSays.size() < 300, "each try makes the JVM complain: " + jvmSays.size() + " lines");
        assertEquals(0, outcome.exit());
    }

    public static final class Blockers {
        private static final int GS = 20;
        private static final int RLIMIT_NPROC = 6;

        public static void main(String[] arguments) throws Throwable {
            MethodHandle setrlimit = handle("setrlimit");
            MemorySegment limit = Arena.global().allocate(16, 8);
            handle("getrlimit").invokeWithArguments(RLIMIT_NPROC, limit);
            long before = limit.get(ValueLayout.JAVA_LONG, 0);
            Path fifo = Path.of(System.getProperty("java.io.tmpdir"), "fifo");
            new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
            int fd = Syscalls.open(fifo.toString(), 2, 0);
            MemorySegment bytes = Arena.global().allocate(GS);
            Scheduler scheduler = Scheduler.builder().gomaxprocs(2).unpinned().build();
            scheduler.go(() -> {}).get();

            limit.set(ValueLayout.JAVA_LONG, 0, 1);
            setrlimit.invokeWithArguments(RLIMIT_NPROC, limit);
            List<G<?>> readers = readers(scheduler, fd, new AtomicInteger());
            G<?> behind = scheduler.go(() -> {});
            long written = 0;
            while (written < GS) {
                written += Syscalls.write(fd, bytes.asSlice(written));
            }
            for (G<?> reader : readers) {
                reader.get();
            }
            behind.get();
            System.out.println("all ended");

            for (int i = 0; i < 20; i++) {
                G<?> reader = readers(scheduler, fd, new AtomicInteger(), 1).getFirst();
                reader.interrupt();
                try {
                    reader.get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof InterruptedIOException)) {
                        throw e;
                    }
                }
            }
            System.out.println("interrupted");

            AtomicInteger in = new AtomicInteger();
            readers = readers(scheduler, fd, in);
            CountDownLatch another = new CountDownLatch(1);
            scheduler.go(another::countDown);
            another.await(50, TimeUnit.MILLISECONDS); // Ms are lacking
            limit.set(ValueLayout.JAVA_LONG, 0, before);
            setrlimit.invokeWithArguments(RLIMIT_NPROC, limit);
            while (in.get() != GS) {
                Thread.sleep(1);
            }
            System.out.println("all in");
            another.await();
            System.out.println("another runs");
            Syscalls.write(fd, bytes);
            for (G<?> reader : readers) {
                reader.get();
            }
            scheduler.close();
        }

        private static List<G<?>> readers(Scheduler scheduler, int fd, AtomicInteger in) {
            return readers(scheduler, fd, in, GS);
        }

        private static List<G<?>> readers(Scheduler scheduler, int fd, AtomicInteger in, int count) {
            List<G<?>> readers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                readers.add(scheduler.go(() -> {
                    in.incrementAndGet();
                    return Syscalls.read(fd, Arena.ofAuto().allocate(1));
                }));
            }
            return readers;
        }

        @SuppressWarnings("restricted") // granted on the command line
        private static MethodHandle handle(String name) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        }
    }
}
