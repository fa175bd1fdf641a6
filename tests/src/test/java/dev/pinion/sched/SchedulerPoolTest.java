package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.TrustedLookup;
import dev.pinion.vthread.VThreads;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Future;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a stranger gets who treats the face to the JDK as the ForkJoinPool that it is. */
@Timeout(60)
class SchedulerPoolTest {
    static {
        Boot.withLibrary();
    }

    private final Sched sched = new SchedSetup().gomaxprocs(2).threadPrefix("mine").unpinned(true).start();
    private final ForkJoinPool pool = sched.pool();
    private final Callable<String> whereItRuns = () -> Thread.currentThread().getName().replaceAll("[0-9]", "");

    @AfterEach
    void end() {
        assertEquals(List.of(), Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.startsWith("ForkJoinPool-")).toList(), "the pool has no thread of its own");
        sched.lifetime().endNow(() -> {});
    }

    @Test
    void whatIsSubmittedRunsOnAnMAndIsOver() throws Exception {
        assertEquals("mine-P-M", pool.submit(whereItRuns).get());
        assertEquals("mine-P-M", pool.submit(ForkJoinTask.adapt(whereItRuns)).get());
        assertEquals("mine-P-M", pool.invoke(ForkJoinTask.adapt(whereItRuns)));
        assertEquals(7, pool.submit(() -> {}, 7).get());
        pool.submit(() -> {}).get();
        ForkJoinTask<?> adapted = ForkJoinTask.adapt(() -> {});
        assertSame(adapted, pool.submit(adapted));
        adapted.get();
    }

    @Test
    void manyAtOnceRunOnMs() throws Exception {
        List<Callable<String>> tasks = List.of(whereItRuns, whereItRuns, whereItRuns);
        for (List<Future<String>> futures : List.of(pool.invokeAll(tasks), pool.invokeAll(tasks, 1, TimeUnit.MINUTES),
                pool.invokeAllUninterruptibly(tasks))) {
            for (Future<String> future : futures) {
                assertEquals("mine-P-M", future.get());
            }
        }
        assertEquals("mine-P-M", pool.invokeAny(tasks));
        assertEquals("mine-P-M", pool.invokeAny(tasks, 1, TimeUnit.MINUTES));
    }

    @Test
    void anExceptionIsTheSubmittersAndEndsNoM() throws Exception {
        Future<String> failed = pool.submit((Callable<String>) () -> {
            throw new IllegalStateException("as told");
        });
        assertThrows(ExecutionException.class, failed::get);
        AtomicReference<Throwable> heard = new AtomicReference<>();
        CountDownLatch thrown = new CountDownLatch(1);
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            heard.set(e);
            thrown.countDown();
        });
        pool.execute(() -> {
            throw new IllegalStateException("as told");
        });
        thrown.await();
        Thread.setDefaultUncaughtExceptionHandler(null);
        assertEquals("as told", heard.get().getMessage());
        assertEquals("mine-P-M", pool.submit(whereItRuns).get());
    }

    @Test
    void itCannotBeShutDown() throws Exception {
        pool.shutdown();
        pool.shutdownNow();
        pool.close();
        assertFalse(pool.isShutdown());
        assertFalse(pool.isTerminating());
        assertFalse(pool.isTerminated());
        assertFalse(pool.awaitTermination(1, TimeUnit.MILLISECONDS));
        assertEquals("mine-P-M", pool.submit(whereItRuns).get());
    }

    @Test
    void whatItDoesNotOfferItRefuses() {
        assertEquals("The scheduler of virtual threads offers no schedule(Callable); use an executor of your own.",
                assertThrows(UnsupportedOperationException.class, () -> pool.schedule(whereItRuns, 1, TimeUnit.SECONDS)).getMessage());
        assertThrows(UnsupportedOperationException.class, () -> pool.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.SECONDS));
        assertThrows(UnsupportedOperationException.class, () -> pool.scheduleWithFixedDelay(() -> {}, 1, 1, TimeUnit.SECONDS));
        assertThrows(UnsupportedOperationException.class, () -> pool.submitWithTimeout(whereItRuns, 1, TimeUnit.SECONDS, null));
        pool.cancelDelayedTasksOnShutdown();
    }

    @Test
    void itsNumbersAreTheSchedulers() throws Exception {
        assertTrue(pool.awaitQuiescence(1, TimeUnit.MINUTES));
        assertEquals(0, pool.getRunningThreadCount());
        assertFalse(pool.hasQueuedSubmissions());
        CountDownLatch sleeps = new CountDownLatch(1);
        CountDownLatch runs = new CountDownLatch(2);
        CountDownLatch end = new CountDownLatch(1);
        Thread sleeper = VThreads.newThread(pool, "", false, () -> {
            sleeps.countDown();
            LockSupport.parkNanos(TimeUnit.HOURS.toNanos(1));
        });
        sleeper.start();
        sleeps.await();
        while (pool.getDelayedTaskCount() != 1) {
            Thread.onSpinWait();
        }
        for (int i = 0; i < 2; i++) {
            VThreads.newThread(pool, "", false, () -> {
                runs.countDown();
                while (end.getCount() != 0) {
                    Thread.onSpinWait();
                }
            }).start();
        }
        runs.await();
        assertTrue(pool.getRunningThreadCount() >= 2);
        assertFalse(pool.isQuiescent());
        assertFalse(pool.awaitQuiescence(1, TimeUnit.MILLISECONDS));
        end.countDown();
        LockSupport.unpark(sleeper);
        sleeper.join();
        assertTrue(pool.awaitQuiescence(1, TimeUnit.MINUTES));
        assertTrue(pool.getStealCount() >= 0);
    }

    /** By which SynchronousQueue, LinkedTransferQueue and Exchanger decide whether to spin before they park. */
    @Test
    void theJdkBelievesThatMsHaveWorkQueuedAndTheCountsDoNot() throws Throwable {
        MethodHandle question = TrustedLookup.get()
                .findStatic(ForkJoinWorkerThread.class, "hasKnownQueuedWork", MethodType.methodType(boolean.class));
        assertFalse((boolean) question.invokeExact(), "this thread is no M");
        AtomicReference<Object> answer = new AtomicReference<>();
        for (int i = 0; i < 100; i++) {
            answer.set("none");
            Thread asks = VThreads.newThread(pool, "", false, () -> {
                try {
                    boolean atFirst = (boolean) question.invokeExact();
                    Thread.yield();
                    answer.set(atFirst && (boolean) question.invokeExact());
                } catch (Throwable e) {
                    answer.set(e);
                }
            });
            asks.start();
            asks.join();
            assertEquals(true, answer.get());
        }
        assertTrue(pool.awaitQuiescence(1, TimeUnit.MINUTES));
        assertTrue(pool.isQuiescent());
        assertEquals(0, pool.getQueuedTaskCount());
        assertEquals(0, pool.getQueuedSubmissionCount());
    }

    /** One that forks finds only its own tasks in the M's queue, and waits for none of those it did not fork. */
    @Test
    void aTaskOnABareMMayTakeItForAWorker() throws Exception {
        assertEquals(55, pool.submit((Callable<Integer>) () -> new Fibonacci(10).invoke()).get());
        Callable<Integer> empties = () -> {
            ForkJoinTask.helpQuiesce();
            return ForkJoinTask.getQueuedTaskCount();
        };
        assertEquals(0, pool.submit(empties).get());
        assertEquals("mine-P-M", pool.submit(whereItRuns).get());
    }

    private static final class Fibonacci extends RecursiveTask<Integer> {
        private static final long serialVersionUID = 1L;
        private final int n;

        Fibonacci(int n) {
            this.n = n;
        }

        @Override
        protected Integer compute() {
            if (n < 2) {
                return n;
            }
            Fibonacci other = new Fibonacci(n - 1);
            other.fork();
            int rest = new Fibonacci(n - 2).compute();
            return rest + other.join();
        }
    }
}
