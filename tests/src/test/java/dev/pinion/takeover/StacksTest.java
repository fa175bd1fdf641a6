package dev.pinion.takeover;

import static dev.pinion.takeover.Jvm.assertTwins;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stacks, and what is printed of them, are under Pinion what they are on the JDK. */
@Timeout(150)
class StacksTest {
    @Test
    void deepStacksAndTheirOverflow() throws Exception {
        // A virtual thread's stack is as long as its carrier's at most: 1 MiB if nobody says more, and interpreted frames are large.
        assertTwins(DeepStacks.class, "-Xss8m");
    }

    public static final class DeepStacks {
        public static void main(String[] arguments) throws Exception {
            for (int i = 0; i < 20; i++) { // enough for the compiler to change the frames
                Thread.startVirtualThread(() -> System.out.println(deep(10_000))).join();
            }
            Thread.startVirtualThread(() -> {
                for (int i = 0; i < 3; i++) {
                    try {
                        endless(0);
                    } catch (StackOverflowError e) {
                        System.out.println("caught");
                        Thread.yield();
                    }
                }
                System.out.println(deep(1000));
            }).join();
        }

        private static int deep(int n) {
            if (n == 0) {
                Thread.yield();
                LockSupport.parkNanos(100_000);
                return 0;
            }
            return deep(n - 1) + 1;
        }

        private static int endless(int n) {
            return endless(n + 1) + 1;
        }
    }

    @Test
    void uncaughtExceptionsPrintAsJavaPrintsThem() throws Exception {
        Jvm.Outcome jdk = Jvm.jdk(Uncaught.class).run();
        assertTrue(jdk.err().contains("IllegalStateException: from G 1"), jdk.err());
        assertEquals(jdk, Jvm.pinion(Uncaught.class).run());
    }

    public static final class Uncaught {
        public static void main(String[] arguments) throws Exception {
            for (int i = 0; i < 2; i++) {
                int k = i;
                Thread.ofVirtual().name("thrower").start(() -> {
                    throw new IllegalStateException("from G " + k);
                }).join();
            }
            Thread.ofVirtual().uncaughtExceptionHandler((t, e) -> System.out.println(t.getName() + " has " + e)).name("own")
                    .start(() -> { throw new AssertionError("for the handler"); }).join();
            Thread.setDefaultUncaughtExceptionHandler((t, e) -> System.out.println("default has " + e));
            Thread.startVirtualThread(() -> { throw new AssertionError("for the default"); }).join();
            try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                executor.submit(() -> { throw new java.io.IOException("kept"); }).get();
            } catch (ExecutionException e) {
                System.out.println(e.getCause());
            }
        }
    }

    @Test
    void stackTracesOfAllThreadsAreThere() throws Exception {
        assertTwins(AllTraces.class);
    }

    /** Thread.getAllStackTraces has platform threads only, and the M of a mounted G is not mistaken for it. */
    public static final class AllTraces {
        public static void main(String[] arguments) throws Exception {
            Thread.startVirtualThread(() -> {
                Map<String, Boolean> threads = new TreeMap<>();
                for (Thread t : Thread.getAllStackTraces().keySet()) {
                    threads.put(t.getName(), t.isVirtual());
                }
                System.out.println(threads.get("main") + " " + threads.containsValue(true));
                List<String> frames = StackWalker.getInstance().walk(s -> s.map(StackWalker.StackFrame::getClassName).toList());
                System.out.println(frames);
            }).join();
        }
    }
}
