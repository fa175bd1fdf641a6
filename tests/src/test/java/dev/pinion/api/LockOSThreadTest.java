package dev.pinion.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.Blocking;
import dev.pinion.G;
import dev.pinion.Pinion;
import dev.pinion.Scheduler;
import dev.pinion.nativelib.Natives;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A locked G, its thread, and everybody else. */
@Timeout(120)
class LockOSThreadTest {
    private static final Pattern LOCKED_M = Pattern.compile(" lockedg=\\d+");
    private static final Pattern LOCKED_G = Pattern.compile(" lockedm=\\d+");

    private static Scheduler scheduler(int procs) {
        return Scheduler.builder().name("locking").gomaxprocs(procs).unpinned().build();
    }

    private static boolean lives(int tid) {
        return Files.exists(Path.of("/proc/self/task/" + tid));
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(100_000);
        }
    }

    /** Everything that may unmount a G or hand its P over. @return the threads it was on */
    private static Set<Integer> roundabout(Scheduler scheduler) throws Exception {
        Set<Integer> tids = new HashSet<>();
        SynchronousQueue<Integer> queue = new SynchronousQueue<>();
        for (int round = 0; round < 10; round++) {
            int i = round;
            tids.add(Natives.gettid());
            Thread.yield();
            tids.add(Natives.gettid());
            LockSupport.parkNanos(1_000);
            tids.add(Natives.gettid());
            Thread.sleep(1);
            tids.add(Natives.gettid());
            scheduler.go(() -> {
                queue.put(i);
                return null;
            });
            queue.take();
            tids.add(Natives.gettid());
            scheduler.go(() -> {}).join();
            tids.add(Natives.gettid());
            Blocking.run(() -> Natives.futexWait(Natives.mapShared(4096), 0, 100_000));
            tids.add(Natives.gettid());
            Blocking.run(() -> LockSupport.parkNanos(1_000));
            tids.add(Natives.gettid());
        }
        return tids;
    }

    private static void staysOnItsThread(Scheduler scheduler) throws Exception {
        Pinion.lockOSThread();
        int tid = Natives.gettid();
        assertEquals(Set.of(tid), roundabout(scheduler));
        Pinion.unlockOSThread();
    }

    @Test
    void staysOnItsThreadOnOneP() throws Exception {
        try (Scheduler scheduler = scheduler(1)) {
            scheduler.go(() -> {
                staysOnItsThread(scheduler);
                return null;
            }).get();
        }
    }

    @Test
    void staysOnItsThreadBesideMovingOnes() throws Exception {
        try (Scheduler scheduler = scheduler(3)) {
            AtomicBoolean over = new AtomicBoolean();
            List<G<?>> others = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                others.add(scheduler.go(() -> {
                    while (!over.get()) {
                        Thread.yield();
                    }
                }));
            }
            List<G<?>> locked = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                locked.add(scheduler.go(() -> {
                    staysOnItsThread(scheduler);
                    return null;
                }));
            }
            for (G<?> g : locked) {
                g.get();
            }
            over.set(true);
            for (G<?> g : others) {
                g.get();
            }
        }
    }

    @Test
    void aThreadOfTheFactoryIsAGToo() throws Exception {
        try (Scheduler scheduler = scheduler(2)) {
            Throwable[] failure = new Throwable[1];
            Thread thread = scheduler.newThread(() -> {
                try {
                    staysOnItsThread(scheduler);
                } catch (Throwable e) {
                    failure[0] = e;
                }
            });
            thread.start();
            thread.join();
            assertEquals(null, failure[0]);
        }
    }

    @Test
    void noOtherGRunsOnItsThread() throws Exception {
        try (Scheduler scheduler = scheduler(2)) {
            Set<Integer> others = ConcurrentHashMap.newKeySet();
            CountDownLatch locked = new CountDownLatch(1);
            AtomicBoolean over = new AtomicBoolean();
            G<Integer> g = scheduler.go(() -> {
                Pinion.lockOSThread();
                locked.countDown();
                for (int i = 0; !over.get(); i++) {
                    if (i % 3 == 0) {
                        Thread.sleep(1);
                    } else if (i % 3 == 1) {
                        Thread.yield();
                    } else {
                        LockSupport.parkNanos(10_000);
                    }
                }
                int tid = Natives.gettid();
                Pinion.unlockOSThread();
                return tid;
            });
            locked.await();
            List<G<?>> many = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                boolean yields = i % 2 == 0;
                many.add(scheduler.go(() -> {
                    others.add(Natives.gettid());
                    if (yields) {
                        Thread.yield();
                        others.add(Natives.gettid());
                    }
                }));
            }
            for (G<?> other : many) {
                other.get();
            }
            over.set(true);
            assertFalse(others.contains(g.get()), others + " have run other Gs");
        }
    }

    @Test
    void threeHundredOnOnePTakeTurns() throws Exception {
        int n = 300; // more than a P has idle slots
        int turns = 10;
        try (Scheduler scheduler = scheduler(1)) {
            int[] done = new int[n];
            Set<Integer> tids = ConcurrentHashMap.newKeySet();
            CountDownLatch ready = new CountDownLatch(n);
            Set<Thread> waiting = ConcurrentHashMap.newKeySet();
            AtomicBoolean begun = new AtomicBoolean();
            AtomicInteger worst = new AtomicInteger();
            List<G<?>> all = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                int k = i;
                all.add(scheduler.go(() -> {
                    Pinion.lockOSThread();
                    int tid = Natives.gettid();
                    tids.add(tid);
                    waiting.add(Thread.currentThread());
                    ready.countDown();
                    while (!begun.get()) {
                        LockSupport.park();
                    }
                    for (int turn = 0; turn < turns; turn++) {
                        done[k]++;
                        int least = turns;
                        for (int d : done) {
                            least = Math.min(least, d);
                        }
                        worst.accumulateAndGet(done[k] - least, Math::max);
                        assertEquals(tid, Natives.gettid());
                        Thread.yield();
                    }
                    Pinion.unlockOSThread();
                }));
            }
            ready.await();
            scheduler.go(() -> { // holds the P until all are ready
                begun.set(true);
                waiting.forEach(LockSupport::unpark);
            });
            for (G<?> g : all) {
                g.get();
            }
            assertEquals(n, tids.size(), "each has a thread of its own");
            assertTrue(worst.get() < turns / 2, "one was " + worst + " turns ahead of another");
        }
    }

    @Test
    void othersGoOnBesideLockedOnesAndTheOtherWayRound() throws Exception {
        try (Scheduler scheduler = scheduler(1)) {
            AtomicBoolean over = new AtomicBoolean();
            CountDownLatch lockedRan = new CountDownLatch(50);
            G<?> locked = scheduler.go(() -> {
                Pinion.lockOSThread();
                while (!over.get()) {
                    lockedRan.countDown();
                    Thread.yield();
                }
                Pinion.unlockOSThread();
            });
            CountDownLatch othersRan = new CountDownLatch(500);
            scheduler.go(new Runnable() {
                @Override
                public void run() { // each starts the next: the host goes from one to the other without a look at the run loop
                    othersRan.countDown();
                    if (!over.get()) {
                        scheduler.go(this);
                    }
                }
            });
            lockedRan.await();
            othersRan.await();
            over.set(true);
            locked.get();
        }
    }

    @Test
    void aHogOnTheHomePDoesNotHoldItUp() throws Exception {
        try (Scheduler scheduler = scheduler(1)) {
            CountDownLatch go = new CountDownLatch(1);
            CountDownLatch ran = new CountDownLatch(1);
            CountDownLatch locked = new CountDownLatch(1);
            scheduler.go(() -> {
                Pinion.lockOSThread();
                locked.countDown();
                go.await();
                ran.countDown();
                return null;
            });
            locked.await();
            G<?> hog = scheduler.go(() -> {
                go.countDown();
                while (ran.getCount() != 0) {
                    Thread.onSpinWait();
                }
            });
            hog.get();
        }
    }

    @Test
    void aLockedHogLosesItsP() throws Exception {
        try (Scheduler scheduler = scheduler(1)) {
            CountDownLatch ran = new CountDownLatch(1);
            int[] tids = new int[2];
            G<?> hog = scheduler.go(() -> {
                Pinion.lockOSThread();
                tids[0] = Natives.gettid();
                scheduler.go(ran::countDown);
                while (ran.getCount() != 0) {
                    Thread.onSpinWait();
                }
                Thread.yield();
                tids[1] = Natives.gettid();
            });
            hog.get();
            assertEquals(tids[0], tids[1]);
        }
    }

    @Test
    void endingLockedEndsTheThread() throws Exception {
        try (Scheduler scheduler = scheduler(1)) {
            for (int i = 0; i < 10; i++) {
                int tid = scheduler.go(() -> {
                    Pinion.lockOSThread();
                    Thread.yield();
                    scheduler.go(() -> {}); // the next task is there: not on this thread
                    return Natives.gettid();
                }).get();
                await(() -> !lives(tid));
                assertNotEquals(tid, scheduler.go(Natives::gettid).get(), "another M serves");
            }
        }
    }

    @Test
    void endingLockedByAnExceptionEndsTheThread() throws Exception {
        try (Scheduler scheduler = scheduler(1)) {
            int[] tid = new int[1];
            G<?> g = scheduler.go(() -> {
                Pinion.lockOSThread();
                tid[0] = Natives.gettid();
                throw new IllegalStateException("mine");
            });
            assertThrows(ExecutionException.class, g::get);
            await(() -> !lives(tid[0]));
            assertEquals(1, scheduler.go(() -> 1).get());
        }
    }

    @Test
    void locksAreCounted() throws Exception {
        try (Scheduler scheduler = scheduler(1)) {
            scheduler.go(() -> {
                Pinion.unlockOSThread(); // nothing to undo
                Pinion.lockOSThread();
                Pinion.lockOSThread();
                Pinion.unlockOSThread();
                int tid = Natives.gettid();
                for (int i = 0; i < 100; i++) {
                    assertNotEquals(tid, scheduler.go(Natives::gettid).get(), "still locked");
                }
                assertEquals(1, LOCKED_M.matcher(scheduler.schedTraceDetail()).results().count());
                Pinion.unlockOSThread();
                assertEquals(0, LOCKED_M.matcher(scheduler.schedTraceDetail()).results().count());
                Pinion.unlockOSThread();
                return null;
            }).get();
        }
    }

    @Test
    void anUnlockedThreadServesOthersAgain() throws Exception {
        try (Scheduler scheduler = scheduler(1)) {
            scheduler.go(() -> {
                for (int i = 0; i < 10_000; i++) {
                    Pinion.lockOSThread();
                    Pinion.unlockOSThread();
                }
                int tid = Natives.gettid();
                assertEquals(tid, scheduler.go(Natives::gettid).get(), "the only M of the P");
                return null;
            }).get();
            assertTrue(scheduler.schedTrace().contains(" threads=2 "), "sysmon and one M: " + scheduler.schedTrace());
        }
    }

    @Test
    void theTraceNamesThem() throws Exception {
        try (Scheduler scheduler = scheduler(1)) {
            CountDownLatch locked = new CountDownLatch(70);
            CountDownLatch over = new CountDownLatch(1);
            List<G<?>> all = new ArrayList<>();
            for (int i = 0; i < 70; i++) {
                all.add(scheduler.go(() -> {
                    Pinion.lockOSThread();
                    locked.countDown();
                    over.await();
                    Pinion.unlockOSThread();
                    return null;
                }));
            }
            locked.await();
            await(() -> scheduler.schedTraceDetail().contains(" nmidlelocked=70 "));
            String trace = scheduler.schedTraceDetail();
            assertEquals(70, LOCKED_M.matcher(trace).results().count(), trace);
            assertEquals(70, LOCKED_G.matcher(trace).results().count(), trace);
            over.countDown();
            for (G<?> g : all) {
                g.get();
            }
            assertTrue(scheduler.schedTraceDetail().contains(" nmidlelocked=0 "));
            assertEquals(0, LOCKED_M.matcher(scheduler.schedTraceDetail()).results().count());
        }
    }

    @Test
    void onAThreadThatIsNoGItIsRefused() throws Exception {
        assertTrue(assertThrows(IllegalStateException.class, Pinion::lockOSThread).getMessage().startsWith("lockOSThread was called on "));
        assertTrue(assertThrows(IllegalStateException.class, Pinion::unlockOSThread).getMessage().startsWith("unlockOSThread was called on "));
        Throwable[] thrown = new Throwable[1];
        Thread.startVirtualThread(() -> {
            try {
                Pinion.lockOSThread();
            } catch (Throwable e) {
                thrown[0] = e;
            }
        }).join();
        assertEquals(IllegalStateException.class, thrown[0].getClass(), "a virtual thread of the JDK's scheduler");
    }

    @Test
    void goesOnWhenItsPIsGone() throws Exception {
        int n = 40;
        try (Scheduler scheduler = scheduler(4)) {
            CyclicBarrier barrier = new CyclicBarrier(n + 1);
            List<G<?>> all = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                all.add(scheduler.go(() -> {
                    Pinion.lockOSThread();
                    int tid = Natives.gettid();
                    for (int round = 0; round < 5; round++) {
                        barrier.await();
                        assertEquals(tid, Natives.gettid());
                        Thread.sleep(1);
                        scheduler.go(() -> {}).join();
                        Blocking.run(() -> LockSupport.parkNanos(1_000));
                        assertEquals(tid, Natives.gettid());
                    }
                    Pinion.unlockOSThread();
                    Thread.yield();
                    return null;
                }));
            }
            for (int procs : new int[] {4, 1, 3, 2, 1}) {
                await(() -> barrier.getNumberWaiting() == n);
                scheduler.gomaxprocs(procs);
                barrier.await();
            }
            for (G<?> g : all) {
                g.get();
            }
            assertEquals(1, scheduler.gomaxprocs());
        }
    }

    @Test
    void aCloseThatGivesUpEndsTheirThreads() throws Exception {
        int n = 100;
        Scheduler scheduler = scheduler(1);
        Set<Integer> tids = ConcurrentHashMap.newKeySet();
        CountDownLatch locked = new CountDownLatch(n);
        for (int i = 0; i < n; i++) {
            scheduler.go(() -> {
                Pinion.lockOSThread();
                tids.add(Natives.gettid());
                locked.countDown();
                new CountDownLatch(1).await();
                return null;
            });
        }
        locked.await();
        assertEquals(n, scheduler.close(Duration.ofMillis(100)).size(), "all are listed as left");
        assertEquals(n, tids.size());
        await(() -> tids.stream().noneMatch(LockOSThreadTest::lives));
    }

    @Test
    void aCloseWaitsForThem() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        try (Scheduler scheduler = scheduler(2)) {
            for (int i = 0; i < 100; i++) {
                scheduler.go(() -> {
                    Pinion.lockOSThread();
                    Thread.sleep(5);
                    ended.incrementAndGet();
                    return null;
                });
            }
        }
        assertEquals(100, ended.get());
    }
}
