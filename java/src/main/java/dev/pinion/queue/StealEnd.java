package dev.pinion.queue;

/** What a thief may do with another P's queue. Any thread. */
public interface StealEnd {
    /**
     * Moves half of the ring (rounded up) to the thief's own, empty enough queue.
     *
     * @return the last of the batch, which the thief runs at once; null when there was nothing
     */
    Runnable stealInto(LocalRunQueue thief);

    /** The oldest task of the ring, or null. A hint: it may be gone at the next moment. */
    Runnable peek();

    /** Takes {@code expected} if it is the oldest of the ring. */
    boolean steal(Runnable expected);

    /** What lies in the runnext slot, or null. A hint: it may be gone at the next moment. */
    Runnable peekNext();

    /** Takes {@code expected} out of the runnext slot; false when it is no longer there. */
    boolean stealNext(Runnable expected);

    /** Tasks in the ring, without runnext. A hint. */
    int size();
}
