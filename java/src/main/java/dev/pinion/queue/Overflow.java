package dev.pinion.queue;

/** Where a full {@link LocalRunQueue} sends half of its tasks. */
@FunctionalInterface
public interface Overflow {
    /**
     * Takes {@code count} tasks, and {@code last} behind them. Called by the owner of the queue, which leaves {@code ring} alone meanwhile.
     *
     * @param ring its length is a power of two
     * @param from where the first stands, modulo the length
     * @throws OutOfMemoryError before anything was taken
     */
    void overflow(Runnable[] ring, int from, int count, Runnable last);
}
