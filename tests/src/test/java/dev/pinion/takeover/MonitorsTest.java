package dev.pinion.takeover;

import static dev.pinion.takeover.Jvm.assertTwins;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Monitors under Pinion are those of the JDK, and so are ten thousand tasks on one. */
@Timeout(150)
class MonitorsTest {
    @Test
    void monitorsWaitAndNotify() throws Exception {
        assertTwins(Monitors.class);
    }

    public static final class Monitors {
        private static int turn;
        private static int waiting;

        public static void main(String[] arguments) throws Exception {
            Object monitor = new Object();
            StringBuilder order = new StringBuilder();
            Thread[] players = new Thread[4];
            for (int i = 0; i < players.length; i++) {
                int me = i;
                players[i] = Thread.startVirtualThread(() -> {
                    for (int round = 0; round < 50; round++) {
                        synchronized (monitor) {
                            try {
                                while (turn % 4 != me) {
                                    monitor.wait();
                                }
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                            order.append(me);
                            turn++;
                            monitor.notifyAll();
                        }
                    }
                });
            }
            for (Thread player : players) {
                player.join();
            }
            System.out.println(order);

            Thread timed = Thread.startVirtualThread(() -> {
                long start = System.nanoTime();
                synchronized (monitor) {
                    try {
                        monitor.wait(50);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
                long millis = (System.nanoTime() - start) / 1_000_000;
                System.out.println("timed wait " + (millis >= 49 && millis < 10_000));
            });
            timed.join();

            // notify wakes one and not two.
            for (int i = 0; i < 3; i++) {
                Thread.startVirtualThread(() -> {
                    synchronized (monitor) {
                        waiting++;
                        try {
                            monitor.wait();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                        waiting--;
                        monitor.notify();
                    }
                });
            }
            while (true) {
                synchronized (monitor) {
                    if (waiting == 3) {
                        monitor.notify();
                        break;
                    }
                }
                Thread.yield();
            }
            while (true) {
                synchronized (monitor) {
                    if (waiting == 0) {
                        break;
                    }
                }
                Thread.yield();
            }
            System.out.println("a chain of three");
            try {
                monitor.notify();
            } catch (IllegalMonitorStateException e) {
                System.out.println("not the owner");
            }
        }
    }

    @Test
    void tenThousandTasksThatSleepYieldAndLock() throws Exception {
        assertTwins(TenThousandTasks.class);
    }

    public static final class TenThousandTasks {
        private static long sum;

        public static void main(String[] arguments) throws Exception {
            Object lock = new Object();
            List<Future<Integer>> futures = new ArrayList<>();
            try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 10_000; i++) {
                    int k = i;
                    futures.add(executor.submit(() -> {
                        Thread.sleep(k % 20);
                        Thread.yield();
                        synchronized (lock) {
                            sum += k;
                            if (k % 1000 == 0) {
                                Thread.sleep(1);
                            }
                        }
                        return k;
                    }));
                }
            }
            long results = 0;
            for (Future<Integer> future : futures) {
                results += future.resultNow();
            }
            System.out.println(sum + " " + results);
        }
    }
}
