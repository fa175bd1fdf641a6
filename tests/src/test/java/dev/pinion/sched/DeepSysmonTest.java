package dev.pinion.sched;

import dev.pinion.nativelib.Boot;
import dev.pinion.vthread.VThreads;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One P; sysmon sleeps deeply, here for longer than the test may take. However the P starts then, a G that hogs it must lose it, or the
 * other one never runs and the test hangs.
 */
@Timeout(60)
class DeepSysmonTest {
    static {
        Boot.withLibrary();
    }

    private final Sched sched = new SchedSetup().gomaxprocs(1).unpinned(true).start();
    private final CountDownLatch otherRan = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void end() {
        sched.lifetime().endNow(() -> {});
    }

    private void awaitDeep() {
        while (!sched.sysmon.isDeep()) {
            Thread.onSpinWait();
        }
    }

    private Thread newThread(Runnable task) {
        return VThreads.newThread(sched.pool(), "", false, task);
    }

    /** Starts a G behind this one, from the P itself, and computes until it has run. */
    private void hog() {
        newThread(otherRan::countDown).start();
        while (otherRan.getCount() != 0) {
            Thread.onSpinWait();
        }
        over.countDown();
    }

    @Test
    void aPThatATimerStartsIsWatched() throws Exception {
        sched.sysmon.deepNanos = TimeUnit.HOURS.toNanos(1);
        CountDownLatch parked = new CountDownLatch(1);
        Thread hog = newThread(() -> {
            parked.countDown();
            LockSupport.park();
            hog();
        });
        hog.start();
        parked.await();
        awaitDeep();
        sched.schedule(() -> LockSupport.unpark(hog), 0);
        over.await();
    }

    @Test
    void aPThatWaitsForItsOwnTimerIsWatched() throws Exception {
        sched.sysmon.deepNanos = TimeUnit.HOURS.toNanos(1);
        AtomicBoolean deep = new AtomicBoolean();
        newThread(() -> {
            while (!deep.get()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            hog();
        }).start();
        awaitDeep();
        deep.set(true); // the G hears of it when it next wakes
        over.await();
    }

    @Test
    void aPThatComesBackFromABlockingCallIsWatched() throws Exception {
        sched.sysmon.deepNanos = TimeUnit.HOURS.toNanos(1);
        AtomicBoolean callOver = new AtomicBoolean();
        newThread(() -> {
            M m = (M) VThreads.currentCarrier();
            HandOff.beforeBlock(m);
            while (!callOver.get()) {
                Thread.onSpinWait();
            }
            HandOff.afterBlock(m);
            hog();
        }).start();
        awaitDeep();
        callOver.set(true);
        over.await();
    }
}
