package dev.pinion.sched;

import dev.pinion.nativelib.Boot;
import dev.pinion.timer.Timer;
import dev.pinion.vthread.VThreads;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A G computes, and sysmon sleeps, here for longer than the test may take. A timer that the G's P does not come to must wake sysmon, or it never
 * fires and the test hangs.
 */
@Timeout(60)
class SysmonHearsOfTimersTest {
    private static final long LONG_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    static {
        Boot.withLibrary();
    }

    private Sched sched;
    private volatile boolean stop;

    private void start(int procs) {
        sched = new SchedSetup().gomaxprocs(procs).unpinned(true).start();
        sched.sysmon.longestNanos = LONG_NANOS;
        sched.sysmon.deepNanos = LONG_NANOS;
    }

    @AfterEach
    void end() {
        stop = true;
        sched.lifetime().endNow(() -> {});
    }

    private void go(Runnable task) {
        VThreads.newThread(sched.pool(), "", false, task).start();
    }

    /** On a G. */
    private void computeUntilSysmonSleeps() {
        while (!stop && sched.sysmon.sleepsFor() < LONG_NANOS / 2) {
            Thread.onSpinWait();
        }
    }

    private void computeUntil(CountDownLatch fired) {
        while (!stop && fired.getCount() != 0) {
            Thread.onSpinWait();
        }
    }

    private void set(long afterNanos, Runnable command) {
        sched.set(new Timer(System.nanoTime() + afterNanos, command));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void ofOneThatAGSetsWhichGoesOn(int procs) throws InterruptedException {
        start(procs);
        CountDownLatch over = new CountDownLatch(1);
        go(() -> {
            computeUntilSysmonSleeps();
            CountDownLatch fired = new CountDownLatch(1);
            set(SOON_NANOS, () -> go(fired::countDown));
            computeUntil(fired);
            over.countDown();
        });
        over.await();
    }

    /** And of the one before it, whose setter was a G that parked. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void ofALaterOneThatAGSetsWhichGoesOn(int procs) throws InterruptedException {
        start(procs);
        CountDownLatch over = new CountDownLatch(1);
        go(() -> {
            CountDownLatch first = new CountDownLatch(1);
            CountDownLatch second = new CountDownLatch(1);
            computeUntilSysmonSleeps();
            M.current().home.timers.add(new Timer(System.nanoTime() + SOON_NANOS, () -> go(first::countDown)));
            set(2 * SOON_NANOS, () -> go(second::countDown));
            computeUntil(first);
            computeUntil(second);
            over.countDown();
        });
        over.await();
    }

    /** A G parks for a time, and then its P gets one that computes. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void ofOneThatAnotherGComputesOver(int procs) throws InterruptedException {
        start(procs);
        CountDownLatch woken = new CountDownLatch(1);
        for (int i = 1; i < procs; i++) {
            go(() -> computeUntil(woken));
        }
        Thread sleeper = VThreads.newThread(sched.pool(), "", false, () -> {
            computeUntilSysmonSleeps();
            long due = System.nanoTime() + 50 * SOON_NANOS;
            while (System.nanoTime() - due < 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            woken.countDown();
        });
        sleeper.start();
        while (sleeper.getState() != Thread.State.TIMED_WAITING && woken.getCount() != 0) {
            Thread.onSpinWait();
        }
        go(() -> computeUntil(woken));
        woken.await();
    }
}
