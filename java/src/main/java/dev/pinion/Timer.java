package dev.pinion;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Something that happens once, later (Go: time.Timer, time.AfterFunc): a wait that ends, or a task that is started. It can be stopped, and set anew, as
 * often as one likes. Any thread may call any method; only {@link #await} blocks.
 *
 * <p>Delays are exact to the nanosecond asked for; how late it is depends on the machine, some microseconds on an idle one. A delay of zero or less is
 * over at once; one of more than 73 years is taken for 73. A timer that nobody refers to needs no {@link #stop}.
 */
public abstract sealed class Timer permits AfterFunc, AfterWait {
    Timer() {}

    /** One to wait for: {@link #await}. It takes nothing of a scheduler while nobody waits. */
    public static Timer after(Duration delay) {
        return new AfterWait(nanos(delay));
    }

    /**
     * Starts {@code task} after {@code delay} as a G of the default scheduler, as {@link Pinion#go(Runnable)} does, also when the caller is a G of another
     * one. A pending one takes less than 100 bytes. If the scheduler is closed before it is due, it never runs. It is not one to {@link #await}.
     */
    public static Timer afterFunc(Duration delay, Runnable task) {
        return afterFunc(Pinion.scheduler(), delay, task);
    }

    /** As {@link #afterFunc(Duration, Runnable)}, on another scheduler. @throws RejectedExecutionException if that is closed */
    public static Timer afterFunc(Scheduler scheduler, Duration delay, Runnable task) {
        Objects.requireNonNull(scheduler, "the scheduler is null");
        Objects.requireNonNull(task, "the task is null");
        return new AfterFunc(scheduler, nanos(delay), task);
    }

    /**
     * Keeps it from firing. A task that was started already goes on. Whoever waits for it hears of it.
     *
     * @return whether it was active; false: it has fired, or was stopped before, and nothing changed
     */
    public abstract boolean stop();

    /**
     * Sets it anew, to fire {@code delay} from now, whether it is active, has fired or was stopped.
     *
     * @return whether it was active
     * @throws RejectedExecutionException for a task of a scheduler that is closed; nothing changed then
     */
    public abstract boolean reset(Duration delay);

    /**
     * Waits until it fires; if it has, returns at once. Any number of threads may wait. If it is set anew meanwhile they wait for the new time.
     *
     * @return true: it has fired; false: it was stopped
     * @throws InterruptedException if the calling thread is interrupted first
     * @throws UnsupportedOperationException always, if it is one of {@link #afterFunc}: that starts a task when it fires, which can tell whoever waits
     */
    public abstract boolean await() throws InterruptedException;

    static long nanos(Duration delay) {
        return TimeUnit.NANOSECONDS.convert(Objects.requireNonNull(delay, "the delay is null")); // beyond a long it is the greatest one
    }
}
