package dev.pinion.queue;

/** Where a full {@link LocalRunQueue} sends half of its tasks. */
@FunctionalInterface
public interface Overflow {
    /**
     * Takes the first {@code count} tasks of {@code batch}, in their order. Called by the owner of the queue.
     *
     * @throws OutOfMemoryError before anything was taken
     */
    void overflow(Runnable[] batch, int count);
}
