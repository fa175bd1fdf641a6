package dev.pinion.takeover;

import static dev.pinion.takeover.Jvm.assertTwins;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Virtual threads start, end and keep a JVM alive under Pinion as on the JDK: the same programs print the same. */
@Timeout(150)
class StartAndEndTest {
    @Test
    void everyWayToStartAVirtualThread() throws Exception {
        assertTwins(Beginnings.class);
    }

    public static final class Beginnings {
        public static void main(String[] arguments) throws Exception {
            Runnable self = () -> {
                Thread t = Thread.currentThread();
                System.out.println(t.getName() + " " + t.isVirtual() + " " + t.isDaemon() + " " + t.getPriority() + " "
                        + t.getThreadGroup().getName() + " " + t.getState() + " " + t.getContextClassLoader().getName());
            };
            Thread.startVirtualThread(self).join();
            Thread.ofVirtual().name("named").start(self).join();
            ThreadFactory factory = Thread.ofVirtual().name("made-", 7).inheritInheritableThreadLocals(false).factory();
            for (int i = 0; i < 3; i++) {
                Thread t = factory.newThread(self);
                System.out.println(t.getState() + " " + t.isAlive());
                t.start();
                System.out.println(t.join(java.time.Duration.ofSeconds(20)) + " " + t.getState() + " " + t.isAlive());
            }
            Thread outer = Thread.ofVirtual().name("outer").unstarted(() -> {
                Thread inner = Thread.ofVirtual().name("inner").start(self);
                try {
                    inner.join();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            outer.start();
            outer.join();
            try {
                outer.start();
            } catch (IllegalThreadStateException e) {
                System.out.println("once only");
            }
            CountDownLatch there = new CountDownLatch(1);
            Thread parked = Thread.ofVirtual().name("parked").start(() -> {
                there.countDown();
                LockSupport.park();
            });
            there.await();
            while (parked.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            System.out.println(parked.getStackTrace()[parked.getStackTrace().length - 1]);
            LockSupport.unpark(parked);
            parked.join();
        }
    }

    @Test
    void virtualThreadsKeepNoJvmAlive() throws Exception {
        Jvm.pinion(Daemons.class).run().assertPrinted("main ends");
        assertTwins(Daemons.class);
    }

    public static final class Daemons {
        public static void main(String[] arguments) throws Exception {
            CountDownLatch there = new CountDownLatch(4);
            Thread.startVirtualThread(() -> {
                there.countDown();
                LockSupport.park();
            });
            Thread.startVirtualThread(() -> {
                there.countDown();
                synchronized (there) {
                    try {
                        there.wait();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            });
            Thread.startVirtualThread(() -> {
                there.countDown();
                try {
                    Thread.sleep(1_000_000);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            Thread.startVirtualThread(() -> {
                there.countDown();
                while (true) {
                    Thread.onSpinWait();
                }
            });
            there.await();
            System.out.println("main ends");
        }
    }

    @Test
    void exitFromAVirtualThread() throws Exception {
        Jvm.Outcome jdk = Jvm.jdk(Exit.class).run();
        assertEquals(new Jvm.Outcome(7, "hook\n", ""), jdk);
        assertEquals(jdk, Jvm.pinion(Exit.class).run());
        assertEquals(jdk, Jvm.pinion(Exit.class, "gomaxprocs=1").run());
    }

    public static final class Exit {
        public static void main(String[] arguments) throws Exception {
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
                // A hook may use Gs itself.
                try {
                    Thread.startVirtualThread(() -> System.out.println("hook")).join();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }));
            Thread.startVirtualThread(() -> System.exit(7));
            new CountDownLatch(1).await();
        }
    }
}
