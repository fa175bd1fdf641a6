package dev.pinion;

import dev.pinion.sched.DefaultSched;
import dev.pinion.sched.OsThread;
import dev.pinion.sched.SchedConfig;
import java.util.concurrent.Callable;

/**
 * The default scheduler, as static methods with Go's names. Any thread may call any of them.
 *
 * <p>Under the launcher or the agent this is the scheduler that runs every virtual thread of the JVM; without them it is started by the
 * first call, with a P on each core the process may use.
 */
public final class Pinion {
    private Pinion() {}

    private static final class Holder {
        static final Scheduler SCHEDULER = make();

        private static Scheduler make() {
            var taken = DefaultSched.get();
            return taken != null ? new Scheduler(taken, null, true) : Scheduler.builder().asDefault().build();
        }
    }

    /** The scheduler behind these methods. It cannot be closed. */
    public static Scheduler scheduler() {
        return Holder.SCHEDULER;
    }

    /**
     * Starts a G, on the default scheduler also when the caller is a G of another one. What it throws goes to the uncaught exception handler of its thread, as with any thread (to stderr, if nobody set one), and to
     * {@link G#get}.
     *
     * @throws NullPointerException if the task is null
     */
    public static G<Void> go(Runnable task) {
        return Holder.SCHEDULER.go(task);
    }

    /**
     * Starts a G that has a result or an exception: {@link G#get}. To the compiler that is also a lambda which only throws, or is one expression with
     * a value. An exception that nobody gets goes to the uncaught exception handler once the G is garbage, or when the JVM ends.
     *
     * @throws NullPointerException if the task is null
     */
    public static <T> G<T> go(Callable<T> task) {
        return Holder.SCHEDULER.go(task);
    }

    /** Lets other Gs of this P run first. */
    public static void gosched() {
        Thread.yield();
    }

    /**
     * Locks the calling G to the thread under it (Go: {@code runtime.LockOSThread}): from now on it runs on that thread only, and no other G does, so
     * what native code keeps in the thread stays. While the G waits its thread sleeps; each time it goes on costs two switches of threads.
     * Calls add up: {@link #unlockOSThread} is needed as often. If the G ends before that, its thread ends too. It need not be a G of
     * {@link #go}: any virtual thread that runs on Pinion is one.
     *
     * @throws IllegalStateException on a thread that is no G
     */
    public static void lockOSThread() {
        OsThread.lock();
    }

    /**
     * Undoes one {@link #lockOSThread} of the calling G; without one it does nothing. Then native code should have put the thread in order:
     * other Gs will run on it.
     *
     * @throws IllegalStateException on a thread that is no G
     */
    public static void unlockOSThread() {
        OsThread.unlock();
    }

    /** The number of Ps. */
    public static int gomaxprocs() {
        return Holder.SCHEDULER.gomaxprocs();
    }

    /**
     * Sets the number of Ps, at once and while Gs run; 0 changes nothing.
     *
     * @param n from 0 to {@value SchedConfig#MAX_PROCS}
     * @return the former number
     * @throws IllegalArgumentException outside that range
     */
    public static int gomaxprocs(int n) {
        return Holder.SCHEDULER.gomaxprocs(n);
    }

    /** The CPUs this process may use. */
    public static int numCpu() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Gs that were started and are not over. Approximate while they come and go. */
    public static long numG() {
        return Holder.SCHEDULER.numG();
    }

    /** As {@link Scheduler#stats}. */
    public static SchedulerStats stats() {
        return Holder.SCHEDULER.stats();
    }

    /**
     * Go's {@code schedtrace} line, with Go's fields in Go's order; behind them what has happened to all Ps together, named as in
     * {@link SchedulerStats.OfP}, durations in microseconds: {@code announced} and {@code found} blocks, {@code handoffs}, takes after a
     * {@code slice}, {@code falsealarms}, Ms {@code withoutp}, {@code nextg} as p50/p99,
     * {@code lost} wake-ups as queued/unpolled/edges of {@link SchedulerStats.Lost}, which are 0.
     */
    public static String schedTrace() {
        return Holder.SCHEDULER.schedTrace();
    }
}
