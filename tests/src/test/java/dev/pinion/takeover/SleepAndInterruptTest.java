package dev.pinion.takeover;

import static dev.pinion.takeover.Jvm.assertTwins;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every wait ends under Pinion as on the JDK, when its time is over and when it is interrupted. */
@Timeout(150)
class SleepAndInterruptTest {
    @Test
    void sleepsAreNeverTooShortAndFireInOrder() throws Exception {
        assertTwins(Sleeps.class);
    }

    public static final class Sleeps {
        public static void main(String[] arguments) throws Exception {
            List<Integer> order = new ArrayList<>();
            Thread[] sleepers = new Thread[6];
            for (int i = 0; i < sleepers.length; i++) {
                int millis = 600 - 100 * i;
                sleepers[i] = Thread.startVirtualThread(() -> {
                    long start = System.nanoTime();
                    try {
                        Thread.sleep(millis);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    boolean longEnough = System.nanoTime() - start >= millis * 1_000_000L;
                    synchronized (order) {
                        order.add(longEnough ? millis : -millis);
                    }
                });
            }
            for (Thread sleeper : sleepers) {
                sleeper.join();
            }
            System.out.println(order);
            Thread.startVirtualThread(() -> {
                try {
                    Thread.sleep(0);
                    Thread.sleep(0, 1);
                    Thread.sleep(-1);
                } catch (IllegalArgumentException e) {
                    System.out.println("negative");
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                LockSupport.parkNanos(-5);
                LockSupport.parkUntil(1);
                LockSupport.parkNanos(1_000_000);
                System.out.println("parked");
            }).join();
        }
    }

    @Test
    void interruptsReachEveryWait() throws Exception {
        assertTwins(Interrupts.class);
    }

    public static final class Interrupts {
        private interface Wait {
            void run() throws Exception;
        }

        public static void main(String[] arguments) throws Exception {
            Object monitor = new Object();
            ReentrantLock lock = new ReentrantLock();
            CountDownLatch never = new CountDownLatch(1);
            Thread forever = Thread.startVirtualThread(() -> {
                while (never.getCount() > 0) {
                    LockSupport.park();
                }
            });
            interrupt("park", LockSupport::park);
            interrupt("parkNanos", () -> LockSupport.parkNanos(100_000_000_000L));
            interrupt("sleep", () -> Thread.sleep(100_000));
            interrupt("join", forever::join);
            interrupt("timed join", () -> forever.join(100_000));
            interrupt("await", never::await);
            interrupt("timed await", () -> never.await(100, TimeUnit.SECONDS));
            interrupt("wait", () -> {
                synchronized (monitor) {
                    monitor.wait();
                }
            });
            interrupt("timed wait", () -> {
                synchronized (monitor) {
                    monitor.wait(100_000);
                }
            });
            lock.lock();
            interrupt("lockInterruptibly", lock::lockInterruptibly);
            interrupt("tryLock", () -> lock.tryLock(100, TimeUnit.SECONDS));
            Thread before = Thread.ofVirtual().unstarted(() -> {
                try {
                    Thread.sleep(1);
                } catch (InterruptedException e) {
                    System.out.println("interrupted before the start");
                }
            });
            before.interrupt();
            before.start();
            before.join();
        }

        private static void interrupt(String name, Wait wait) throws Exception {
            CountDownLatch there = new CountDownLatch(1);
            Thread waiter = Thread.startVirtualThread(() -> {
                there.countDown();
                String how = "returned";
                try {
                    wait.run();
                } catch (Exception e) {
                    how = e.toString();
                }
                System.out.println(name + ": " + how + ", status " + Thread.interrupted() + " " + Thread.interrupted());
            });
            there.await();
            while (waiter.getState() != Thread.State.WAITING && waiter.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            waiter.interrupt();
            waiter.join();
        }
    }
}
