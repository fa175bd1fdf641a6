package dev.pinion;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Ticks at multiples of a period after its start (Go: time.Ticker):
 *
 * <pre>{@code
 * try (Ticker ticker = Ticker.every(Duration.ofMillis(10))) {
 *     while (ticker.next()) {
 *         sample();
 *     }
 * }
 * }</pre>
 *
 * <p>It never drifts: a tick that is heard of late moves no later one. For whoever is too slow one tick is kept, as in Go, and the rest of those missed are
 * dropped. Between calls of {@link #next} it costs nothing, and one that nobody refers to needs no {@link #stop}. Any thread may call any method; only
 * {@code next} blocks.
 */
public final class Ticker implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long period;
    private long start;

    /** The number of the last tick that somebody heard of, or that was dropped. */
    private long heard;

    private boolean stopped;

    private Ticker(long period) {
        this.period = period;
        start = System.nanoTime();
    }

    /**
     * Begins now; the first tick comes after one period.
     *
     * @param period nanoseconds count; beyond 292 years it is taken for that
     * @throws IllegalArgumentException unless it is above zero
     */
    public static Ticker every(Duration period) {
        return new Ticker(checked(period));
    }

    private static long checked(Duration period) {
        long nanos = Timer.nanos(Objects.requireNonNull(period, "the period is null"));
        if (nanos <= 0) {
            throw new IllegalArgumentException("a ticker's period is above zero, not " + period);
        }
        return nanos;
    }

    /**
     * Waits for the next tick; returns at once if one has come since the last call. Each tick is heard of by one caller.
     *
     * @return false: it was stopped
     * @throws InterruptedException if the calling thread is interrupted first
     */
    public boolean next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!stopped) {
                long since = System.nanoTime() - start;
                long last = since / period;
                if (last > heard) {
                    heard = last;
                    return true;
                }
                changed.awaitNanos(period - since % period);
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins anew with another period, now, whether it was stopped or not. A tick that nobody has heard of is dropped.
     *
     * @throws IllegalArgumentException unless it is above zero; nothing changed then
     */
    public void reset(Duration newPeriod) {
        long nanos = checked(newPeriod);
        lock.lock();
        try {
            period = nanos;
            start = System.nanoTime();
            heard = 0;
            stopped = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No more ticks; whoever waits for one is told so. */
    public void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #stop}. */
    @Override
    public void close() {
        stop();
    }
}
