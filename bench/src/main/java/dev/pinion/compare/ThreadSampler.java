package dev.pinion.compare;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Looks at a process's threads every {@link #INTERVAL_MILLIS} from outside, so that those that end are counted as far as they were seen.
 * Takes at most a twentieth of one CPU, whatever the number of threads.
 */
final class ThreadSampler implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 50;
    private static final int SHARE = 20;

    private final Path task;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private final Map<String, ThreadCounts> alive = new HashMap<>();
    private final List<ThreadCounts> ended = new ArrayList<>();
    private final Thread thread;
    private int most;
    private boolean untold;
    private boolean closed;

    /** @param task {@code /proc/PID/task} */
    ThreadSampler(Path task) {
        this.task = task;
        thread = Thread.ofPlatform().daemon().name("compare-sampler").start(this::work);
    }

    private void work() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        lock.lock();
        try {
            while (!closed) {
                // Not by the clock: on a busy machine a look takes long that costs little, and the next must not be put off for it.
                long before = threads.getCurrentThreadCpuTime();
                look();
                long cost = threads.getCurrentThreadCpuTime() - before;
                long left = Math.max(TimeUnit.MILLISECONDS.toNanos(INTERVAL_MILLIS), SHARE * cost);
                while (!closed && left > 0) {
                    left = closing.awaitNanos(left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void look() {
        Map<String, ThreadCounts> now;
        try {
            now = ThreadCounts.readAll(task);
        } catch (IOException e) {
            return; // the process is gone: what was seen last stands
        } catch (ThreadCounts.Untold e) {
            untold = true;
            return;
        }
        most = Math.max(most, now.size());
        alive.forEach((id, before) -> {
            ThreadCounts after = now.get(id);
            // A lower count is another thread under the same number.
            if (after == null || after.cpuNanos() < before.cpuNanos()) {
                ended.add(before);
            }
        });
        alive.clear();
        alive.putAll(now);
    }

    /** Looks once more, if the process is still there, and sums up; unknown, where the kernel did not tell each time. Any thread. */
    ThreadTotals totals() {
        lock.lock();
        try {
            look();
            List<ThreadCounts> all = new ArrayList<>(ended);
            all.addAll(alive.values());
            return untold ? ThreadTotals.UNKNOWN : ThreadTotals.of(all);
        } finally {
            lock.unlock();
        }
    }

    /** The highest number of threads seen at once. */
    int most() {
        lock.lock();
        try {
            return most;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
