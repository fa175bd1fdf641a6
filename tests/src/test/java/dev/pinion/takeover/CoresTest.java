package dev.pinion.takeover;

import static dev.pinion.takeover.Jvm.assertTwins;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ms sit on one CPU each; nothing else does, whoever started it. */
@Timeout(120)
class CoresTest {
    @Test
    void everyMHasOneCpuAndEverybodyElseTheProcesss() throws Exception {
        Jvm.pinion(Threads.class).run().assertPrinted(
                "P0 to P" + (Runtime.getRuntime().availableProcessors() - 1), "Ms with one CPU: true", "CPUs of Ms: " + Cpus.ofThisProcess(),
                "others elsewhere: {}");
    }

    @Test
    void unpinnedMsHaveAllCpus() throws Exception {
        assumeTrue(Cpus.ofThisProcess().size() > 1, "one CPU: pinned or not is the same");
        Jvm.pinion(Threads.class, "unpinned,gomaxprocs=2").run()
                .assertPrinted("P0 to P1", "Ms with one CPU: false", "CPUs of Ms: []", "others elsewhere: {}");
    }

    @Test
    void theCpusThatWereSaid() throws Exception {
        int last = Cpus.ofThisProcess().getLast();
        Jvm.pinion(Threads.class, "cpus=" + last).run()
                .assertPrinted("P0 to P0", "Ms with one CPU: true", "CPUs of Ms: [" + last + "]", "others elsewhere: {}");
    }

    @Test
    void housekeepingCpusAreNoMs() throws Exception {
        List<Integer> cpus = Cpus.ofThisProcess();
        assumeTrue(cpus.size() > 1, "one CPU: none is left for Ps beside housekeeping");
        Jvm.Outcome outcome = Jvm.pinion(Threads.class, "housekeeping=" + cpus.getFirst()).run();
        assertEquals("", outcome.err());
        List<String> lines = outcome.out().lines().toList();
        assertEquals(List.of("P0 to P" + (cpus.size() - 2), "Ms with one CPU: true", "CPUs of Ms: " + cpus.subList(1, cpus.size())),
                lines.subList(0, 3));
    }

    @Test
    void housekeepingThatLeavesNoCpuIsRefused() throws Exception {
        Jvm.Outcome outcome = Jvm.pinion(Threads.class, "housekeeping=" + Cpus.listOfThisProcess()).run();
        assertEquals("", outcome.out(), "main has started");
        assertEquals(1, outcome.err().lines().count(), outcome.err());
        assertTrue(outcome.err().contains("leaves no CPU for the Ps"), outcome.err());
        assertEquals(2, outcome.exit());
    }

