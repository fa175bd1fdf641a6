package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.G;
import dev.pinion.Pinion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The agent where it cannot do its work, beside others, and with a program that knows of Pinion. */
@Timeout(60)
class AgentRefusalsTest {
    /** Without continuations a virtual thread is a platform thread: there is nothing to take over. */
    @Test
    void aJvmWithoutContinuationsIsOneSentence() throws Exception {
        Jvm.Outcome outcome = Jvm.pinion(AgentOptionsTest.Procs.class)
                .options("-XX:+UnlockExperimentalVMOptions", "-XX:-VMContinuations").run();
        assertEquals("", outcome.out());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
        assertTrue(outcome.err().startsWith("pinion: ") && outcome.err().contains("VMContinuations"), outcome.err());
        assertEquals(1, outcome.exit());
    }

    @Test
    void orJdkGoesOnWithOneWarning() throws Exception {
        Jvm.Outcome outcome = Jvm.pinion(Hello.class, "or-jdk")
                .options("-XX:+UnlockExperimentalVMOptions", "-XX:-VMContinuations").run();
        assertEquals("hello\n", outcome.out());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
        assertTrue(outcome.err().startsWith("pinion: ") && outcome.err().contains("JDK's scheduler"), outcome.err());
        assertEquals(0, outcome.exit());
    }

    @Test
    void orJdkIsSilentWhereNothingIsWrong() throws Exception {
        Jvm.pinion(AgentOptionsTest.Procs.class, "or-jdk,gomaxprocs=2").run().assertPrinted("true 2");
    }

    public static final class Hello {
        public static void main(String[] arguments) throws Exception {
            Thread.startVirtualThread(() -> System.out.println("hello")).join();
        }
    }

    /** As when JAVA_TOOL_OPTIONS says it and the command line too. */
    @Test
    void theSameAgentTwiceIsOneScheduler() throws Exception {
        Jvm.Outcome outcome = Jvm.pinion(Sysmons.class, "gomaxprocs=1").options("-javaagent:" + Jvm.jar() + "=gomaxprocs=2").run();
        assertEquals("true 1\n1 sysmon\n", outcome.out());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
        assertTrue(outcome.err().startsWith("pinion: the agent is named twice"), outcome.err());
        assertEquals(0, outcome.exit());
    }

    public static final class Sysmons {
        public static void main(String[] arguments) throws Exception {
            AgentOptionsTest.Procs.main(arguments);
            int sysmons = 0;
            try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
                for (Path task : tasks) {
                    try {
                        sysmons += Files.readString(task.resolve("comm")).strip().equals("pinion-sysmon") ? 1 : 0;
                    } catch (IOException e) {
                        continue; // a thread that has ended: the first pass's, for instance
                    }
                }
            }
            System.out.println(sysmons + " sysmon");
        }
    }

    @Test
    void schedtraceGoesToStderrAndNowhereElse() throws Exception {
        Jvm.Outcome outcome = Jvm.pinion(Traced.class, "gomaxprocs=2,schedtrace=20").run();
        assertEquals("done\n", outcome.out());
        assertTrue(outcome.err().lines().count() >= 3, outcome.err());
        assertTrue(outcome.err().lines().allMatch(l -> l.startsWith("SCHED ") && l.contains("gomaxprocs=2")), outcome.err());
    }

    @Test
    void scheddetailAddsPsAndMs() throws Exception {
        Jvm.Outcome outcome = Jvm.pinion(Traced.class, "gomaxprocs=2,schedtrace=20,scheddetail").run();
        assertEquals("done\n", outcome.out());
        for (String start : new String[] {"SCHED ", "  P0: status=", "  P1: status=", "  M0: p="}) {
            assertTrue(outcome.err().lines().anyMatch(l -> l.startsWith(start)), () -> "no line of " + start + " in " + outcome.err());
        }
    }

    public static final class Traced {
        public static void main(String[] arguments) throws Exception {
            Thread.startVirtualThread(() -> {
                try {
                    Thread.sleep(300);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }).join();
            System.out.println("done");
        }
    }

    /** The default scheduler of the API is the one that runs the JVM's virtual threads. */
    @Test
    void theApiSeesTheTakenOverScheduler() throws Exception {
        Jvm.pinion(Knows.class, "gomaxprocs=2").run().assertPrinted(
                "2", "on an M true", "result 42", "java.util.concurrent.ExecutionException: java.io.IOException: kept", "2 then 3", "bean 3", "virtual true");
    }

    public static final class Knows {
        public static void main(String[] arguments) throws Exception {
            System.out.println(Pinion.gomaxprocs());
            CountDownLatch done = new CountDownLatch(1);
            Pinion.go(() -> {
                System.out.println("on an M " + Thread.currentThread().toString().contains("@pinion-P"));
                done.countDown();
            });
            done.await();
            System.out.println("result " + Pinion.go(() -> 42).get());
            G<Object> fails = Pinion.go(() -> {
                throw new java.io.IOException("kept");
            });
            try {
                fails.get();
            } catch (ExecutionException e) {
                System.out.println(e);
            }
            System.out.println(Pinion.gomaxprocs(3) + " then " + Pinion.gomaxprocs());
            System.out.println("bean " + java.lang.management.ManagementFactory
                    .getPlatformMXBean(jdk.management.VirtualThreadSchedulerMXBean.class).getParallelism());
            System.out.println("virtual " + Pinion.go(() -> Thread.currentThread().isVirtual()).get());
        }
    }

    /** Nobody gets this G's result: the exception is printed as a thread's is. */
    @Test
    void uncaughtInGoPrintsAsJavaPrints() throws Exception {
        Jvm.Outcome outcome = Jvm.pinion(Throws.class).run();
        assertEquals("main goes on\n", outcome.out());
        assertTrue(outcome.err().startsWith("Exception in thread \"\" java.lang.IllegalStateException: from go\n\tat " + Throws.class.getName()),
                outcome.err());
        assertEquals(0, outcome.exit());
    }

    /** To the compiler a lambda that only throws has a result: whoever does not ask for it sees the exception at the end. */
    @Test
    void whatNobodyGotPrintsWhenTheJvmEnds() throws Exception {
        Jvm.Outcome outcome = Jvm.pinion(OnlyThrows.class).run();
        assertEquals("main goes on after got\n", outcome.out());
        assertTrue(outcome.err().startsWith("Exception in thread \"lost\" java.lang.IllegalStateException: lost\n\tat " + OnlyThrows.class.getName()),
                outcome.err());
        assertEquals(1, outcome.err().lines().filter(line -> !line.startsWith("\t")).count(), outcome.err());
        assertEquals(0, outcome.exit());
    }

    public static final class OnlyThrows {
        private static G<?> kept;

        public static void main(String[] arguments) throws Exception {
            CountDownLatch named = new CountDownLatch(1);
            kept = Pinion.go(() -> {
                named.await();
                throw new IllegalStateException("lost");
            }).name("lost");
            named.countDown();
            kept.join();
            try {
                Pinion.go(() -> {
                    throw new IllegalStateException("got");
                }).get();
            } catch (ExecutionException e) {
                System.out.println("main goes on after " + e.getCause().getMessage());
            }
        }
    }

    public static final class Throws {
        public static void main(String[] arguments) throws Exception {
            G<Void> g = Pinion.go(() -> {
                if (arguments.length == 0) {
                    throw new IllegalStateException("from go");
                }
            });
            g.join();
            System.out.println("main goes on");
        }
    }
}
