package dev.pinion.vthread;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The scheduler of one virtual thread that goes once through what the JDK does when a thread waits with a deadline, and when the scheduler has
 * no memory to take it. What is loaded and linked for the first time there allocates, and where that fails the JDK loses the thread. All
 * happens on the calling platform thread, as it would on an M.
 */
public final class Rehearsal extends ForkJoinPool implements Runnable {
    private static final OutOfMemoryError NO_ROOM = new OutOfMemoryError("of a rehearsal");

    private final Object monitor = new Object();
    private Runnable runnable;
    private Runnable timeout;
    private boolean full;

    private Rehearsal() {
        super(1, defaultForkJoinWorkerThreadFactory, null, true, 0, 1, 0, null, 60, TimeUnit.SECONDS);
    }

    /**
     * By a platform thread.
     *
     * @return the thread, which has ended
     * @throws OutOfMemoryError this came too late; it may be tried again
     */
    public static Thread hold() {
        Rehearsal scheduler = new Rehearsal();
        Thread thread = VThreads.newThread(scheduler, "", false, scheduler);
        thread.start();
        while (scheduler.runnable != null) {
            Runnable next = scheduler.runnable;
            scheduler.runnable = null;
            next.run();
            Runnable expired = scheduler.timeout;
            if (expired != null) {
                scheduler.timeout = null;
                scheduler.full = true;
                LockSupport.unpark(Thread.currentThread()); // the JDK's nap before it tries again
                expired.run();
            }
        }
        if (!VThreads.isTerminated(thread)) {
            throw new OutOfMemoryError("lost a thread in a rehearsal");
        }
        return thread;
    }

    /** The thread. So short, because where it cannot unmount it sleeps on the caller. */
    @Override
    public void run() {
        LockSupport.parkNanos(1);
        synchronized (monitor) {
            try {
                monitor.wait(1);
            } catch (InterruptedException e) {
                throw new AssertionError(e); // nobody knows it
            }
        }
        Thread.yield();
    }

    @Override
    public void execute(Runnable task) {
        if (full) {
            full = false;
            throw NO_ROOM;
        }
        runnable = task;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        timeout = command;
        return null; // the JDK cancels none then
    }
}
