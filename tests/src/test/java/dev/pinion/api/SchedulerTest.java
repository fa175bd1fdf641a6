package dev.pinion.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.G;
import dev.pinion.Pinion;
import dev.pinion.Scheduler;
import dev.pinion.WaitGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SchedulerTest {
    private static boolean awaitShutdown(Scheduler scheduler) {
        while (!scheduler.isShutdown()) {
            Thread.onSpinWait();
        }
        return true;
    }

    private static Scheduler scheduler(int procs) {
        return Scheduler.builder().gomaxprocs(procs).name("mine").unpinned().build();
    }

    @Test
    void gomaxprocsReadsSetsAndRefuses() throws Exception {
        try (Scheduler scheduler = scheduler(2)) {
            assertEquals(2, scheduler.gomaxprocs(0));
            assertEquals(2, scheduler.gomaxprocs(5));
            assertEquals(5, scheduler.gomaxprocs());
            assertEquals(5, scheduler.gomaxprocs(1));
            assertEquals(1, scheduler.gomaxprocs(0));
            assertEquals("gomaxprocs(-1): it is a number from 1 to 4096, or 0 to ask for the present one.",
                    assertThrows(IllegalArgumentException.class, () -> scheduler.gomaxprocs(-1)).getMessage());
            assertThrows(IllegalArgumentException.class, () -> scheduler.gomaxprocs(4097));
            assertEquals(1, scheduler.gomaxprocs());
            assertEquals(1, scheduler.go(() -> scheduler.gomaxprocs(3)).get(), "from a G, too");
            assertEquals(3, scheduler.gomaxprocs());
        }
    }

    @Test
    void takePRefusesAPThereIsNot() {
        try (Scheduler scheduler = scheduler(2)) {
            assertEquals("there is no P2: they are numbered from 0 to 1.",
                    assertThrows(IllegalArgumentException.class, () -> scheduler.takeP(2)).getMessage());
            assertThrows(IllegalArgumentException.class, () -> scheduler.takeP(-1));
        }
    }

    @Test
    void aGWhosePWasTakenGoesOn() throws Exception {
        try (Scheduler scheduler = scheduler(1)) {
            AtomicBoolean end = new AtomicBoolean();
            CountDownLatch started = new CountDownLatch(1);
            G<Integer> hog = scheduler.go(() -> {
                started.countDown();
                while (!end.get()) {
                    Thread.onSpinWait();
                }
                return scheduler.go(() -> 7).get(); // without a P of its own
            });
            started.await();
            while (!scheduler.takeP(0)) {
                Thread.onSpinWait();
            }
            assertEquals(1, scheduler.go(() -> 1).get(), "the P runs others meanwhile");
            end.set(true);
            assertEquals(7, hog.get());
        }
    }

    @Test
    void goAfterCloseIsRefused() {
        Scheduler scheduler = scheduler(1);
        assertFalse(scheduler.isShutdown());
        scheduler.close();
        scheduler.close();
        assertTrue(scheduler.isShutdown());
        assertTrue(scheduler.isTerminated());
        assertEquals("The scheduler 'mine' is closed; go is refused.",
                assertThrows(RejectedExecutionException.class, () -> scheduler.go(() -> {})).getMessage());
        assertThrows(RejectedExecutionException.class, () -> scheduler.submit(() -> 1));
        assertThrows(RejectedExecutionException.class, () -> scheduler.execute(() -> {}));
    }

    @Test
    void newThreadAfterCloseIsRefusedAndSoIsALateStart() {
        Scheduler scheduler = scheduler(1);
        Thread early = scheduler.newThread(() -> {});
        scheduler.close();
        assertEquals("The scheduler 'mine' is closed; newThread is refused.",
                assertThrows(RejectedExecutionException.class, () -> scheduler.newThread(() -> {})).getMessage());
        assertEquals("The scheduler 'mine' is closed; the start of a thread is refused.",
                assertThrows(RejectedExecutionException.class, early::start).getMessage());
        assertEquals(Thread.State.TERMINATED, early.getState());
        assertEquals(0, scheduler.numG());
    }

    @Test
    void aThreadMadeBeforeShutdownMayStartAndIsWaitedFor() {
        Scheduler scheduler = scheduler(1);
        AtomicBoolean ran = new AtomicBoolean();
        Thread early = scheduler.newThread(() -> ran.set(true));
        scheduler.shutdown();
        early.start();
        scheduler.close();
        assertTrue(ran.get());
    }

    /** Everyone who was not refused runs; and nobody who starts when the end comes hangs. */
    @Test
    void startsAtTheMomentOfTheEndRunOrAreRefused() throws Exception {
        for (int round = 0; round < 300; round++) {
            Scheduler scheduler = scheduler(1);
            Thread late = scheduler.newThread(() -> {});
            Thread closer = Thread.ofPlatform().start(scheduler::close);
            try {
                late.start();
            } catch (RejectedExecutionException e) {
                assertEquals(Thread.State.TERMINATED, late.getState());
            }
            late.join();
            closer.join();
        }
    }

    @Test
    void closeWaitsForTheLastG() {
        Scheduler scheduler = scheduler(2);
        List<Integer> order = new ArrayList<>();
        AtomicBoolean go = new AtomicBoolean();
        scheduler.go(() -> {
            while (!go.get()) {
                Thread.yield();
            }
            order.add(1);
        });
        Thread.ofPlatform().start(() -> go.set(awaitShutdown(scheduler)));
        scheduler.close();
        assertEquals(List.of(1), order);
        assertEquals(0, scheduler.numG());
    }

    @Test
    void closeFromInsideIsRefused() throws Exception {
        try (Scheduler scheduler = scheduler(1)) {
            assertEquals("close from one of the scheduler's own Gs would wait for itself; close it from outside.",
                    scheduler.go(() -> assertThrows(IllegalStateException.class, scheduler::close).getMessage()).get());
            assertEquals(1, scheduler.go(() -> 1).get(), "it was not closed");
        }
    }

    @Test
    void theDefaultOneCannotBeClosed() throws Exception {
        assertEquals("the default scheduler cannot be closed: it ends with the process.",
                assertThrows(IllegalStateException.class, Pinion.scheduler()::close).getMessage());
        assertThrows(IllegalStateException.class, Pinion.scheduler()::shutdown);
        assertThrows(IllegalStateException.class, Pinion.scheduler()::shutdownNow);
        assertEquals(3, Pinion.go(() -> 3).get());
        assertSame(Pinion.scheduler(), Pinion.scheduler());
        assertTrue(Pinion.gomaxprocs() >= 1);
        assertEquals(Pinion.gomaxprocs(), Pinion.gomaxprocs(0));
        assertTrue(Pinion.schedTrace().startsWith("SCHED "));
    }

    /** Neither a G that yields for ever, nor a chain of Gs of which each starts the next. */
    @Test
    void whatACloseGaveUpOnNeverRunsAgain() throws Exception {
        Scheduler scheduler = Scheduler.builder().gomaxprocs(2).unpinned().threadNamePrefix("given-up").build();
        scheduler.go(() -> {
            while (true) {
                Thread.yield();
            }
        });
        startForEver(scheduler);
        scheduler.close(Duration.ofMillis(20));
        while (Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().startsWith("given-up-P"))) {
            Thread.onSpinWait();
        }
    }

    private static void startForEver(Scheduler scheduler) {
        scheduler.go(() -> startForEver(scheduler));
    }

    @Test
    void closeWithPatienceNamesWhatIsLeft() throws Exception {
        Scheduler scheduler = scheduler(1);
        CountDownLatch started = new CountDownLatch(1);
        AtomicReference<Thread> stuck = new AtomicReference<>();
        scheduler.go(() -> {
            stuck.set(Thread.currentThread());
            started.countDown();
            new CountDownLatch(1).await();
            return null;
        });
        started.await();
        assertEquals(List.of(stuck.get()), scheduler.close(Duration.ofMillis(20)));
        assertEquals(List.of(stuck.get()), scheduler.close(Duration.ZERO), "whoever asks later");
        assertTrue(scheduler.isTerminated());
        assertThrows(RejectedExecutionException.class, () -> scheduler.go(() -> {}));
    }

    @Test
    void closeWithPatienceNamesThreadsOfItsFactoryToo() throws Exception {
        Scheduler scheduler = scheduler(1);
        CountDownLatch started = new CountDownLatch(2);
        Runnable forEver = () -> {
            started.countDown();
            LockSupport.park();
        };
        Thread plain = scheduler.newThread(forEver);
        plain.start();
        AtomicReference<Thread> inExecutor = new AtomicReference<>();
        ExecutorService executor = Executors.newThreadPerTaskExecutor(task -> {
            inExecutor.set(scheduler.newThread(task));
            return inExecutor.get();
        });
        executor.execute(forEver);
        Thread.startVirtualThread(() -> {}).join(); // of another scheduler: not listed
        started.await();
        assertEquals(Set.of(plain, inExecutor.get()), Set.copyOf(scheduler.close(Duration.ofMillis(20))));
    }

    @Test
    void anInterruptedCloseInterruptsThreadsOfItsFactoryToo() throws Exception {
        Scheduler scheduler = scheduler(1);
        CountDownLatch started = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        scheduler.newThread(() -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
        }).start();
        started.await();
        Thread.currentThread().interrupt();
        scheduler.close();
        assertTrue(Thread.interrupted(), "the status is kept");
        assertTrue(interrupted.get());
    }

    @Test
    void closeWithPatienceIsEmptyWhenAllWentWell() throws Exception {
        Scheduler scheduler = scheduler(1);
        scheduler.go(() -> Thread.yield());
        assertEquals(List.of(), scheduler.close(Duration.ofSeconds(30)));
    }

    @Test
    void anInterruptedCloseInterruptsTheGs() throws Exception {
        Scheduler scheduler = scheduler(1);
        G<Boolean> g = Waiting.untilInterrupted(scheduler);
        Thread.currentThread().interrupt();
        scheduler.close();
        assertTrue(Thread.interrupted(), "the status is kept");
        assertTrue(g.get());
    }

    @Test
    void isAnExecutorService() throws Exception {
        Scheduler scheduler = scheduler(2);
        Future<String> future = scheduler.submit(() -> Thread.currentThread().isVirtual() ? "virtual" : "platform");
        assertEquals("virtual", future.get());
        List<Callable<Integer>> tasks = List.of(() -> 1, () -> 2, () -> 3);
        int sum = 0;
        for (Future<Integer> each : scheduler.invokeAll(tasks)) {
            sum += each.get();
        }
        assertEquals(6, sum);
        assertTrue(scheduler.invokeAny(tasks) > 0);
        Future<?> failed = scheduler.submit(() -> {
            throw new IllegalStateException("as told");
        });
        assertEquals("as told", assertThrows(ExecutionException.class, failed::get).getCause().getMessage());
        assertFalse(scheduler.awaitTermination(1, TimeUnit.MILLISECONDS), "not shut down");
        scheduler.shutdown();
        assertTrue(scheduler.awaitTermination(30, TimeUnit.SECONDS));
        assertTrue(scheduler.isTerminated());
    }

    @Test
    void shutdownNowInterrupts() throws Exception {
        Scheduler scheduler = scheduler(1);
        G<Boolean> g = Waiting.untilInterrupted(scheduler);
        scheduler.shutdownNow();
        assertTrue(g.get());
        assertTrue(scheduler.awaitTermination(30, TimeUnit.SECONDS));
    }

    @Test
    void severalSchedulersWakeEachOthersGs() throws Exception {
        try (Scheduler one = scheduler(1); Scheduler two = scheduler(2)) {
            var ping = new java.util.concurrent.SynchronousQueue<Integer>();
            var pong = new java.util.concurrent.SynchronousQueue<Integer>();
            int rounds = 2000;
            G<Integer> echo = two.go(() -> {
                for (int i = 0; i < rounds; i++) {
                    pong.put(ping.take());
                }
                return rounds;
            });
            G<Integer> caller = one.go(() -> {
                int sum = 0;
                for (int i = 0; i < rounds; i++) {
                    ping.put(i);
                    sum += pong.take() - i;
                }
                return sum;
            });
            assertEquals(0, caller.get());
            assertEquals(rounds, echo.get());
        }
    }

    @Test
    void schedulersComeAndGo() throws Exception {
        for (int i = 0; i < 50; i++) {
            try (Scheduler scheduler = Scheduler.builder().gomaxprocs(2).build()) {
                WaitGroup group = new WaitGroup();
                for (int k = 0; k < 20; k++) {
                    group.go(scheduler, Thread::yield);
                }
                group.await();
            }
        }
    }

    @Test
    void theHandlerOfTheSchedulerHearsOfTheExceptionBeforeJoinReturns() throws Exception {
        AtomicReference<Throwable> heard = new AtomicReference<>();
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(1).unpinned()
                .uncaughtExceptionHandler((thread, e) -> {
                    heard.set(e);
                    throw new IllegalStateException("a handler's own exception is ignored");
                }).build()) {
            scheduler.go((Runnable) () -> {
                throw new IllegalArgumentException("as told");
            }).join();
            assertEquals("as told", heard.get().getMessage());
        }
    }

    @Test
    void tracesNameTheScheduler() throws Exception {
        try (Scheduler scheduler = scheduler(2)) {
            scheduler.go(() -> {}).join();
            assertTrue(scheduler.schedTrace().startsWith("SCHED "));
            assertTrue(scheduler.schedTrace().contains("gomaxprocs=2"));
            assertNotNull(scheduler.schedTraceDetail());
        }
    }
}
