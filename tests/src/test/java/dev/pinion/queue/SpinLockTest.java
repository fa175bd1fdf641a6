package dev.pinion.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SpinLockTest {
    @Test
    void isHeldByOneAndNotReentrant() {
        SpinLock lock = new SpinLock(Thread::yield);
        assertTrue(lock.tryLock());
        assertFalse(lock.tryLock());
        lock.unlock();
        lock.lock();
        assertFalse(lock.tryLock());
        lock.unlock();
        assertTrue(lock.tryLock());
    }

    @Test
    void aWaiterGivesTheCpuAwayUntilItGetsIn() throws InterruptedException {
        CountDownLatch relaxed = new CountDownLatch(3);
        SpinLock lock = new SpinLock(() -> {
            relaxed.countDown();
            Thread.yield();
        });
        lock.lock();
        Thread waiter = Thread.ofPlatform().start(lock::lock);
        relaxed.await(); // it does not stay in its spin
        assertTrue(waiter.isAlive());
        lock.unlock();
        waiter.join();
        assertFalse(lock.tryLock(), "the waiter has it");
    }

    @Test
    void excludesAndPublishes() throws InterruptedException {
        int threads = 4;
        int rounds = 200_000;
        SpinLock lock = new SpinLock(Thread::yield);
        long[] plain = new long[1];
        Thread[] all = new Thread[threads];
        for (int t = 0; t < threads; t++) {
            all[t] = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < rounds; i++) {
                    lock.lock();
                    plain[0]++;
                    lock.unlock();
                }
            });
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertEquals((long) threads * rounds, plain[0]);
    }
}
