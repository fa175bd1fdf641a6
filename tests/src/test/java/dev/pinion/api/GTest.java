package dev.pinion.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.G;
import dev.pinion.Scheduler;
import java.lang.ref.WeakReference;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One P, so that a G which is not waiting for anything holds up the next ones: the order of things is known. */
@Timeout(60)
class GTest {
    private static final AtomicReference<Throwable> UNCAUGHT = new AtomicReference<>();
    private static final Scheduler SCHEDULER = Scheduler.builder().gomaxprocs(1).name("g-test").unpinned()
            .uncaughtExceptionHandler((thread, e) -> UNCAUGHT.set(e)).build();

    @AfterAll
    static void close() {
        SCHEDULER.close();
    }

    @Test
    void runsOnAVirtualThreadAndGivesItsResult() throws Exception {
        G<Boolean> g = SCHEDULER.go(() -> Thread.currentThread().isVirtual());
        assertTrue(g.get());
        assertTrue(g.get(0, TimeUnit.NANOSECONDS), "as often as one likes");
        assertEquals(G.State.DONE, g.state());
        g.join();
        assertTrue(g.join(0, TimeUnit.NANOSECONDS));
    }

    @Test
    void aRunnableGivesNull() throws Exception {
        assertNull(SCHEDULER.go(() -> {}).get());
    }

    @Test
    void anExceptionOfACallableIsTheCauseAndNotUncaught() throws Exception {
        UNCAUGHT.set(null);
        Exception thrown = new Exception("as told");
        Callable<Void> fails = () -> {
            throw thrown;
        };
        G<Void> g = SCHEDULER.go(fails);
        assertSame(thrown, assertThrows(ExecutionException.class, g::get).getCause());
        assertEquals(G.State.FAILED, g.state());
        g.join();
        assertNull(UNCAUGHT.get(), "somebody has the G and may ask");
    }

    @Test
    void anExceptionOfARunnableGoesToTheHandlerOfTheScheduler() throws Exception {
        Error thrown = new StackOverflowError("as told");
        Runnable fails = () -> {
            throw thrown;
        };
        G<Void> g = SCHEDULER.go(fails);
        assertSame(thrown, assertThrows(ExecutionException.class, g::get).getCause());
        assertSame(thrown, UNCAUGHT.get());
    }

