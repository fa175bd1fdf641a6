package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.blocking.LibC;
import dev.pinion.nativelib.Boot;
import dev.pinion.netpoll.EventWait;
import dev.pinion.netpoll.Netpoll;
import dev.pinion.vthread.VThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each kind of lost wake-up, made on purpose: it is counted, said in one line, and the program goes on. And a busy machine is none. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // it spins, which no interrupt ends
class WatchdogTest {
    static {
        Boot.withLibrary();
    }

    private final Sched sched = new SchedSetup().gomaxprocs(2).unpinned(true).name("watched").start();
    private final Netpoll netpoll = sched.network.netpoll();
    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    @BeforeEach
    void readLines() {
        sched.watchdog.reader = lines::add;
    }

    @AfterEach
    void end() {
        over = true;
        sched.lifetime().endNow(() -> {});
    }

    private Thread go(Runnable task) {
        Thread thread = VThreads.newThread(sched.pool(), "", false, task);
        thread.start();
        return thread;
    }

    /** One P computes, the other is idle. */
    private void computeOnOne() throws InterruptedException {
        CountDownLatch computes = new CountDownLatch(1);
        go(() -> {
            computes.countDown();
            while (!over) {
                Thread.onSpinWait();
            }
        });
        computes.await();
        untilTheOtherIsIdle();
    }

    /** A P that is still on its way to sleep finds what is pushed without a wake-up. */
    private void untilTheOtherIsIdle() {
        while (sched.idle.count() != 1 || sched.spinning.get() != 0) {
            Thread.onSpinWait();
        }
    }

    /** Once the line has been written, which is after the wake-up. */
    private String line() {
        while (lines.isEmpty()) {
            Thread.onSpinWait();
        }
        return lines.peek();
    }

    @Test
    void aGBesideAnIdlePForWhichNoWakeUpComesRuns() throws Exception {
        computeOnOne();
        sched.wakesLost = true;
        go(() -> {}).join();
        String line = line();
        untilTheOtherIsIdle();
        assertTrue(line.matches("pinion: a wake-up was lost in the scheduler 'watched', which is a bug of Pinion's: a G lay in the global queue for \\d+ us though "
                + "P[01] was idle and nobody searched; counted as searching: 0; asleep in the epoll: nobody\\. An idle P has been started for it \\(1 such so far\\)\\."), line);
        go(() -> {}).join();
        while (sched.lostWakes().ofQueued() != 2) {
            Thread.onSpinWait();
        }
        assertEquals(1, lines.size(), "once a minute");
        assertEquals(0, sched.lostWakes().ofSpinning());
        assertTrue(sched.trace(false).endsWith(" lost=2/0/0"), sched.trace(false));
    }

