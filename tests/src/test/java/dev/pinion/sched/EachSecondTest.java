package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.nativelib.Boot;
import dev.pinion.vthread.VThreads;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What sysmon calls once a second: once in any case, and then only while something runs. */
@Timeout(60)
class EachSecondTest {
    @Test
    void anIdleProcessIsCheckedOnceAndAgainWhenAGRuns() throws InterruptedException {
        Boot.withLibrary();
        Sched sched = new SchedSetup().name("each-second").gomaxprocs(2).unpinned(true).start();
        try {
            Semaphore checks = new Semaphore(0);
            sched.eachSecond(checks::release);
            assertTrue(checks.tryAcquire(30, TimeUnit.SECONDS), "once, though nothing has run");
            assertFalse(checks.tryAcquire(2500, TimeUnit.MILLISECONDS), "nothing has run since");
            CountDownLatch ran = new CountDownLatch(1);
            VThreads.newThread(sched.pool(), "short", false, ran::countDown).start();
            ran.await();
            assertTrue(checks.tryAcquire(30, TimeUnit.SECONDS), "a G has run");
        } finally {
            sched.stop();
        }
    }
}
