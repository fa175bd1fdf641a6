package dev.pinion.takeover;

import static dev.pinion.takeover.Jvm.assertTwins;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.Pinion;
import java.io.BufferedReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the JDK's own tools say of a JVM that Pinion has taken over. */
@Timeout(120)
class ToolsTest {
    @Test
    void theSchedulersBeanAnswersForThePs() throws Exception {
        Jvm.pinion(SchedulerBean.class, "gomaxprocs=2").run().assertPrinted(
                "parallelism 2", "mounted 1 of at least 1", "queued 10", "parallelism 1, run 10", "parallelism 5", "refused 0", "refused -1",
                "unchanged 5");
    }

    public static final class SchedulerBean {
        public static void main(String[] arguments) throws Exception {
            var bean = ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
            System.out.println("parallelism " + bean.getParallelism());
            bean.setParallelism(1);
            Thread.startVirtualThread(() -> {
                System.out.println("mounted " + bean.getMountedVirtualThreadCount() + " of at least " + Math.min(1, bean.getPoolSize()));
                CountDownLatch run = new CountDownLatch(10);
                for (int i = 0; i < 10; i++) {
                    Thread.startVirtualThread(run::countDown); // none runs while this one does
                }
                System.out.println("queued " + bean.getQueuedVirtualThreadCount());
                try {
                    run.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                System.out.println("parallelism " + bean.getParallelism() + ", run " + (10 - run.getCount()));
            }).join();
            bean.setParallelism(5);
            System.out.println("parallelism " + bean.getParallelism());
            for (int wrong : new int[] {0, -1}) {
                try {
                    bean.setParallelism(wrong);
                } catch (IllegalArgumentException e) {
                    System.out.println("refused " + wrong);
                }
            }
            System.out.println("unchanged " + bean.getParallelism());
        }
    }

    /** Parallelism that was set is meant: so many Gs compute at once, and no more. */
    @Test
    void parallelismThatWasSetIsMeant() throws Exception {
        Jvm.pinion(Meant.class, "gomaxprocs=1").run().assertPrinted("3 at once");
        assertTwins(Meant.class);
    }

