package dev.pinion.takeover;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A G in a class initialiser is pinned to its M, and so are those that wait for the class. The JDK's scheduler may hang here. */
@Timeout(100)
class ClassInitTest {
    @Test
    void anInitialiserThatSleepsOnTheOnlyP() throws Exception {
        Jvm.pinion(Sleeping.class, "gomaxprocs=1").run().assertPrinted("initialised", "8 saw 42");
    }

    public static final class Sleeping {
        static final class Slow {
            static int value;

            static {
                try {
                    Thread.sleep(50);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                System.out.println("initialised");
                value = 42;
            }
        }

        public static void main(String[] arguments) throws Exception {
            List<Thread> users = new ArrayList<>();
            int[] seen = new int[1];
            for (int i = 0; i < 8; i++) {
                users.add(Thread.startVirtualThread(() -> {
                    if (Slow.value == 42) {
                        synchronized (seen) {
                            seen[0]++;
                        }
                    }
                }));
            }
            for (Thread user : users) {
                user.join();
            }
            System.out.println(seen[0] + " saw 42");
        }
    }

    /** The initialiser waits for a G that has not run yet, while the waiters for the class hold every M. */
    @Test
    void anInitialiserThatWaitsForAnotherG() throws Exception {
        Jvm.pinion(Dependent.class, "gomaxprocs=1").run().assertPrinted("8 saw 42");
        Jvm.pinion(Dependent.class, "gomaxprocs=2").run().assertPrinted("8 saw 42");
    }

    public static final class Dependent {
        private static final CountDownLatch WAITERS_START = new CountDownLatch(8);
        private static final CountDownLatch HELP = new CountDownLatch(1);

        static final class Slow {
            static int value;

            static {
                try {
                    HELP.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                value = 42;
            }
        }

        public static void main(String[] arguments) throws Exception {
            List<Thread> users = new ArrayList<>();
            int[] seen = new int[1];
            for (int i = 0; i < 8; i++) {
                users.add(Thread.startVirtualThread(() -> {
                    WAITERS_START.countDown();
                    if (Slow.value == 42) {
                        synchronized (seen) {
                            seen[0]++;
                        }
                    }
                }));
            }
            users.add(Thread.startVirtualThread(() -> {
                try {
                    WAITERS_START.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                HELP.countDown();
            }));
            for (Thread user : users) {
                user.join();
            }
            System.out.println(seen[0] + " saw 42");
        }
    }
}
