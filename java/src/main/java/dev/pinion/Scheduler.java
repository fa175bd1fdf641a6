package dev.pinion;

import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.UnsupportedHost;
import dev.pinion.sched.Lifetime;
import dev.pinion.sched.Sched;
import dev.pinion.sched.SchedConfig;
import dev.pinion.sched.SchedSetup;
import dev.pinion.vthread.VThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A scheduler with its own Ps. Any thread may call any method, unless said.
 *
 * <p>As an {@link java.util.concurrent.ExecutorService} it runs each task as a G; as a {@link ThreadFactory} it makes virtual threads of
 * its own, which are never used again, so it fits {@code StructuredTaskScope} and whatever else takes a factory.
 */
public final class Scheduler extends AbstractExecutorService implements ThreadFactory, AutoCloseable {
    final Sched sched;
    private final Thread.UncaughtExceptionHandler handler;
    private final boolean isDefault;
    private final Lifetime lifetime;

    /** Those somebody still has, or that have something pending. Under its own monitor. */
    private final Set<ScheduledGs> executors = Collections.newSetFromMap(new WeakHashMap<>());

    /** What {@link #close(Duration)} gave up on. */
    private volatile List<Thread> left = List.of();

    Scheduler(Sched sched, Thread.UncaughtExceptionHandler handler, boolean isDefault) {
        this.sched = sched;
        lifetime = sched.lifetime();
        this.handler = handler;
        this.isDefault = isDefault;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** What a scheduler is made from. Nothing is started, and little checked, before {@link #build}. Not thread-safe. */
    public static final class Builder {
        private final List<Consumer<SchedSetup>> settings = new ArrayList<>();
        private Thread.UncaughtExceptionHandler handler;
        private boolean asDefault;

        private Builder() {}

        private Builder with(Consumer<SchedSetup> setting) {
            settings.add(setting);
            return this;
        }

        private Builder with(Consumer<SchedSetup> setting, String value, String refusal) {
            Objects.requireNonNull(value, refusal);
            return with(setting);
        }

        /** Its name in traces and dumps; {@code pinion} if not said. */
        public Builder name(String name) {
            return with(s -> s.name(name), name, "the name is null");
        }

        /** The number of Ps, from 1 to {@value SchedConfig#MAX_PROCS}; if not said, GOMAXPROCS, or a P for each CPU it may use. */
        public Builder gomaxprocs(int n) {
            return with(s -> s.gomaxprocs(n));
        }

        /** The CPUs of its Ps, as in {@code 0-3,8}; if not said, those of the process that no other scheduler has. */
        public Builder cpus(String list) {
            return with(s -> s.cpus(list), list, "the list of CPUs is null");
        }

        /** CPUs that get no P; the scheduler's own thread runs there. */
        public Builder housekeeping(String list) {
            return with(s -> s.housekeeping(list), list, "the list of CPUs is null");
        }

        /**
         * What a P without work does: {@code park} (it sleeps, and costs nothing), {@code spin} (it never sleeps, for cores that are isolated for it), or
         * {@code adaptive} (the default): it spins for a while, 50 us at most, 100 us in a virtual machine, as long as its own last pauses were mostly
         * shorter than that; not while others want its core, and never under a quota of CPU time.
         */
        public Builder idle(String strategy) {
            return with(s -> s.idle(strategy), strategy, "the strategy is null");
        }

        /** The same for one P, by its number from 0 on. */
        public Builder idle(int p, String strategy) {
            return with(s -> s.idle(p, strategy), strategy, "the strategy is null");
        }

        /**
         * Who polls the sockets of its Gs: {@code on} (the default: its Ps do) or {@code off} (the JDK's pollers do). If the program's virtual
         * threads waited for sockets before the first scheduler was made, the JDK's pollers stay, and a warning says so.
         */
        public Builder netpoll(String mode) {
            return with(s -> s.netpoll(mode), mode, "the mode is null");
        }

        /** What to do about cores that another program has reserved: {@code share} (a warning) or {@code exclusive} (refuse); if not said, none is
         * reserved: only the agent reserves by itself. */
        public Builder reserve(String mode) {
            return with(s -> s.reserve(mode), mode, "the mode is null");
        }

        /**
         * What finds a G that blocks its M without having said so: {@code tripwire} (the default: a thread of the lowest class on each core,
         * and sysmon where others compute on it), {@code sysmon}, or {@code off}.
         */
        public Builder retake(String mode) {
            return with(s -> s.retake(mode), mode, "the mode is null");
        }

        /**
         * What a G may compute while others wait, before another M runs them beside it: milliseconds of CPU time from 1 on, 10 if not said; a tenth
         * of it while one waits that has parked before. 0: without limit.
         */
        public Builder slice(long millis) {
            return with(s -> s.slice(millis));
        }

        /** Ms are bound to no core. */
        public Builder unpinned() {
            return with(s -> s.unpinned(true));
        }

        /**
         * The most Ms there may be, from one for each P to 4,194,304; 10,000 if not said, as in Go. Beyond them none is made, whatever blocks: Gs wait
         * until an M comes back, and that is said once on stderr.
         */
        public Builder maxThreads(int n) {
            return with(s -> s.maxThreads(n));
        }

        /**
         * What hears of exceptions out of {@code go(Runnable)}, and of those out of {@code go(Callable)} that nobody can get any more; the latter come with
         * a thread that never ran and has the G's name. If not said, the thread's own handler, as in Java.
         */
        public Builder uncaughtExceptionHandler(Thread.UncaughtExceptionHandler newHandler) {
            handler = Objects.requireNonNull(newHandler, "the handler is null");
            return this;
        }

        /** Ms are named {@code prefix-P0-M3}; {@code pinion} if not said. */
        public Builder threadNamePrefix(String prefix) {
            return with(s -> s.threadPrefix(prefix), prefix, "the prefix is null");
        }

        /**
         * Starts it.
         *
         * @throws IllegalArgumentException one sentence, if a setting is wrong or contradicts another; nothing is started then
         * @throws UnsupportedHost one sentence, if this JDK or machine lacks something
         */
        public Scheduler build() {
            Boot.withLibrary();
            SchedSetup setup = new SchedSetup();
            settings.forEach(setting -> setting.accept(setup));
            return new Scheduler(setup.start(), handler, asDefault);
        }

        Builder asDefault() {
            asDefault = true;
            return this;
        }
    }

    /** As {@link Pinion#go(Runnable)}. @throws RejectedExecutionException after {@link #close} or {@link #shutdown} */
    public G<Void> go(Runnable task) {
        return start(new TaskG<>(this, checked(task)));
    }

    /** As {@link Pinion#go(Callable)}. @throws RejectedExecutionException after {@link #close} or {@link #shutdown} */
    public <T> G<T> go(Callable<T> task) {
        return start(new TaskG<>(this, checked(task)));
    }

    private <T> G<T> start(TaskG<T> g) {
        checkOpen("go");
        sched.go(g);
        // From a G of this scheduler, which a close that gives up may leave behind with all that it starts.
        if (lifetime.refuses() && g.refuse()) {
            throw lifetime.refusal("go");
        }
        return g;
    }

    /** Starts a G whose time has come. In the run loop too. @return false: the scheduler is closed, and it was not started */
    boolean startDue(TaskG<?> g) {
        if (!lifetime.isOpen()) {
            return false;
        }
        sched.go(g);
        return true;
    }

    /** @throws RejectedExecutionException if it is closed */
    void checkOpen(String what) {
        if (!lifetime.isOpen()) {
            throw refusal(what);
        }
    }

    RejectedExecutionException refusal(String what) {
        return lifetime.refusal(what);
    }

    /**
     * An executor for delayed and repeated tasks; each run is a G of this scheduler, so tasks may block, and no two runs of one task overlap. It
     * behaves as a {@link java.util.concurrent.ScheduledThreadPoolExecutor} does, whose shutdown policies are as at first: after {@code shutdown} delayed
     * tasks still run, repeated ones are cancelled. Cancelled tasks are given up at once. {@code shutdownNow} interrupts what runs and takes back what
     * is not due; a task that is due but has not begun is cancelled.
     *
     * <p>Each call makes one of its own, which costs next to nothing; shutting it down is not shutting down this scheduler. When that is shut down or
     * closed, what is pending is cancelled, and the executor is terminated once nothing of it runs. Gs are daemon threads: pending tasks do not keep the JVM.
     */
    public ScheduledExecutorService scheduledExecutor() {
        ScheduledGs executor = new ScheduledGs(this);
        synchronized (executors) {
            executors.add(executor);
        }
        if (!lifetime.isOpen()) {
            executor.schedulerCloses(); // whoever shut it may not have seen this one
        }
        return executor;
    }

    private static Object checked(Object task) {
        return Objects.requireNonNull(task, "the task is null");
    }

    /** The number of Ps. */
    public int gomaxprocs() {
        return sched.procs();
    }

    /** As {@link Pinion#gomaxprocs(int)}. */
    public int gomaxprocs(int n) {
        if (n < 0 || n > SchedConfig.MAX_PROCS) {
            throw new IllegalArgumentException("gomaxprocs(" + n + "): it is a number from 1 to " + SchedConfig.MAX_PROCS
                    + ", or 0 to ask for the present one.");
        }
        return n == 0 ? sched.procs() : sched.setProcsByHand(n);
    }

    /** As {@link Pinion#numG}. */
    public long numG() {
        return sched.numG();
    }

    /** As {@link Pinion#schedTrace}. */
    public String schedTrace() {
        return sched.trace(false);
    }

    /** As {@link Pinion#schedTrace}, with a line for each P, M and G (Go's {@code scheddetail}). */
    public String schedTraceDetail() {
        return sched.trace(true);
    }

    /** What has happened to its Ps since its start: blocks, hand-overs, threads. Takes some microseconds a P and stops nobody. */
    public SchedulerStats stats() {
        return SchedulerStats.of(sched);
    }

    /**
     * For tests of programs that must stand it: takes the P from the M that runs a G on it, as a block that nobody announced would.
     *
     * @return false: nothing ran there, or its M was just scheduling
     */
    public boolean takeP(int p) {
        if (p < 0 || p >= gomaxprocs()) {
            throw new IllegalArgumentException("there is no P" + p + ": they are numbered from 0 to " + (gomaxprocs() - 1) + ".");
        }
        return sched.takeP(p);
    }

    /**
     * An unstarted virtual thread of this scheduler; it inherits as other virtual threads do. {@link #close} waits for those that were
     * started; the start of one after the scheduler's end throws {@link RejectedExecutionException}.
     *
     * @throws RejectedExecutionException after {@link #close} or {@link #shutdown}
     */
    @Override
    public Thread newThread(Runnable task) {
        checked(task);
        checkOpen("newThread");
        return VThreads.newThread(sched.pool(), "", true, task);
    }

    @Override
    public void execute(Runnable task) {
        go(task);
    }

    void uncaught(Thread thread, Throwable error) {
        Thread.UncaughtExceptionHandler h = handler != null ? handler : thread.getUncaughtExceptionHandler();
        try {
            h.uncaughtException(thread, error);
        } catch (Throwable ignored) {
            // as the JVM does with what a handler throws
        }
    }

    /**
     * Refuses new tasks, waits until all Gs and all threads of {@link #newThread} are over, and ends the Ms. If the calling thread is
     * interrupted it interrupts them and goes on waiting, as {@code ExecutorService.close} does. (With
     * {@code -Djdk.trackAllThreads=false} threads of {@link #newThread} that belong to no executor or scope are waited for, but neither
     * interrupted nor listed: the JDK does not know them then.)
     *
     * @throws IllegalStateException from one of its own Gs, which would wait for itself, and on the default scheduler
     */
    @Override
    public void close() {
        refuseFromInside();
        shut();
        boolean interrupted = false;
        while (!lifetime.isEnded()) {
            try {
                awaitTermination(1, TimeUnit.DAYS);
            } catch (InterruptedException e) {
                if (!interrupted) {
                    interruptAll();
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * As {@link #close()}, but gives up.
     *
     * @return the threads that were left after {@code patience}, which never run again; empty if all went well
     */
    public List<Thread> close(Duration patience) throws InterruptedException {
        Objects.requireNonNull(patience, "the patience is null");
        refuseFromInside();
        shut();
        if (!awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            lifetime.endNow(() -> left = List.copyOf(sched.threads()));
        }
        return left;
    }

    private void interruptAll() {
        sched.threads().forEach(Thread::interrupt);
    }

    private void refuseFromInside() {
        refuseIfDefault();
        if (sched.runsCaller()) {
            throw new IllegalStateException("close from one of the scheduler's own Gs would wait for itself; close it from outside.");
        }
    }

    private void refuseIfDefault() {
        if (isDefault) {
            throw new IllegalStateException("the default scheduler cannot be closed: it ends with the process.");
        }
    }

    /** Refuses new tasks. @throws IllegalStateException on the default scheduler */
    @Override
    public void shutdown() {
        refuseIfDefault();
        shut();
    }

    /** What its scheduled executors have pending could never run. */
    private void shut() {
        lifetime.shut();
        List<ScheduledGs> all;
        synchronized (executors) {
            all = List.copyOf(executors);
        }
        all.forEach(ScheduledGs::schedulerCloses);
    }

    /**
     * Refuses new tasks and interrupts the threads of the others, as {@link #close()} may.
     *
     * @return an empty list: no task is taken back
     * @throws IllegalStateException on the default scheduler
     */
    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        interruptAll();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return !lifetime.isOpen();
    }

    @Override
    public boolean isTerminated() {
        return lifetime.tryEnd();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        long deadline = System.nanoTime() + Objects.requireNonNull(unit, "the unit is null").toNanos(timeout);
        long pause = 50_000;
        while (!lifetime.tryEnd()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            // The count lies in the Ps, so that no G pays for it; it is looked at now and then instead.
            LockSupport.parkNanos(this, Math.min(left, pause));
            pause = Math.min(pause * 2, 10_000_000);
        }
        return true;
    }

    @Override
    public String toString() {
        return "Scheduler[" + sched.name() + ", gomaxprocs=" + gomaxprocs() + "]";
    }
}
