package dev.pinion.takeover;

import static dev.pinion.takeover.Jvm.assertTwins;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the Java platform says of threads holds under Pinion as on the JDK: the same programs print the same. */
@Timeout(150)
class JavaPromisesTest {
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

    @Test
    void threadLocalsStayWithTheirThread() throws Exception {
        assertTwins(Locals.class);
    }

    public static final class Locals {
        private static final ThreadLocal<String> PLAIN = ThreadLocal.withInitial(() -> "initial");
        private static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();
        private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

        public static void main(String[] arguments) throws Exception {
            PLAIN.set("main's");
            INHERITED.set("from main");
            ClassLoader own = new ClassLoader("own", Locals.class.getClassLoader()) {};
            Thread.currentThread().setContextClassLoader(own);
            List<String> seen = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                int k = i;
                Thread t = Thread.startVirtualThread(() -> {
                    String before = PLAIN.get();
                    PLAIN.set("mine " + k);
                    Thread.yield();
                    LockSupport.parkNanos(1000);
                    seen.add(before + ", " + PLAIN.get() + ", " + INHERITED.get() + ", "
                            + Thread.currentThread().getContextClassLoader().getName());
                    INHERITED.set("changed");
                    Thread child = Thread.startVirtualThread(() -> seen.add("child " + INHERITED.get() + " " + PLAIN.get()));
                    try {
                        child.join();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
                t.join();
            }
            Thread without = Thread.ofVirtual().inheritInheritableThreadLocals(false).start(() -> seen.add("without " + INHERITED.get()
                    + " " + Thread.currentThread().getContextClassLoader().getName()));
            without.join();
            Thread.startVirtualThread(() -> ScopedValue.where(SCOPED, "outer").run(() -> {
                Thread.yield();
                seen.add(SCOPED.get() + " " + ScopedValue.where(SCOPED, "inner").call(() -> {
                    LockSupport.parkNanos(1000);
                    return SCOPED.get();
                }) + " " + SCOPED.get());
            })).join();
            seen.add("bound afterwards: " + SCOPED.isBound() + ", main " + PLAIN.get() + " " + INHERITED.get());
            seen.forEach(System.out::println);
        }
    }

    @Test
    void otherPoolsAreAsTheyWere() throws Exception {
        assertTwins(Pools.class);
    }

    public static final class Pools {
        private static final class Sum extends RecursiveTask<Long> {
            private static final long serialVersionUID = 1;
            private final int from;
            private final int to;

            Sum(int from, int to) {
                this.from = from;
                this.to = to;
            }

            @Override
            protected Long compute() {
                if (to - from < 1000) {
                    return LongStream.range(from, to).sum();
                }
                Sum left = new Sum(from, (from + to) / 2);
                left.fork();
                return new Sum((from + to) / 2, to).compute() + left.join();
            }
        }

        public static void main(String[] arguments) throws Exception {
            Thread.startVirtualThread(() -> {
                // The first to touch the common pool is a G, on a thread pinned to one CPU.
                System.out.println("common " + ForkJoinPool.getCommonPoolParallelism() + " "
                        + ForkJoinPool.commonPool().getParallelism() + " " + Runtime.getRuntime().availableProcessors());
                System.out.println(IntStream.range(0, 1_000_000).parallel().asLongStream().sum());
                System.out.println(ForkJoinPool.commonPool().invoke(new Sum(0, 1_000_000)));
                System.out.println(CompletableFuture.supplyAsync(() -> "async")
                        .thenApplyAsync(s -> s + " " + Thread.currentThread().isVirtual())
                        .thenCombineAsync(CompletableFuture.supplyAsync(() -> 2), (a, b) -> a + b).join());
                try (ForkJoinPool own = new ForkJoinPool(3)) {
                    System.out.println(own.submit(new Sum(0, 100_000)).join() + " " + own.getParallelism());
                }
                try (ForkJoinPool own = new ForkJoinPool()) {
                    System.out.println(own.getParallelism());
                }
            }).join();
            System.out.println(IntStream.range(0, 1_000_000).parallel().filter(i -> i % 3 == 0).count());
            try (var scheduled = Executors.newScheduledThreadPool(1, Thread.ofVirtual().factory())) {
                System.out.println(scheduled.schedule(() -> "scheduled", 5, TimeUnit.MILLISECONDS).get());
            }
            System.out.println(CompletableFuture.supplyAsync(() -> "late", CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS)).get());
        }
    }

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
