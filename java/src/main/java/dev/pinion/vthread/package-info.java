/**
 * The only room that knows the inside of the JDK's virtual threads. {@link dev.pinion.vthread.Shapes} checks on load that the JDK has
 * what is bound here and names what is missing; everything above sees {@code Thread}, {@code Runnable} and this room's types.
 *
 * <p>What is bound (JDK 25): {@code VirtualThread}'s constructor, {@code state}, {@code runContinuation}, {@code DEFAULT_SCHEDULER};
 * {@code Thread}'s {@code container}, {@code threadLocals}, {@code inheritableThreadLocals}, {@code interrupted};
 * {@code Thread.currentCarrierThread}; {@code CarrierThread}; {@code ThreadContainer}; {@code sun.nio.ch.Interruptible};
 * {@code ForkJoinTask.AdaptedRunnableAction}; {@code ForkJoinWorkerThread.workQueue}, and the {@code array} and {@code top} of that.
 */
package dev.pinion.vthread;
