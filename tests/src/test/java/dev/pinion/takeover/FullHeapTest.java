package dev.pinion.takeover;

import dev.pinion.Scheduler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ps go while there is no memory to move their timers to. */
@Timeout(120)
class FullHeapTest {
    @Test
    void psThatGoWhileTheHeapIsFullLoseNoTimer() throws Exception {
        Jvm.jdk(Shrink.class).classPath(Jvm.classesOf(Shrink.class), Jvm.jar())
                .options("-Xmx40m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED")
                .run().assertPrinted("full", "shrunk to 1", "all woke");
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
            fill();
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
        private static void fill() {
            for (int size = 1 << 20; size >= 1 << 10; size >>= 5) {
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
    }
}
