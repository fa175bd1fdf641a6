package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pinion.Scheduler;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The program's heap is full for a while: the scheduler loses nothing by that. */
@Timeout(180)
class FullHeapTest {
    private static void assertPrinted(Class<?> program, String... lines) throws Exception {
        Jvm.Outcome outcome = Jvm.jdk(program).classPath(Jvm.classesOf(program), Jvm.jar())
                .options("-Xmx40m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED")
                .run();
        // On stderr it may say what could not be done at once.
        assertEquals(List.of(lines), outcome.out().lines().toList(), outcome.err());
        assertEquals(0, outcome.exit(), outcome.err());
    }

    /** On a slow machine the deadlines may pass meanwhile: that must not matter, as the next test sees. */
    @Test
    void psThatGoWhileTheHeapIsFullLoseNoTimer() throws Exception {
        assertPrinted(Shrink.class, "full", "shrunk to 1", "all woke");
    }

    @Test
    void timersThatAreDueWhileTheHeapIsFullAreNotLost() throws Exception {
        assertPrinted(Due.class, "full", "all woke");
    }

    @Test
    void threadsThatParkWhileTheHeapIsFullWake() throws Exception {
        assertPrinted(Park.class, "full", "all woke");
    }

    /** What the programs share: virtual threads on four Ps, and what fills the heap. */
    private static final class Sleepers {
        final Scheduler scheduler = Scheduler.builder().gomaxprocs(4).unpinned().build();
        private final Thread[] threads;
        private Object[] ballast;

        Sleepers(int count, Runnable task) {
            threads = new Thread[count];
            for (int i = 0; i < count; i++) {
                threads[i] = scheduler.newThread(task);
                threads[i].start();
            }
        }

        /** Long enough for the other Ps to take part. */
        static void spin() {
            for (int i = 0; i < 1_000; i++) {
                Thread.onSpinWait();
            }
        }

        static void parkUntil(long end) {
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(end - System.nanoTime());
            }
        }

        void awaitParked() {
            for (Thread thread : threads) {
                Thread.State state = thread.getState();
                while (state != Thread.State.TIMED_WAITING && state != Thread.State.TERMINATED) {
                    Thread.onSpinWait();
                    state = thread.getState();
                }
            }
        }

        /** Until there is not even room for an array of so many references. */
        void fill(int smallest) {
            for (int size = 1 << 20; size >= smallest; size >>= 5) {
                try {
                    while (true) {
                        Object[] more = new Object[size];
                        more[0] = ballast;
                        ballast = more;
                    }
                } catch (OutOfMemoryError e) {
                    // a smaller one may fit
                }
            }
        }

        void empty() {
            ballast = null;
            System.out.println("full");
        }

        void join() throws InterruptedException {
            for (Thread thread : threads) {
                thread.join();
            }
            System.out.println("all woke");
            scheduler.close();
        }
    }

    public static final class Shrink {
        private static volatile boolean shrink;
        private static volatile Throwable failure;

        public static void main(String[] arguments) throws Exception {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
            // More than fit into the power of two below: however they lie, moving them makes P0's array grow.
            Sleepers sleepers = new Sleepers(4_300, () -> {
                Sleepers.spin();
                Sleepers.parkUntil(end);
            });
            sleepers.awaitParked();
            Thread resizer = Thread.ofPlatform().start(() -> shrink(sleepers.scheduler));
            sleepers.fill(1 << 10); // leaves room for small things, but not for an array of so many timers
            shrink = true;
            while (sleepers.scheduler.gomaxprocs() != 1) {
                Thread.onSpinWait();
            }
            long enough = System.nanoTime() + 100_000_000;
            while (System.nanoTime() < enough) {
                Thread.yield(); // the Ps are asked for their timers, and have nowhere to put them
            }
            sleepers.empty();
            resizer.join();
            System.out.println(failure == null ? "shrunk to " + sleepers.scheduler.gomaxprocs() : failure.toString());
            sleepers.join();
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
    }

    /** Their deadline, and what their waking needs for the first time in this process, comes in a heap without room for anything. */
    public static final class Due {
        private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

        public static void main(String[] arguments) throws Exception {
            long end = System.nanoTime() + 3 * SECOND;
            Sleepers sleepers = new Sleepers(4_300, () -> {
                Sleepers.spin();
                Sleepers.parkUntil(end);
            });
            sleepers.awaitParked();
            sleepers.fill(1);
            while (System.nanoTime() < end + SECOND) {
                Thread.onSpinWait();
            }
            sleepers.empty();
            sleepers.join();
        }
    }

    /** The JDK allocates when a thread waits with a deadline, after it has unmounted. */
    public static final class Park {
        private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
        private static final int WAITS = 10;
        private static volatile boolean full;

        public static void main(String[] arguments) throws Exception {
            Object[] monitors = new Object[300];
            Arrays.setAll(monitors, i -> new Object());
            AtomicInteger started = new AtomicInteger();
            Sleepers sleepers = new Sleepers(monitors.length, () -> {
                int mine = started.getAndIncrement();
                for (int i = 0; i < WAITS; ) {
                    try {
                        if (!full) {
                            Thread.yield();
                        } else if (mine % 2 == 0) {
                            LockSupport.parkNanos(SECOND / 100);
                            i++;
                        } else {
                            synchronized (monitors[mine]) {
                                monitors[mine].wait(10);
                            }
                            i++;
                        }
                    } catch (OutOfMemoryError e) {
                        // the JDK's, for its copy of the stack: it has not waited
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            });
            while (started.get() < monitors.length) {
                Thread.yield();
            }
            long end = System.nanoTime() + SECOND;
            sleepers.fill(1);
            full = true;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            sleepers.empty();
            sleepers.join();
        }
    }
}