    @Test
    void aGInTheQueueOfAPIsNamedWithItsHolder() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        go(() -> {
            while (sched.idle.count() != 1 || sched.spinning.get() != 0) {
                Thread.onSpinWait();
            }
            sched.wakesLost = true;
            go(ran::countDown); // into runnext of the P that runs this
            while (!over) {
                Thread.onSpinWait();
            }
        });
        ran.await();
        String line = line();
        assertTrue(line.matches(".*: a G lay first in line at P([01]) for \\d+ us though P[01] was idle and nobody searched; P\\1 is held by \\S+-P\\1-M\\d+ \\(thread \\d+\\) "
                + "in state \\d; counted.*"), line);
    }

    @Test
    void aCountOfSearchersThatIsStuckIsPutRight() throws Exception {
        computeOnOne();
        sched.spinning.incrementAndGet();
        go(() -> {}).join();
        String line = line();
        assertTrue(line.contains("counted as searching: 1, with none that does, now 0; "), line);
        assertEquals(1, sched.lostWakes().ofSpinning());
        while (sched.idle.count() != 1 || sched.spinning.get() != 0) {
            Thread.onSpinWait();
        }
        go(() -> {}).join();
        assertEquals(1, sched.lostWakes().ofQueued());
    }

    @Test
    void readySocketsForWhichNobodyLooksAreFound() throws Exception {
        try (EventWait event = new EventWait()) {
            sched.network.deaf = true;
            computeOnOne();
            CountDownLatch began = new CountDownLatch(1);
            Thread waits = go(() -> {
                began.countDown();
                event.await(netpoll);
            });
            began.await();
            while (!sched.network.waits() || sched.idle.count() != 1) {
                Thread.onSpinWait();
            }
            sched.wakesLost = true;
            event.set();
            waits.join();
            while (sched.lostWakes().ofUnpolled() == 0) {
                Thread.onSpinWait();
            }
            String line = lines.stream().filter(said -> said.contains("nobody looked")).findFirst().orElseThrow();
            assertTrue(line.matches(".*: sockets were ready and nobody looked for \\d+ us: sysmon's call for one of the idle Ps \\(P[01]\\) to look had no effect; "
                    + "counted as searching: 0; asleep in the epoll: nobody\\. sysmon has looked \\(1 such so far\\)\\."), line);
        }
    }

    @Test
    void aLostEdgeIsFoundWithinSeconds() throws Exception {
        try (EventWait event = new EventWait()) {
            Thread waits = go(() -> event.await(netpoll));
            while (!sched.network.waits()) {
                Thread.onSpinWait();
            }
            EventWait.loseBatches(netpoll, 1);
            event.set();
            waits.join();
            assertTrue(EventWait.hasLost(netpoll));
            String line = line();
            assertTrue(line.matches(".*: a G waited to read file descriptor \\d+ \\(generation \\d+\\), which was ready, and its event gone, of 1 that wait; asleep in the "
                    + "epoll: .*\\. 1 of them have been woken \\(1 such so far\\)\\."), line);
            assertEquals(1, sched.lostWakes().ofEdges());
            event.set();
            go(() -> event.await(netpoll)).join();
            assertEquals(1, lines.size());
        }
    }

    /** poll(2) refuses more descriptors than the process may have. */
    @Test
    void wherePollFailsThatIsSaidAndIsNoProof() throws Throwable {
        List<EventWait> unused = events(64); // the numbers below the limit are not all in use, or nobody could open a file meanwhile
        List<EventWait> events = events(128);
        List<Thread> waiting = events.stream().map(event -> go(() -> event.await(netpoll))).toList();
        while (!sched.network.waits() || netpoll.epoll().waiting() < events.size()) {
            Thread.onSpinWait();
        }
        unused.forEach(EventWait::close);
        long limit = LibC.limitFiles(events.size() - 1);
        try {
            assertEquals("pinion: whether Gs wait for what is ready already cannot be seen in the scheduler 'watched': poll failed: EINVAL (22, invalid argument).", line());
        } finally {
            LibC.limitFiles(limit);
        }
        EventWait.loseBatches(netpoll, 1);
        events.get(100).set();
        waiting.get(100).join();
        assertTrue(EventWait.hasLost(netpoll));
        while (lines.size() < 2) {
            Thread.onSpinWait();
        }
        assertTrue(lines.stream().anyMatch(line -> line.contains("which was ready, and its event gone, of 128 that wait;")), lines.toString());
        assertEquals(1, sched.lostWakes().ofEdges());
        events.forEach(EventWait::set);
        for (Thread thread : waiting) {
            thread.join();
        }
        events.forEach(EventWait::close);
    }

    @Test
    void aLookAtTheSocketsThatFindsNoMemoryKeepsSysmonFromNothingElse() throws Exception {
        CountDownLatch failed = new CountDownLatch(3);
        Thread waits = new Thread() {
            private boolean asked;

            /** sysmon asks once in the first step, and each millisecond in the second. */
            @Override
            public State getState() {
                if (over || !asked) {
                    asked = true;
                    return over ? State.RUNNABLE : State.WAITING;
                }
                failed.countDown();
                throw new OutOfMemoryError("made by a test");
            }
        };
        try (EventWait event = new EventWait()) {
            event.pretend(waits, netpoll);
            EventWait.loseBatches(netpoll, 1);
            event.set();
            computeOnOne(); // what is done each second is done while something runs
            failed.await();
            assertTrue(EventWait.hasLost(netpoll));
            Semaphore checks = new Semaphore(0);
            sched.eachSecond(checks::release);
            assertTrue(checks.tryAcquire(2, 20, TimeUnit.SECONDS), "each second");
        }
    }

    private static List<EventWait> events(int count) {
        return Stream.generate(EventWait::new).limit(count).toList();
    }

    @Test
    void aBusyMachineLosesNothing() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        List<Thread> threads = new ArrayList<>();
        List<Thread> strangers = new ArrayList<>();
        for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) { // on the same cores
            strangers.add(Thread.ofPlatform().daemon().start(() -> {
                while (System.nanoTime() - end < 0) {
                    Thread.onSpinWait();
                }
            }));
        }
        for (int i = 0; i < 8; i++) {
            int kind = i;
            threads.add(go(() -> {
                Thread other = null;
                while (System.nanoTime() - end < 0) {
                    switch (kind % 4) {
                        case 0 -> Thread.yield();
                        case 1 -> LockSupport.parkNanos(200_000);
                        case 2 -> {
                            long until = System.nanoTime() + 5_000_000;
                            while (System.nanoTime() - until < 0) {
                                Thread.onSpinWait();
                            }
                            LockSupport.parkNanos(2_000_000);
                        }
                        default -> {
                            if (other == null || !other.isAlive()) {
                                other = go(() -> LockSupport.parkNanos(100_000));
                            }
                            LockSupport.parkNanos(50_000);
                        }
                    }
                }
            }));
        }
        EventWait[] events = {new EventWait(), new EventWait(), new EventWait(), new EventWait()};
        for (EventWait event : events) {
            threads.add(go(() -> {
                while (System.nanoTime() - end < 0) {
                    go(() -> {
                        LockSupport.parkNanos(300_000);
                        event.set();
                    });
                    event.await(netpoll);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (Thread stranger : strangers) {
            stranger.join();
        }
        for (EventWait event : events) {
            event.close();
        }
        assertEquals(List.of(), List.copyOf(lines));
        assertTrue(sched.trace(false).endsWith(" lost=0/0/0"), sched.trace(false));
    }
}
