package dev.pinion.takeover;

import java.util.ArrayList;
import java.util.List;
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
}
