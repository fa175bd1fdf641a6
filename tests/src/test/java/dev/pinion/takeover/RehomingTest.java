package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A P leaves a core that a stranger keeps busy, and one that is taken from the process; the Gs notice nothing. */
@Timeout(180)
class RehomingTest {
    private static final String TOO_BUSY = "the other CPUs never were idle enough to go to";

    @Test
    void aPLeavesACoreThatAStrangerKeepsBusy() throws Exception {
        assertLeavesTheHog(Jvm.pinion(BesideAHog.class, "gomaxprocs=1"));
    }

    @Test
    void soItDoesAsNobody() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become another user");
        assumeTrue(Files.exists(Path.of("/usr/bin/setpriv")), "no setpriv here");
        assertLeavesTheHog(Jvm.pinion(BesideAHog.class, "gomaxprocs=1")
                .under("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    }

    private static void assertLeavesTheHog(Jvm jvm) throws Exception {
        assumeTrue(Cpus.ofThisProcess().size() > 1, "one CPU: there is nowhere to go");
        assumeTrue(Files.exists(Path.of("/usr/bin/taskset")), "no taskset here");
        assumeTrue(Files.exists(Path.of("/proc/self/schedstat")), "this kernel does not tell how long a thread waited");
        Jvm.Outcome outcome = jvm.run();
        assumeFalse(outcome.out().contains(TOO_BUSY), TOO_BUSY);
        outcome.assertPrinted("moved", "all Ms together: true", "lost: 0");
    }

    public static final class BesideAHog {
        private static final long PATIENCE_NANOS = 15_000_000_000L;

        public static void main(String[] arguments) throws Exception {
            Load load = new Load();
            int from = onlyCpu();
            long[] idleBefore = idleTicks();
            Process hog = hogOn(from);
            try {
                long start = System.nanoTime();
                while (cpusOfMs().contains(from) && System.nanoTime() - start < PATIENCE_NANOS) {
                    Thread.sleep(10);
                }
                System.out.println(cpusOfMs().contains(from) ? couldNot(from, idleBefore) : "moved");
                System.out.println("all Ms together: " + (cpusOfMs().size() == 1));
            } finally {
                hog.destroyForcibly().waitFor();
            }
            System.out.println("lost: " + load.stop());
        }

        private static String couldNot(int from, long[] before) throws IOException {
            long[] after = idleTicks();
            for (int cpu : Cpus.ofThisProcess()) {
                // Half idle on the average: then it was a quarter idle at least, for long enough, at some time.
                if (cpu != from && (after[cpu] - before[cpu]) * 10_000_000L > PATIENCE_NANOS / 2) {
                    return "still beside the hog on CPU " + from + ", with CPU " + cpu + " idle";
                }
            }
            return TOO_BUSY;
        }

        /** In ticks of 10 ms. */
        private static long[] idleTicks() throws IOException {
            long[] idle = new long[65536];
            for (String line : Files.readAllLines(Path.of("/proc/stat"))) {
                if (line.matches("cpu\\d+ .*")) {
                    String[] words = line.split(" +");
                    idle[Integer.parseInt(words[0].substring(3))] = Long.parseLong(words[4]);
                }
            }
            return idle;
        }

        /** It looks for this process now and then, and ends with it. */
        private static Process hogOn(int cpu) throws IOException {
            String loop = "while kill -0 " + ProcessHandle.current().pid()
                    + " 2>/dev/null; do i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; done";
            return new ProcessBuilder("taskset", "-c", Integer.toString(cpu), "sh", "-c", loop)
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        }
    }

    @Test
    void psWhoseCpuLeavesTheCpusetShareWhatIsLeft(@TempDir Path directory) throws Exception {
        List<Integer> cpus = Cpus.ofThisProcess();
        assumeTrue(cpus.size() > 1, "one CPU: none can be taken away");
        Path fifo = directory.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        String two = cpus.get(0) + "," + cpus.get(1);
        try (CpusetGroup group = CpusetGroup.make(two)) {
            ProcessBuilder builder = Jvm.pinion(OutOfTheCpuset.class, "gomaxprocs=2,cpus=" + two)
                    .arguments(fifo).under("sh", "-c", "echo $$ > " + group.members() + " && exec \"$@\"", "sh").builder();
            Process process = builder.start();
            try (BufferedReader out = process.inputReader()) {
                assertEquals("ready " + two, out.readLine());
                group.cpus(Integer.toString(cpus.get(0)));
                // The kernel moves the thread at once, Pinion the P when it sees that.
                String err = process.errorReader().readLine();
                assertTrue(err.matches("pinion: CPU " + cpus.get(1) + " left the cpuset of this process; P[01] is on CPU " + cpus.get(0)
                        + " now, beside other Ps\\."), err);
                process.getOutputStream().close();
                assertEquals("all on " + cpus.get(0), out.readLine());
                assertEquals("lost: 0", out.readLine());
                assertTrue(process.waitFor(30, TimeUnit.SECONDS));
                assertEquals(List.of(), process.errorReader().lines().toList());
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    public static final class OutOfTheCpuset {
        public static void main(String[] arguments) throws Exception {
            Load load = new Load();
            TreeSet<Integer> cpus = cpusOfMs();
            System.out.println("ready " + cpus.first() + "," + cpus.last());
            while (cpusOfMs().size() != 1) {
                Thread.sleep(1);
            }
            // Now Ms are born whose CPU is gone, before anybody has looked: blocked calls need them.
            Path fifo = Path.of(arguments[0]);
            Thread[] blocked = new Thread[12];
            for (int i = 0; i < blocked.length; i++) {
                blocked[i] = Thread.startVirtualThread(() -> open(fifo));
            }
            if (System.in.read() >= 0) {
                throw new AssertionError("the test says when it is time by closing the stream");
            }
            FileOutputStream otherEnd = new FileOutputStream(fifo.toFile());
            for (Thread thread : blocked) { // some may only be opening it now
                thread.join();
            }
            otherEnd.close();
            System.out.println("all on " + onlyCpu());
            System.out.println("lost: " + load.stop());
        }
    }

    /** Blocks until somebody opens the other end. */
    private static void open(Path fifo) {
        try {
            new FileInputStream(fifo.toFile()).close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Gs that compute, yield, and start others, on the JVM's scheduler. */
    private static final class Load {
        private final AtomicBoolean stop = new AtomicBoolean();
        private final AtomicLong started = new AtomicLong();
        private final AtomicLong ended = new AtomicLong();
        private final Thread[] workers = new Thread[8];

        Load() {
            for (int i = 0; i < workers.length; i++) {
                workers[i] = Thread.startVirtualThread(this::work);
            }
        }

        private void work() {
            try {
                while (!stop.get()) {
                    started.incrementAndGet();
                    Thread child = Thread.startVirtualThread(ended::incrementAndGet);
                    long until = System.nanoTime() + 100_000;
                    while (System.nanoTime() < until) {
                        Thread.onSpinWait();
                    }
                    Thread.yield();
                    child.join();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        /** How many Gs never ran. Hangs, and so fails, where a worker is lost. */
        long stop() throws InterruptedException {
            stop.set(true);
            for (Thread worker : workers) {
                worker.join();
            }
            return started.get() - ended.get();
        }
    }

    private static int onlyCpu() throws IOException, InterruptedException {
        TreeSet<Integer> cpus = cpusOfMs();
        while (cpus.size() != 1) { // an M that is being born
            Thread.sleep(1);
            cpus = cpusOfMs();
        }
        return cpus.first();
    }

    /** Where the kernel lets the Ms run. */
    private static TreeSet<Integer> cpusOfMs() throws IOException {
        TreeSet<Integer> cpus = new TreeSet<>();
        try (var tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : (Iterable<Path>) tasks::iterator) {
                try {
                    if (Files.readString(task.resolve("comm")).matches("pinion-P\\d+-M\\d+\n")) {
                        cpus.addAll(Cpus.of(task.resolve("status")));
                    }
                } catch (IOException | java.io.UncheckedIOException e) {
                    continue; // it has ended
                }
            }
        }
        return cpus;
    }
}