    public static final class Meant {
        public static void main(String[] arguments) throws Exception {
            ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class).setParallelism(3);
            CountDownLatch atOnce = new CountDownLatch(3);
            List<Thread> spinners = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                spinners.add(Thread.startVirtualThread(() -> {
                    atOnce.countDown();
                    while (atOnce.getCount() > 0) {
                        Thread.onSpinWait(); // none of them leaves its M before all are on one
                    }
                }));
            }
            for (Thread spinner : spinners) {
                spinner.join();
            }
            System.out.println("3 at once");
        }
    }

    @Test
    void theThreadBeanAnswersAsBefore() throws Exception {
        assertTwins(ThreadBean.class);
    }

    public static final class ThreadBean {
        public static void main(String[] arguments) throws Exception {
            ThreadMXBean bean = ManagementFactory.getThreadMXBean();
            Object monitor = new Object();
            Thread platform;
            synchronized (monitor) {
                platform = Thread.ofPlatform().name("blocked").start(() -> {
                    synchronized (monitor) {
                        System.out.println("through");
                    }
                });
                while (platform.getState() != Thread.State.BLOCKED) {
                    Thread.onSpinWait();
                }
                ThreadInfo info = bean.getThreadInfo(platform.threadId());
                System.out.println(info.getThreadState() + " by " + info.getLockOwnerName());
            }
            platform.join();
            Thread.startVirtualThread(() -> {
                System.out.println(bean.getThreadInfo(Thread.currentThread().threadId()));
                try {
                    System.out.println(bean.getCurrentThreadCpuTime());
                } catch (UnsupportedOperationException e) {
                    System.out.println("no time for virtual threads");
                }
                System.out.println(bean.findDeadlockedThreads() == null);
            }).join();
        }
    }

    @Test
    void threadDumpsListTheVirtualThreads(@TempDir Path directory) throws Exception {
        Path dump = directory.resolve("threads.json");
        Process process = Jvm.pinion(Waiting.class).builder().redirectErrorStream(true).start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("ready", out.readLine());
            String said = jcmd(process, "Thread.dump_to_file", "-format=json", dump.toString());
            assertTrue(Files.exists(dump), said);
            String json = Files.readString(dump);
            Map<String, String> containers = containerOfEach(json, "plain", "pinions");
            assertEquals("pinion", containers.get("plain"), json);
            assertEquals("pinion", containers.get("pinions"), json);
            assertTrue(json.contains("ToolsTest$Waiting"), "no stacks: " + json);
            String vthreads = jcmd(process, "Thread.vthread_scheduler");
            assertTrue(vthreads.contains("Pinion"), vthreads);
            String print = jcmd(process, "Thread.print");
            assertTrue(print.contains("\"pinion-P0-M"), print);
            assertTrue(jcmd(process, "VM.version").contains("25"));
        } finally {
            process.destroy();
        }
        assertEquals(128 + 15, process.waitFor());
    }

    private static String jcmd(Process process, String... command) throws Exception {
        List<String> line = new ArrayList<>(List.of(Jvm.tool("jcmd").toString(), Long.toString(process.pid())));
        line.addAll(List.of(command));
        Process jcmd = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, jcmd.waitFor(), said);
        return said;
    }

    /** The container under which a stack frame with this method name stands. */
    private static Map<String, String> containerOfEach(String json, String... names) {
        Map<String, String> found = new TreeMap<>();
        Matcher matcher = Pattern.compile("\"container\": \"([^\"]*)\"|\"name\": \"([^\"]*)\"").matcher(json);
        String container = null;
        while (matcher.find()) {
            if (matcher.group(1) != null) {
                container = matcher.group(1).replaceAll("[\\\\/@].*", "");
            } else if (List.of(names).contains(matcher.group(2))) {
                found.put(matcher.group(2), container);
            }
        }
        return found;
    }

    public static final class Waiting {
        public static void main(String[] arguments) throws Exception {
            CountDownLatch there = new CountDownLatch(2);
            Thread.ofVirtual().name("plain").start(() -> {
                there.countDown();
                parkForever();
            });
            Pinion.go(() -> {
                Thread.currentThread().setName("pinions");
                there.countDown();
                parkForever();
            });
            there.await();
            System.out.println("ready");
            parkForever();
        }

        private static void parkForever() {
            while (true) {
                LockSupport.park();
            }
        }
    }

    @Test
    void flightRecordingsHaveTheVirtualThreads() throws Exception {
        assertTwins(Recorded.class);
    }

    public static final class Recorded {
        public static void main(String[] arguments) throws Exception {
            Path file = Files.createTempFile("pinion-test", ".jfr");
            try (Recording recording = new Recording()) {
                recording.enable("jdk.VirtualThreadStart");
                recording.enable("jdk.VirtualThreadEnd");
                recording.enable("jdk.VirtualThreadPinned").withoutThreshold();
                recording.enable("jdk.ThreadPark").withoutThreshold();
                recording.enable("jdk.ThreadSleep").withoutThreshold();
                recording.start();
                for (int i = 0; i < 10; i++) {
                    Thread.ofVirtual().name("recorded-" + i).start(() -> {
                        try {
                            Thread.sleep(2);
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                        LockSupport.parkNanos(1_000_000);
                    }).join();
                }
                Thread.sleep(200); // idle Ms would park by now, if they parked in Java
                recording.stop();
                recording.dump(file);
            }
            Map<String, Integer> events = new TreeMap<>();
            for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
                String name = event.getEventType().getName();
                boolean ofAG = event.getThread() != null && event.getThread().getJavaName() != null
                        && event.getThread().getJavaName().startsWith("recorded-");
                if (ofAG) {
                    events.merge(name, 1, Integer::sum);
                } else if (event.getThread() != null && event.getThread().getJavaName() != null
                        && event.getThread().getJavaName().startsWith("pinion-")) {
                    events.merge("of an M: " + name, 1, Integer::sum);
                }
            }
            Files.delete(file);
            System.out.println(events);
        }
    }

    /** As an operator would: the recording and its start are the JVM's own. */
    @Test
    void aRecordingFromTheStartWorks(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("whole.jfr");
        Jvm.Outcome outcome = Jvm.pinion(Meant.class).options("-XX:StartFlightRecording:filename=" + file + ",settings=profile", "-Xlog:jfr*=off",
                "-Xlog:disable").run();
        outcome.assertPrinted("3 at once");
        assertTrue(RecordingFile.readAllEvents(file).size() > 10);
    }

    /** Programs, the JDK's tests among them, find the scheduler by reflection and use it as the pool it says it is. */
    @Test
    void theFieldIsAPoolThatWorks() throws Exception {
        Jvm.pinion(Reflected.class, "gomaxprocs=2").options("--add-opens", "java.base/java.lang=ALL-UNNAMED").run()
                .assertPrinted("2", "true true", "ran on an M true", "3");
    }

    public static final class Reflected {
        public static void main(String[] arguments) throws Exception {
            var field = Class.forName("java.lang.VirtualThread").getDeclaredField("DEFAULT_SCHEDULER");
            field.setAccessible(true);
            ForkJoinPool pool = (ForkJoinPool) field.get(null);
            System.out.println(pool.getParallelism());
            System.out.println(pool.toString().startsWith("Pinion") + " " + pool.getAsyncMode());
            CountDownLatch ran = new CountDownLatch(1);
            pool.execute(() -> {
                System.out.println("ran on an M " + Thread.currentThread().getName().startsWith("pinion-P"));
                ran.countDown();
            });
            ran.await();
            pool.setParallelism(3);
            System.out.println(pool.getParallelism());
        }
    }
}