    public static final class Threads {
        public static void main(String[] arguments) throws Exception {
            try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 2000; i++) {
                    executor.submit(() -> {
                        Thread.sleep(1);
                        return null;
                    });
                }
            }
            System.gc();
            String process = Cpus.listOfThisProcess();
            Map<String, String> others = new TreeMap<>();
            TreeSet<Integer> ps = new TreeSet<>();
            TreeSet<Integer> cpus = new TreeSet<>();
            boolean oneEach = true;
            try (var tasks = Files.list(Path.of("/proc/self/task"))) {
                for (Path task : (Iterable<Path>) tasks::iterator) {
                    String name;
                    String list;
                    try {
                        name = Files.readString(task.resolve("comm")).strip();
                        list = Cpus.listOf(task.resolve("status"));
                    } catch (IOException e) {
                        continue; // it has ended
                    }
                    if (name.matches("pinion-P\\d+-M\\d+")) {
                        ps.add(Integer.valueOf(name.substring("pinion-P".length(), name.lastIndexOf('-'))));
                        if (list.matches("\\d+")) {
                            cpus.add(Integer.valueOf(list));
                        } else {
                            oneEach = false;
                        }
                    } else if (!list.equals(process) && !name.equals("pinion-sysmon") && !name.startsWith("pinion-trip-")) {
                        others.put(name, list);
                    }
                }
            }
            System.out.println("P" + ps.first() + " to P" + ps.last());
            System.out.println("Ms with one CPU: " + oneEach);
            System.out.println("CPUs of Ms: " + cpus);
            System.out.println("others elsewhere: " + others);
        }
    }

    @Test
    void sysmonKeepsOffThePWhereACpuIsToSpare() throws Exception {
        List<Integer> cpus = Cpus.ofThisProcess();
        assumeTrue(cpus.size() > 1, "one CPU: there is none to spare");
        Jvm.pinion(Sysmon.class, "cpus=" + cpus.getLast()).run().assertPrinted("off CPU " + cpus.getLast());
    }

    /** Waits until it is so. */
    public static final class Sysmon {
        public static void main(String[] arguments) throws Exception {
            int last = Cpus.ofThisProcess().getLast();
            while (cpusOfSysmon().contains(last)) {
                Thread.sleep(10);
            }
            System.out.println("off CPU " + last);
        }

        private static List<Integer> cpusOfSysmon() throws IOException {
            try (var tasks = Files.list(Path.of("/proc/self/task"))) {
                for (Path task : (Iterable<Path>) tasks::iterator) {
                    if (Files.readString(task.resolve("comm")).equals("pinion-sysmon\n")) {
                        return Cpus.of(task.resolve("status"));
                    }
                }
            }
            throw new AssertionError("there is no sysmon");
        }
    }

    @Test
    void nothingIsInheritedFromAnM() throws Exception {
        String process = Cpus.listOfThisProcess();
        int processors = Runtime.getRuntime().availableProcessors();
        Jvm.pinion(Inheritance.class, "gomaxprocs=1").run().assertPrinted(
                "processors " + processors, "thread " + process, "pool thread " + process, "child " + process, "grandchild " + process,
                "by exec " + process, "timer " + process);
        assertTwins(Inheritance.class);
    }

    public static final class Inheritance {
        public static void main(String[] arguments) throws Exception {
            Thread.startVirtualThread(() -> {
                try {
                    fromAG();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }).join();
        }

        private static void fromAG() throws Exception {
            System.out.println("processors " + Runtime.getRuntime().availableProcessors());
            Thread platform = Thread.ofPlatform().start(() -> System.out.println("thread " + Cpus.listOfThisThread()));
            platform.join();
            try (var pool = Executors.newFixedThreadPool(1)) {
                pool.submit(() -> System.out.println("pool thread " + Cpus.listOfThisThread())).get();
            }
            String grep = "sed -n 's/Cpus_allowed_list:.//p' /proc/self/status";
            System.out.print("child " + outputOf(new ProcessBuilder("sh", "-c", grep).start()));
            System.out.print("grandchild " + outputOf(new ProcessBuilder("sh", "-c", "sh -c \"" + grep + "\"").start()));
            System.out.print("by exec " + outputOf(Runtime.getRuntime().exec(new String[] {"sh", "-c", grep})));
            CountDownLatch done = new CountDownLatch(1);
            new java.util.Timer(true).schedule(new java.util.TimerTask() {
                @Override
                public void run() {
                    System.out.println("timer " + Cpus.listOfThisThread());
                    done.countDown();
                }
            }, 1);
            done.await();
        }

        private static String outputOf(Process process) throws IOException, InterruptedException {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return out;
        }
    }

    @Test
    void threadsStartedByAGAreInTheGroupTheyWouldBeIn() throws Exception {
        assertTwins(Groups.class);
    }

    public static final class Groups {
        public static void main(String[] arguments) throws Exception {
            List<String> seen = new ArrayList<>();
            Thread.startVirtualThread(() -> {
                Thread platform = new Thread(() -> {}, "plain");
                seen.add(platform.getThreadGroup().getName() + " " + platform.isDaemon() + " " + platform.getPriority() + " "
                        + platform.getContextClassLoader().getName());
                Thread built = Thread.ofPlatform().unstarted(() -> {});
                seen.add(built.getThreadGroup().getName() + " " + built.isDaemon() + " " + built.getPriority());
            }).join();
            // Ms and sysmon are no threads of the application's group.
            Thread[] mains = new Thread[100];
            int n = Thread.currentThread().getThreadGroup().enumerate(mains);
            for (int i = 0; i < n; i++) {
                seen.add(mains[i].getName());
            }
            seen.forEach(System.out::println);
        }
    }
}