    /** The second round is there to show what an exception that was got, from the first, would do. */
    @Test
    void anExceptionThatNobodyCanGetAnyMoreGoesToTheHandler() throws Exception {
        Map<String, String> heard = new ConcurrentHashMap<>();
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(1).unpinned()
                .uncaughtExceptionHandler((thread, e) -> heard.put(e.getMessage(), thread.getName())).build()) {
            for (int round = 0; round < 2; round++) {
                String lost = "lost " + round;
                failing(scheduler, "got " + round, true);
                failing(scheduler, lost, false);
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
                while (!heard.containsKey(lost)) {
                    assertTrue(System.nanoTime() < deadline, "never heard of");
                    System.gc();
                    Thread.onSpinWait();
                }
            }
            assertEquals(Map.of("lost 0", "the one of lost 0", "lost 1", "the one of lost 1"), heard);
        }
    }

    /** A G that nobody refers to afterwards. */
    private static void failing(Scheduler scheduler, String message, boolean isGot) throws Exception {
        CountDownLatch named = new CountDownLatch(1);
        G<Object> g = scheduler.go(() -> {
            named.await();
            throw new IllegalStateException(message);
        }).name("the one of " + message);
        named.countDown();
        if (isGot) {
            for (int i = 0; i < 2; i++) {
                assertEquals(message, assertThrows(ExecutionException.class, g::get).getCause().getMessage());
            }
        } else {
            g.join();
        }
    }

    @Test
    void statesAreFreshStartedDone() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicReference<G<Void>> inner = new AtomicReference<>();
        AtomicReference<G.State> fresh = new AtomicReference<>();
        G<Void> g = SCHEDULER.go(() -> {
            inner.set(SCHEDULER.go(() -> {}));
            fresh.set(inner.get().state()); // one P: it cannot have run
            started.countDown();
            awaitUninterruptibly(end);
        });
        started.await();
        assertEquals(G.State.FRESH, fresh.get());
        assertEquals(G.State.STARTED, g.state());
        assertFalse(g.join(1, TimeUnit.MICROSECONDS));
        assertFalse(g.join(-1, TimeUnit.SECONDS));
        assertThrows(TimeoutException.class, () -> g.get(1, TimeUnit.MICROSECONDS));
        end.countDown();
        g.join();
        inner.get().join();
        assertEquals(G.State.DONE, inner.get().state());
    }

    @Test
    void idsAreUniqueAndNamesComeFromThem() throws Exception {
        G<Void> one = SCHEDULER.go(() -> {});
        G<Void> two = SCHEDULER.go(() -> {});
        assertTrue(one.id() > 0);
        assertEquals(one.id(), one.id());
        assertNotEquals(one.id(), two.id());
        assertEquals("g-" + one.id(), one.name());
        assertThrows(NullPointerException.class, () -> one.name(null));
        one.join();
        assertEquals("G[g-" + one.id() + ",DONE]", one.toString());
    }

    @Test
    void aNameIsTheThreadsWhileItRuns() throws Exception {
        AtomicReference<G<String>> inner = new AtomicReference<>();
        SCHEDULER.go(() -> inner.set(SCHEDULER.go(() -> Thread.currentThread().getName()).name("early"))).join();
        assertEquals("early", inner.get().get());
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch named = new CountDownLatch(1);
        G<String> g = SCHEDULER.go(() -> {
            started.countDown();
            named.await();
            return Thread.currentThread().getName();
        });
        started.await();
        assertSame(g, g.name("late"));
        named.countDown();
        assertEquals("late", g.get());
        assertEquals("late", g.name());
    }

    @Test
    void aGCannotWaitForItself() throws Exception {
        AtomicReference<G<String>> self = new AtomicReference<>();
        CountDownLatch known = new CountDownLatch(1);
        self.set(SCHEDULER.go(() -> {
            known.await();
            return assertThrows(IllegalStateException.class, self.get()::join).getMessage();
        }));
        self.get().name("me");
        known.countDown();
        assertEquals("me waits for itself, which would never end; join it from another G or thread.", self.get().get());
    }

    @Test
    void aGMayWaitForAnother() throws Exception {
        assertEquals(42, SCHEDULER.go(() -> SCHEDULER.go(() -> 42).get()).get());
    }

    @Test
    void interruptsWhatWaits() throws Exception {
        G<Boolean> g = Waiting.untilInterrupted(SCHEDULER);
        g.interrupt();
        assertTrue(g.get());
    }

    @Test
    void aFreshGStartsInterrupted() throws Exception {
        AtomicReference<G<Boolean>> inner = new AtomicReference<>();
        SCHEDULER.go(() -> {
            inner.set(SCHEDULER.go(() -> Thread.currentThread().isInterrupted()));
            inner.get().interrupt();
            inner.get().interrupt();
            assertEquals(G.State.FRESH, inner.get().state());
        }).get();
        assertTrue(inner.get().get());
    }

    @Test
    void anInterruptAfterTheEndReachesNobody() throws Exception {
        for (int i = 0; i < 1000; i++) {
            G<Void> over = SCHEDULER.go(() -> {});
            over.join();
            over.interrupt();
            assertFalse(SCHEDULER.go(() -> Thread.currentThread().isInterrupted()).get(), "the next task on that thread");
        }
    }

    /** An interrupt that comes while a task ends must not reach the next one on the same thread. */
    @Test
    void aLateInterruptNeverReachesTheNextTask() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            G<Void> victim = SCHEDULER.go(() -> {});
            G<Boolean> next = SCHEDULER.go(() -> Thread.currentThread().isInterrupted());
            victim.interrupt();
            assertFalse(next.get());
        }
    }

    @Test
    void anInterruptedJoinerGivesUp() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        G<Void> g = SCHEDULER.go(() -> awaitUninterruptibly(end));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, g::join);
        assertFalse(Thread.currentThread().isInterrupted());
        end.countDown();
        g.join();
    }

    /** The interrupt of a G that is in a channel's I/O closes the channel, by code that may throw. */
    @Test
    void anInterruptThatThrowsDoesNotHoldUpTheEnd() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        G<Void> g = SCHEDULER.go(() -> {
            new FailingChannel().enter();
            begun.countDown();
            while (end.getCount() != 0) {
                Thread.yield();
            }
        });
        begun.await();
        assertEquals("as told", assertThrows(IllegalStateException.class, g::interrupt).getMessage());
        g.name("still works");
        end.countDown();
        assertTrue(g.join(30, TimeUnit.SECONDS));
    }

    private static final class FailingChannel extends AbstractInterruptibleChannel {
        void enter() {
            begin();
        }

        @Override
        protected void implCloseChannel() {
            throw new IllegalStateException("as told");
        }
    }

    @Test
    void whoGaveUpWaitingIsForgotten() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        G<Void> g = SCHEDULER.go(() -> awaitUninterruptibly(end));
        List<WeakReference<Thread>> waiters = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiters.add(new WeakReference<>(timedOut(g)));
        }
        while (waiters.stream().anyMatch(waiter -> waiter.get() != null)) {
            System.gc();
        }
        end.countDown();
        g.join();
    }

    private static Thread timedOut(G<?> g) throws InterruptedException {
        Thread waiter = Thread.ofPlatform().start(() -> {
            try {
                g.join(1, TimeUnit.MICROSECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        waiter.join();
        return waiter;
    }

    /** Some give up while others wait: the end must reach those that are left, wherever they stand. */
    @Test
    void whoGoesOnWaitingIsNotForgottenWithThem() throws Exception {
        for (int round = 0; round < 50; round++) {
            CountDownLatch end = new CountDownLatch(1);
            G<Void> g = SCHEDULER.go(() -> awaitUninterruptibly(end));
            List<Thread> threads = new ArrayList<>();
            CountDownLatch gaveUp = new CountDownLatch(8);
            for (int i = 0; i < 16; i++) {
                boolean patient = i % 2 == 0;
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        if (patient) {
                            g.join();
                        } else {
                            assertFalse(g.join(100, TimeUnit.MICROSECONDS));
                            gaveUp.countDown();
                        }
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }));
            }
            gaveUp.await();
            end.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    @Test
    void goOfNullIsRefused() {
        assertEquals("the task is null",
                assertThrows(NullPointerException.class, () -> SCHEDULER.go((Runnable) null)).getMessage());
        assertThrows(NullPointerException.class, () -> SCHEDULER.go((Callable<?>) null));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
