package dev.pinion.nativelib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pinned M hands on neither its CPU nor its timer slack. */
@Timeout(60)
class InheritanceTest {
    private static long[] process;
    private static int cpu;
    private static int processors;
    private static long slack;

    private interface Body {
        void run() throws Exception;
    }

    @BeforeAll
    static void install() {
        Boot.withLibrary();
        process = new long[128];
        NativeCallException.check("getAffinity", Natives.getAffinity(0, process));
        for (cpu = 0; (process[cpu / 64] >>> cpu & 1) == 0; cpu++) {}
        int cpus = 0;
        for (long word : process) {
            cpus += Long.bitCount(word);
        }
        assumeTrue(cpus > 1, "one CPU: pinned and unpinned cannot be told apart");
        processors = Runtime.getRuntime().availableProcessors();
        slack = Natives.getTimerSlack();
        assertEquals(SharedLayout.INHERIT_ALL, Natives.installInheritance());
        assertEquals(0, Natives.setProcessMask(process));
    }

    @Test
    void threads() throws Exception {
        asPinnedM(() -> {
            long[] mask = new long[128];
            long[] slackOfChild = new long[1];
            Thread child = new Thread(() -> {
                Natives.getAffinity(0, mask);
                slackOfChild[0] = Natives.getTimerSlack();
            });
            child.start();
            child.join();
            assertEquals(Arrays.toString(process), Arrays.toString(mask));
            assertEquals(slack, slackOfChild[0]);
        });
    }

    @Test
    void childProcesses() throws Exception {
        String expected = statusOfChild();
        asPinnedM(() -> assertEquals(expected, statusOfChild()));
    }

    @Test
    void aCommandThatIsNotThereStillThrows() throws Exception {
        asPinnedM(() -> {
            try {
                new ProcessBuilder("/nonexistent/command").start();
                throw new AssertionError("started");
            } catch (IOException expected) {
                assertPinned();
            }
        });
    }

    @Test
    void availableProcessors() throws Exception {
        asPinnedM(() -> assertEquals(processors, Runtime.getRuntime().availableProcessors()));
        assertEquals(processors, Runtime.getRuntime().availableProcessors());
    }

    @Test
    void theActiveProcessorCountFlagIsHonoured() throws Exception {
        BootTest.assertSilentSuccess(ForkedJvm.of(FiveProcessors.class, "-XX:ActiveProcessorCount=5"));
    }

    /** The JIT compiles the wrappers' callers, and must have dropped what it knew of the originals. */
    @Test
    void alsoWhenTheOriginalWasCompiled() throws Exception {
        BootTest.assertSilentSuccess(ForkedJvm.of(CompiledFirst.class, "-Xbatch"));
    }

    private static String statusOfChild() throws IOException, InterruptedException {
        Process child = new ProcessBuilder("sh", "-c", "grep Cpus_allowed: /proc/self/status").start();
        String status = new String(child.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertEquals(0, child.waitFor());
        return status;
    }

    private static void assertPinned() {
        long[] expected = new long[128];
        expected[cpu / 64] = 1L << cpu;
        long[] mask = new long[128];
        NativeCallException.check("getAffinity", Natives.getAffinity(0, mask));
        assertEquals(Arrays.toString(expected), Arrays.toString(mask));
        assertEquals(1, Natives.getTimerSlack());
    }

    private static void asPinnedM(Body body) throws Exception {
        Throwable[] thrown = new Throwable[1];
        long m = NativeCallException.check("mapShared", Natives.mapShared(SharedLayout.M_SIZE));
        Thread thread = new Thread(() -> {
            try {
                NativeCallException.check("bindSelf", Natives.bindSelf(m, cpu));
                NativeCallException.check("setTimerSlack", Natives.setTimerSlack(1));
                assertPinned();
                body.run();
                assertPinned();
                NativeCallException.check("unbindSelf", Natives.unbindSelf());
                assertEquals(slack, Natives.getTimerSlack());
            } catch (Throwable t) {
                thrown[0] = t;
            }
        });
        thread.start();
        thread.join();
        NativeCallException.check("unmapShared", Natives.unmapShared(m, SharedLayout.M_SIZE));
        if (thrown[0] != null) {
            throw new AssertionError(thrown[0]);
        }
    }

    static final class FiveProcessors {
        public static void main(String[] arguments) throws Exception {
            install();
            asPinnedM(() -> assertEquals(5, Runtime.getRuntime().availableProcessors()));
        }
    }

    static final class CompiledFirst {
        public static void main(String[] arguments) throws Exception {
            int sum = 0;
            for (int i = 0; i < 50_000; i++) {
                sum += Runtime.getRuntime().availableProcessors();
            }
            install();
            assertEquals(50_000 * processors, sum);
            asPinnedM(() -> {
                for (int i = 0; i < 50_000; i++) {
                    assertEquals(processors, Runtime.getRuntime().availableProcessors());
                }
            });
        }
    }
}
