package dev.pinion.sched;

/**
 * A task started by {@code go} that has not run yet, as it stands in the run queues. It needs a virtual thread only when it runs, and
 * then takes the one whose last task has just ended ({@link Host}).
 */
public abstract class GTask implements Runnable {
    /** Runs it. On a virtual thread of the scheduler; may throw nothing. */
    protected abstract void runOn(Thread host);

    /** Run queues hold {@link Runnable}s; the M treats this one apart and never calls it. */
    @Override
    public final void run() {
        throw new IllegalStateException("a fresh task runs on a host");
    }
}
