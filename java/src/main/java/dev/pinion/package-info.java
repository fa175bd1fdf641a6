/**
 * Go's G/M/P scheduler for the JVM, every P pinned to a core.
 *
 * <ul>
 *   <li>{@link dev.pinion.Pinion}: the default scheduler, as static methods. Start here.
 *   <li>{@link dev.pinion.G}: what {@code go} returns. {@link dev.pinion.WaitGroup}: waits for many of them.
 *   <li>{@link dev.pinion.Scheduler}: several schedulers in one process, each on its own cores; an {@code ExecutorService} and a
 *       {@code ThreadFactory}.
 *   <li>{@link dev.pinion.Timer}, {@link dev.pinion.Ticker}: something later, once or again and again;
 *       {@link dev.pinion.Scheduler#scheduledExecutor} for those who know {@code java.util.concurrent}.
 *   <li>{@link dev.pinion.Syscalls}, {@link dev.pinion.BlockingFile}, {@link dev.pinion.Blocking}: calls that block, announced, so that their P goes on at once.
 * </ul>
 */
package dev.pinion;
