package dev.pinion;

import dev.pinion.sched.Sched;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A timer to wait for: no more than a deadline, until somebody does (Go's, too, is set only while a channel waits for it). */
final class AfterWait extends Timer {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long deadline;
    private boolean stopped;

    AfterWait(long nanos) {
        deadline = Sched.deadline(nanos);
    }

    private boolean isActive() {
        return !stopped && deadline - System.nanoTime() > 0;
    }

    @Override
    public boolean stop() {
        lock.lock();
        try {
            boolean active = isActive();
            if (active) {
                stopped = true;
                changed.signalAll();
            }
            return active;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean reset(Duration delay) {
        long nanos = nanos(delay);
        lock.lock();
        try {
            boolean active = isActive();
            stopped = false;
            deadline = Sched.deadline(nanos);
            changed.signalAll();
            return active;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!stopped) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return true;
                }
                changed.awaitNanos(left);
            }
            return false;
        } finally {
            lock.unlock();
        }
    }
}
