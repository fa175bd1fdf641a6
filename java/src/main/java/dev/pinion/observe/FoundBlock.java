package dev.pinion.observe;

/** A block that nobody announced, while it lasts. Any thread may ask. */
public interface FoundBlock {
    String scheduler();

    int p();

    /** The thread that is blocked. */
    Thread m();

    /** The thread id of its G. */
    long g();

    Cause cause();

    /** Whether its M has come back to the scheduler. */
    boolean isOver();

    /** The G's thread, null if it is listed nowhere. Looks at all threads of the scheduler. */
    Thread thread();
}
