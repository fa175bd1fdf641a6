/**
 * The run queues. They know no scheduler: {@link dev.pinion.queue.Overflow} is the only way out, and the seam of the tests.
 *
 * <p>{@link dev.pinion.queue.LocalRunQueue} is the end the owner P holds, {@link dev.pinion.queue.StealEnd} the end a thief sees,
 * {@link dev.pinion.queue.GlobalRunQueue} the one everybody shares. Elements are {@link java.lang.Runnable}s: what the JDK hands to a
 * virtual thread's scheduler, stored as it is, so that a push allocates nothing.
 */
package dev.pinion.queue;
