package dev.pinion;

import dev.pinion.sched.Sched;
import dev.pinion.timer.Timer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Delayed;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@link Scheduler#scheduledExecutor}: each pending task is a timer of a P, each run a G. It keeps no list of what is pending: a million of them would be
 * twice as large for it. Who shuts it down looks through the Ps' timers.
 *
 * <p>Two races have the same shape. A task is counted, or set, and then the phase is looked at; the phase is changed, and then the count, or the timers,
 * are looked at. One of the two sees the other.
 */
final class ScheduledGs extends AbstractExecutorService implements ScheduledExecutorService {
    private static final int OPEN = 0;
    /** Takes nothing new; what is pending still runs, once. */
    private static final int SHUT = 1;
    /** Begins nothing any more. */
    private static final int STOPPED = 2;

    /** In {@link Task#timer}: the task is over, and no longer counted. */
    private static final Timer OVER = new Timer(0, null);

    private static final VarHandle TIMER;

    static {
        OVER.cancel(false);
        try {
            TIMER = MethodHandles.lookup().findVarHandle(Task.class, "timer", Timer.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Scheduler scheduler;
    private final AtomicInteger phase = new AtomicInteger(OPEN);

    /** Tasks that were accepted and are not over. */
    private final AtomicLong unfinished = new AtomicLong();

    private final ConcurrentHashMap<Task<?>, Thread> running = new ConcurrentHashMap<>();
    private final CountDownLatch terminated = new CountDownLatch(1);

    ScheduledGs(Scheduler scheduler) {
        this.scheduler = scheduler;
        TaskG.load();
    }

    /**
     * A task and its future. {@link #run} is what its timer calls; {@link #call} is the body of the G that it starts. With its timer it takes some 120
     * bytes, so a field more costs a million users eight megabytes.
     */
    private final class Task<V> extends FutureTask<V> implements RunnableScheduledFuture<V>, Callable<Void> {
        /** Nanoseconds; above 0: from deadline to deadline; below: from end to deadline; 0: it runs once. */
        private final long period;

        /** The one that was set last; null: it was due at once. */
        private volatile Timer timer;

        Task(Callable<V> callable) {
            super(callable);
            period = 0;
        }

        Task(Runnable command, long period) {
            super(command, null);
            this.period = period;
        }

        ScheduledGs executor() {
            return ScheduledGs.this;
        }

        /** @throws OutOfMemoryError before it was set */
        void set(long when) {
            Timer next = new Timer(when, this);
            timer = next; // first: it may fire, and set the following one, before this goes on
            scheduler.sched.set(next); // full fence
            if (isCancelled() || phase.get() != OPEN && (isPeriodic() || phase.get() == STOPPED)) {
                super.cancel(false);
                unset(next);
            }
        }

        /** @return whether it was pending, and is no longer, nor counted */
        private boolean unset(Timer pending) {
            if (pending == null || !pending.cancel(false)) {
                return false;
            }
            over();
            return true;
        }

        private void over() {
            if ((Timer) TIMER.getAndSet(this, OVER) != OVER) {
                uncount();
            }
        }

        /** When it is due. In the run loop: it may only allocate the G. */
        @Override
        public void run() {
            if (!starts()) {
                super.cancel(false);
                over();
            }
        }

        /** Starts the G. @return false: the scheduler is closed */
        boolean starts() {
            return scheduler.startDue(new TaskG<>(scheduler, this));
        }

        /** On the G. */
        @Override
        public Void call() {
            running.put(this, Thread.currentThread());
            boolean again = false;
            try {
                int now = phase.get(); // second: who stops it looks at the map after that
                if (now == STOPPED || now == SHUT && isPeriodic()) {
                    super.cancel(false);
                } else if (isPeriodic()) {
                    again = runAndReset();
                } else {
                    super.run();
                }
            } finally {
                running.remove(this);
            }
            if (!again || !setsAgain()) {
                over();
            }
            return null;
        }

        private boolean setsAgain() {
            Timer fired = timer;
            if (fired == OVER) {
                return false;
            }
            try {
                set(period > 0 ? fired.when() + period : Sched.deadline(-period));
                return true;
            } catch (OutOfMemoryError e) {
                setException(e); // as if the task had thrown it
                return false;
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            if (cancelled) {
                unset(timer);
            }
            return cancelled;
        }

        @Override
        public boolean isPeriodic() {
            return period != 0;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            Timer t = timer;
            return t == null || t == OVER ? 0 : t.getDelay(unit);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    private <V> ScheduledFuture<V> accept(Task<V> task, long delay, TimeUnit unit) {
        long nanos = checked(unit).toNanos(delay);
        unfinished.incrementAndGet();
        if (phase.get() != OPEN) {
            uncount();
            throw new RejectedExecutionException("The scheduled executor is shut down; a task is refused.");
        }
        try {
            if (nanos > 0 || task.isPeriodic()) {
                scheduler.checkOpen("schedule");
                task.set(Sched.deadline(nanos));
            } else if (!task.starts()) {
                throw scheduler.refusal("schedule");
            }
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            task.over();
            throw e;
        }
        return task;
    }

    private void uncount() {
        if (unfinished.decrementAndGet() == 0 && phase.get() != OPEN) {
            terminated.countDown();
        }
    }

    private static <T> T checked(T task) {
        return Objects.requireNonNull(task, "the task is null");
    }

    private static TimeUnit checked(TimeUnit unit) {
        return Objects.requireNonNull(unit, "the unit is null");
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return accept(new Task<>(checked(command), 0), delay, unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return accept(new Task<>(checked(callable)), delay, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        return accept(new Task<>(checked(command), nanos("period", period, unit)), initialDelay, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        return accept(new Task<>(checked(command), -nanos("delay", delay, unit)), initialDelay, unit);
    }

    private static long nanos(String what, long period, TimeUnit unit) {
        long nanos = checked(unit).toNanos(period);
        if (nanos <= 0) {
            throw new IllegalArgumentException("the " + what + " of a repeated task is above zero, not " + period + " " + unit);
        }
        return Math.min(nanos, Long.MAX_VALUE / 4);
    }

    @Override
    public void execute(Runnable command) {
        schedule(command, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Future<?> submit(Runnable task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public <T> Future<T> submit(Callable<T> task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public void shutdown() {
        if (phase.compareAndSet(OPEN, SHUT)) {
            for (Task<?> task : pending()) {
                if (task.isPeriodic()) {
                    task.cancel(false);
                }
            }
        }
        endIfDone();
    }

    @Override
    public List<Runnable> shutdownNow() {
        phase.set(STOPPED);
        List<Runnable> takenBack = new ArrayList<>();
        for (Task<?> task : pending()) {
            if (task.unset(task.timer)) {
                takenBack.add(task);
            }
        }
        for (Task<?> task : running.keySet()) {
            running.computeIfPresent(task, (same, thread) -> {
                thread.interrupt(); // it cannot leave the map meanwhile, so it is still this task's thread
                return thread;
            });
        }
        endIfDone();
        return takenBack;
    }

    /** The scheduler closes, and what is pending could never run: it is cancelled. What runs goes on to its end. Any thread. */
    void schedulerCloses() {
        phase.set(STOPPED);
        for (Task<?> task : pending()) {
            task.cancel(false);
        }
        endIfDone();
    }

    /** Its tasks that wait for their time. One that is being set is not missed: it looks at the phase afterwards. */
    private List<Task<?>> pending() {
        List<Task<?>> mine = new ArrayList<>();
        scheduler.sched.eachTimer(timer -> {
            if (timer.command() instanceof Task<?> task && task.executor() == this) {
                mine.add(task);
            }
        });
        return mine;
    }

    private void endIfDone() {
        if (unfinished.get() == 0) {
            terminated.countDown();
        }
    }

    @Override
    public boolean isShutdown() {
        return phase.get() != OPEN;
    }

    @Override
    public boolean isTerminated() {
        return terminated.getCount() == 0;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return terminated.await(timeout, checked(unit));
    }
}
