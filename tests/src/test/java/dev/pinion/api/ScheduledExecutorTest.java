package dev.pinion.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.Scheduler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code java.util.concurrent} promises of a scheduled executor; the JDK's own runs through the same tests, so that they ask for no more. */
@Timeout(60)
class ScheduledExecutorTest {
    private static final long NANOS = 1_000_000;

    private final Scheduler scheduler = Scheduler.builder().gomaxprocs(2).unpinned().build();
    private ScheduledExecutorService executor;

    @AfterEach
    void close() {
        executor.shutdownNow();
        scheduler.close();
    }

    private void of(String whose) {
        executor = whose.equals("pinion") ? scheduler.scheduledExecutor() : new ScheduledThreadPoolExecutor(2);
    }

    private static void parkFor(long nanos) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            LockSupport.parkNanos(nanos);
        }
    }

    @Test
    void eachTaskIsAGOfTheScheduler() throws Exception {
        of("pinion");
        String carrier = executor.schedule(() -> Thread.currentThread().toString(), NANOS, TimeUnit.NANOSECONDS).get();
        assertTrue(carrier.contains("@pinion-P"), carrier);
        assertTrue(executor.submit(() -> Thread.currentThread().isVirtual()).get());
    }

    @Test
    void tasksThatBlockHoldUpNoOther() throws Exception {
        of("pinion");
        CountDownLatch all = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            executor.schedule(() -> {
                all.countDown();
                all.await();
                return null;
            }, i % 3, TimeUnit.MILLISECONDS);
        }
        all.await();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "pinion"})
    void delayedTasksRunOnceAfterTheirDelayAndHaveResults(String whose) throws Exception {
        of(whose);
        long start = System.nanoTime();
        ScheduledFuture<Long> future = executor.schedule(System::nanoTime, 2, TimeUnit.MILLISECONDS);
        assertTrue(future.get() - start >= 2 * NANOS);
        assertTrue(future.isDone());
        assertEquals(null, executor.schedule(() -> {}, -1, TimeUnit.DAYS).get());
        ScheduledFuture<?> failed = executor.schedule((Callable<?>) () -> {
            throw new IllegalStateException("as told");
        }, 0, TimeUnit.SECONDS);
        assertEquals("as told", assertThrows(ExecutionException.class, failed::get).getCause().getMessage());
        ScheduledFuture<?> late = executor.schedule(() -> {}, 2, TimeUnit.HOURS);
        ScheduledFuture<?> later = executor.schedule(() -> {}, 3, TimeUnit.HOURS);
        assertTrue(late.getDelay(TimeUnit.MINUTES) > 100 && late.getDelay(TimeUnit.MINUTES) <= 120);
        assertTrue(late.compareTo(later) < 0 && later.compareTo(late) > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "pinion"})
    void isAnExecutorService(String whose) throws Exception {
        of(whose);
        CountDownLatch ran = new CountDownLatch(1);
        executor.execute(ran::countDown);
        ran.await();
        assertEquals(7, executor.submit(() -> 7).get());
        assertEquals("result", executor.submit(() -> {}, "result").get());
        int sum = 0;
        List<Callable<Integer>> tasks = List.of(() -> 1, () -> 2, () -> 3);
        for (Future<Integer> each : executor.invokeAll(tasks)) {
            sum += each.get();
        }
        assertEquals(6, sum);
        assertTrue(executor.invokeAny(tasks) > 0);
    }

    /** The n-th run begins no sooner than n periods after the first was due, and late ones are caught up with, one at a time. */
    @ParameterizedTest
    @ValueSource(strings = {"jdk", "pinion"})
    void aFixedRateIsKeptByCatchingUp(String whose) throws Exception {
        of(whose);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        List<Long> begun = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch runs = new CountDownLatch(12);
        long start = System.nanoTime();
        ScheduledFuture<?> future = executor.scheduleAtFixedRate(() -> {
            if (inside.incrementAndGet() != 1) {
                overlaps.incrementAndGet();
            }
            begun.add(System.nanoTime());
            if (begun.size() == 1) {
                parkFor(10 * NANOS);
            }
            inside.decrementAndGet();
            runs.countDown();
        }, 1, 1, TimeUnit.MILLISECONDS);
        runs.await();
        future.cancel(false);
        for (int i = 0; i < 12; i++) {
            assertTrue(begun.get(i) - start >= (i + 1) * NANOS, "run " + i);
        }
        assertEquals(0, overlaps.get());
    }

    /** One run lasts ten periods: those that were due meanwhile follow at once, and are not dropped. On a busy machine it is tried again. */
    @ParameterizedTest
    @ValueSource(strings = {"jdk", "pinion"})
    void whatIsLateFollowsAtOnce(String whose) throws Exception {
        of(whose);
        long took;
        do {
            CountDownLatch runs = new CountDownLatch(10);
            AtomicReference<Long> slow = new AtomicReference<>();
            AtomicReference<Long> last = new AtomicReference<>();
            ScheduledFuture<?> future = executor.scheduleAtFixedRate(() -> {
                if (slow.get() == null) {
                    parkFor(50 * NANOS);
                    slow.set(System.nanoTime());
                }
                last.compareAndSet(null, runs.getCount() == 1 ? System.nanoTime() : null);
                runs.countDown();
            }, 0, 5, TimeUnit.MILLISECONDS);
            runs.await();
            future.cancel(false);
            took = last.get() - slow.get();
        } while (took > 20 * NANOS); // by the clock of the period alone the nine would take 45
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "pinion"})
    void aFixedDelayIsFromTheEndOfARunToTheNext(String whose) throws Exception {
        of(whose);
        List<Long> times = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch runs = new CountDownLatch(5);
        ScheduledFuture<?> future = executor.scheduleWithFixedDelay(() -> {
            times.add(System.nanoTime());
            parkFor(2 * NANOS);
            times.add(System.nanoTime());
            runs.countDown();
        }, 0, 3, TimeUnit.MILLISECONDS);
        runs.await();
        future.cancel(false);
        for (int i = 2; i < 10; i += 2) {
            assertTrue(times.get(i) - times.get(i - 1) >= 3 * NANOS, "run " + i / 2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "pinion"})
    void anExceptionEndsTheRepetitionAndIsTheFutures(String whose) throws Exception {
        of(whose);
        AtomicInteger runs = new AtomicInteger();
        ScheduledFuture<?> future = executor.scheduleAtFixedRate(() -> {
            if (runs.incrementAndGet() == 3) {
                throw new IllegalStateException("as told");
            }
        }, 0, 1, TimeUnit.MILLISECONDS);
        assertEquals("as told", assertThrows(ExecutionException.class, future::get).getCause().getMessage());
        executor.schedule(() -> {}, 5, TimeUnit.MILLISECONDS).get();
        assertEquals(3, runs.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "pinion"})
    void aCancelledTaskDoesNotRun(String whose) throws Exception {
        of(whose);
        ScheduledFuture<?> future = executor.schedule(() -> {}, 1, TimeUnit.HOURS);
        assertTrue(future.cancel(false));
        assertFalse(future.cancel(true));
        assertTrue(future.isCancelled());
        assertThrows(CancellationException.class, future::get);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "pinion"})
    void cancelInterruptsARunAndEndsTheRepetition(String whose) throws Exception {
        of(whose);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        ScheduledFuture<?> future = executor.scheduleAtFixedRate(() -> {
            runs.incrementAndGet();
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        }, 0, 1, TimeUnit.MILLISECONDS);
        running.await();
        assertTrue(future.cancel(true));
        interrupted.await();
        assertThrows(CancellationException.class, future::get);
        executor.shutdown();
        assertTrue(executor.awaitTermination(30, TimeUnit.SECONDS));
        assertEquals(1, runs.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "pinion"})
    void aTaskMayCancelItself(String whose) throws Exception {
        of(whose);
        AtomicReference<ScheduledFuture<?>> self = new AtomicReference<>();
        AtomicInteger runs = new AtomicInteger();
        self.set(executor.scheduleWithFixedDelay(() -> {
            ScheduledFuture<?> mine = self.get();
            if (mine != null && runs.incrementAndGet() == 3) {
                mine.cancel(false);
            }
        }, 0, 1, TimeUnit.MILLISECONDS));
        assertThrows(CancellationException.class, self.get()::get);
        executor.shutdown();
        assertTrue(executor.awaitTermination(30, TimeUnit.SECONDS));
        assertEquals(3, runs.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "pinion"})
    void shutdownLetsDelayedTasksRunAndCancelsRepeatedOnes(String whose) throws Exception {
        of(whose);
        CountDownLatch first = new CountDownLatch(1);
        ScheduledFuture<?> repeated = executor.scheduleAtFixedRate(first::countDown, 0, 1, TimeUnit.MILLISECONDS);
        ScheduledFuture<?> seldom = executor.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.HOURS);
        first.await();
        ScheduledFuture<Integer> delayed = executor.schedule(() -> 7, 20, TimeUnit.MILLISECONDS);
        executor.shutdown();
        assertTrue(executor.isShutdown());
        assertThrows(RejectedExecutionException.class, () -> executor.schedule(() -> {}, 0, TimeUnit.SECONDS));
        assertThrows(RejectedExecutionException.class, () -> executor.execute(() -> {}));
        assertTrue(executor.awaitTermination(30, TimeUnit.SECONDS));
        assertTrue(executor.isTerminated());
        assertEquals(7, delayed.get());
        assertTrue(seldom.isCancelled());
        assertThrows(CancellationException.class, repeated::get);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "pinion"})
    void shutdownNowInterruptsAndTakesBackWhatIsNotDue(String whose) throws Exception {
        of(whose);
        CountDownLatch running = new CountDownLatch(1);
        Future<String> interrupted = executor.submit(() -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
                return "never";
            } catch (InterruptedException e) {
                return "interrupted";
            }
        });
        running.await();
        ScheduledFuture<?> late = executor.schedule(() -> {}, 1, TimeUnit.HOURS);
        ScheduledFuture<?> repeated = executor.scheduleWithFixedDelay(() -> {}, 1, 1, TimeUnit.HOURS);
        ScheduledFuture<?> cancelled = executor.schedule(() -> {}, 1, TimeUnit.HOURS);
        if (whose.equals("jdk")) {
            ((ScheduledThreadPoolExecutor) executor).setRemoveOnCancelPolicy(true);
        }
        cancelled.cancel(false);
        List<Runnable> back = executor.shutdownNow();
        assertEquals(2, back.size());
        assertTrue(back.contains(late) && back.contains(repeated));
        assertEquals("interrupted", interrupted.get());
        assertTrue(executor.awaitTermination(30, TimeUnit.SECONDS));
        assertFalse(late.isDone(), "taken back is not cancelled");
        back.get(back.indexOf(late)).run();
        assertThrows(CancellationException.class, late::get);
        assertThrows(RejectedExecutionException.class, () -> executor.submit(() -> {}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "pinion"})
    void anIdleOneTerminatesAtOnce(String whose) throws Exception {
        of(whose);
        assertFalse(executor.awaitTermination(1, TimeUnit.MILLISECONDS));
        executor.shutdown();
        executor.shutdown();
        assertTrue(executor.awaitTermination(30, TimeUnit.SECONDS));
        assertEquals(List.of(), executor.shutdownNow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "pinion"})
    void wrongArgumentsAreRefused(String whose) {
        of(whose);
        assertThrows(NullPointerException.class, () -> executor.schedule((Runnable) null, 1, TimeUnit.SECONDS));
        assertThrows(NullPointerException.class, () -> executor.schedule((Callable<?>) null, 1, TimeUnit.SECONDS));
        assertThrows(NullPointerException.class, () -> executor.schedule(() -> {}, 1, null));
        assertThrows(NullPointerException.class, () -> executor.scheduleAtFixedRate(null, 1, 1, TimeUnit.SECONDS));
        assertThrows(IllegalArgumentException.class, () -> executor.scheduleAtFixedRate(() -> {}, 1, 0, TimeUnit.SECONDS));
        assertThrows(IllegalArgumentException.class, () -> executor.scheduleWithFixedDelay(() -> {}, 1, -1, TimeUnit.SECONDS));
        assertThrows(NullPointerException.class, () -> executor.execute(null));
    }

    @Test
    void severalOfOneSchedulerAreShutDownEachByItself() throws Exception {
        of("pinion");
        ScheduledExecutorService other = scheduler.scheduledExecutor();
        ScheduledFuture<Integer> pending = other.schedule(() -> 7, 20, TimeUnit.MILLISECONDS);
        ScheduledFuture<?> late = other.schedule(() -> {}, 1, TimeUnit.HOURS);
        assertEquals(List.of(), executor.shutdownNow());
        assertEquals(7, pending.get());
        assertEquals(List.of(late), other.shutdownNow());
    }

    @Test
    void whenItsSchedulerClosesWhatIsPendingIsCancelledAndItTerminates() throws Exception {
        of("pinion");
        CountDownLatch once = new CountDownLatch(1);
        ScheduledFuture<?> repeated = executor.scheduleAtFixedRate(once::countDown, 0, 1, TimeUnit.HOURS);
        ScheduledFuture<?> delayed = executor.schedule(() -> 1, 1, TimeUnit.HOURS);
        once.await();
        scheduler.close();
        assertTrue(executor.awaitTermination(30, TimeUnit.SECONDS));
        assertThrows(CancellationException.class, repeated::get);
        assertThrows(CancellationException.class, delayed::get);
        ScheduledExecutorService late = scheduler.scheduledExecutor();
        assertTrue(late.isTerminated());
        late.close();
    }

    @Test
    void whatRunsWhenItsSchedulerIsShutDownRunsToItsEnd() throws Exception {
        of("pinion");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ScheduledFuture<Integer> running = executor.schedule(() -> {
            begun.countDown();
            goOn.await();
            return 1;
        }, 1, TimeUnit.NANOSECONDS);
        begun.await();
        scheduler.shutdown();
        assertFalse(executor.isTerminated());
        goOn.countDown();
        assertEquals(1, running.get());
        assertTrue(executor.awaitTermination(30, TimeUnit.SECONDS));
    }

    @Test
    void afterTheEndOfItsSchedulerItRefuses() {
        of("pinion");
        executor.schedule(() -> {}, 1, TimeUnit.HOURS);
        scheduler.close();
        assertThrows(RejectedExecutionException.class, () -> executor.schedule(() -> {}, 1, TimeUnit.HOURS));
        assertTrue(executor.isTerminated());
        assertEquals(List.of(), executor.shutdownNow());
    }

    /** Shut down while tasks come and go: none is lost or counted twice, or it would never terminate, or too soon. */
    @Test
    void itTerminatesWhenTheLastTaskIsOver() throws Exception {
        for (int round = 0; round < 200; round++) {
            ScheduledExecutorService mine = executor = scheduler.scheduledExecutor();
            AtomicInteger open = new AtomicInteger();
            CountDownLatch begun = new CountDownLatch(1);
            for (int i = 0; i < 4; i++) {
                scheduler.go(() -> {
                    try {
                        for (int k = 0; ; k++) {
                            Future<?> future = k % 5 == 0
                                    ? mine.scheduleAtFixedRate(() -> {}, k % 3, 50, TimeUnit.MICROSECONDS)
                                    : mine.schedule(() -> {
                                        open.incrementAndGet();
                                        Thread.yield();
                                        open.decrementAndGet();
                                    }, k % 7 * 20, TimeUnit.MICROSECONDS);
                            if (k % 2 == 0) {
                                future.cancel(true);
                            }
                            begun.countDown();
                        }
                    } catch (RejectedExecutionException e) {
                        assertTrue(mine.isShutdown());
                    }
                });
            }
            begun.await();
            if (round % 2 == 0) {
                mine.shutdown();
            } else {
                mine.shutdownNow();
            }
            assertTrue(mine.awaitTermination(30, TimeUnit.SECONDS));
            assertEquals(0, open.get());
        }
    }
}
