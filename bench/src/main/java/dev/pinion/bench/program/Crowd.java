package dev.pinion.bench.program;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/**
 * Measures tasks that go on until told to stop. The main thread, which is no part of the crowd, reads every task's counter
 * at the borders of common windows; a task that starves is seen in {@code @fair}.
 *
 * <p>All tasks are started by one virtual thread, wait until the last has come, and are released by it. Started from a
 * platform thread they would lie in the pool's submission queues, of which the JDK's carrier goes on serving the one it
 * found first: tasks that yield then starve all others, and what is measured is the speed of one of them.
 */
final class Crowd {

    /** Longs between two counters: two cache lines, for the prefetcher takes pairs. */
    private static final int STRIDE = 16;
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] counts;
    private final int tasks;
    private final Baton[] batons;
    private final Consumer<Runnable> starter;
    private volatile boolean stopped;
    private Latch ended;
    private long[] done;

    /** What task number {@code task} does until {@link #isStopped}. */
    interface Task {
        void run(int task);
    }

    Crowd(int tasks) {
        this(tasks, Spawner::start);
    }

    /** @param starter starts a thread for each task */
    Crowd(int tasks, Consumer<Runnable> starter) {
        this.tasks = tasks;
        this.starter = starter;
        counts = new long[tasks * STRIDE];
        batons = batonsFor(tasks);
    }

    private static Baton[] batonsFor(int tasks) {
        Baton[] made = new Baton[tasks];
        for (int task = 0; task < tasks; task++) {
            made[task] = new Baton();
        }
        return made;
    }

    /** Starts all tasks and returns once all were released. Called once, by the main thread. */
    void start(Task body) throws InterruptedException {
        ended = new Latch(tasks);
        Spawner.runAndWait(() -> {
            // Not the tasks' own batons: a pass from a task already released would melt into the release.
            Baton[] gates = batonsFor(tasks);
            Latch ready = new Latch(tasks);
            for (int i = 0; i < tasks; i++) {
                int task = i;
                starter.accept(() -> {
                    batons[task].claim();
                    gates[task].claim();
                    ready.countDown();
                    gates[task].await();
                    body.run(task);
                    ended.countDown();
                });
            }
            ready.await();
            for (Baton gate : gates) {
                gate.pass();
            }
        });
    }

    /** The task's own baton; only this task may wait for it, any may pass it. */
    Baton baton(int task) {
        return batons[task];
    }

    /** One operation of task {@code task}; only that task. Opaque: the JIT may not keep the count in a register. */
    void count(int task) {
        int index = task * STRIDE;
        COUNT.setOpaque(counts, index, counts[index] + 1);
    }

    /** Whether the tasks should end. */
    boolean isStopped() {
        return stopped;
    }

    /** Tells the tasks to end and waits for it; {@code release} frees those that wait for each other. */
    void stop(Runnable release) {
        stopped = true;
        release.run();
        ended.await();
    }

    /** Frees all tasks that wait for their batons. */
    void passAllBatons() {
        for (Baton baton : batons) {
            baton.pass();
        }
    }

    /** Warms up, then reports nanoseconds an operation of the whole crowd ({@code op}), usage and fairness. */
    void measure(Report report) throws InterruptedException {
        Thread.sleep(Batches.WARM_UP_NANOS / 1_000_000);
        measureNow(report);
    }

    /** As {@link #measure} for a crowd that is warm. */
    void measureNow(Report report) throws InterruptedException {
        double[] perOperation = new double[Batches.WINDOWS];
        long[] first = snapshot();
        long[] last = first;
        ResourceUsage before = ResourceUsage.now();
        long started = System.nanoTime();
        for (int window = 0; window < Batches.WINDOWS; window++) {
            Thread.sleep(Batches.WINDOW_NANOS / 1_000_000);
            long ended = System.nanoTime();
            long[] now = snapshot();
            perOperation[window] = (ended - started) / (double) Math.max(1, sum(now) - sum(last));
            started = ended;
            last = now;
        }
        ResourceUsage used = ResourceUsage.now().since(before);
        long operations = sum(last) - sum(first);
        if (operations == 0) {
            throw new IllegalStateException("no task made any progress");
        }
        done = new long[tasks];
        long slowest = Long.MAX_VALUE;
        long fastest = 0;
        for (int task = 0; task < tasks; task++) {
            done[task] = last[task] - first[task];
            slowest = Math.min(slowest, done[task]);
            fastest = Math.max(fastest, done[task]);
        }
        report.usage(used, operations);
        report.fair(slowest, fastest);
        report.metric("op", Batches.median(perOperation));
    }

    /** What each task did in the common window of the last measurement; only the main thread. */
    long[] done() {
        return done.clone();
    }

    /** Nanoseconds an operation of the tasks from number {@code first} on, in a time of {@code millis}. */
    double nanosPerOperation(int first, long millis) throws InterruptedException {
        long[] before = snapshot();
        long started = System.nanoTime();
        Thread.sleep(millis);
        long ended = System.nanoTime();
        long operations = 0;
        long[] after = snapshot();
        for (int task = first; task < tasks; task++) {
            operations += after[task] - before[task];
        }
        return operations == 0 ? Double.POSITIVE_INFINITY : (ended - started) / (double) operations;
    }

    private long[] snapshot() {
        long[] values = new long[tasks];
        for (int task = 0; task < tasks; task++) {
            values[task] = (long) COUNT.getOpaque(counts, task * STRIDE);
        }
        return values;
    }

    private static long sum(long[] values) {
        long sum = 0;
        for (long value : values) {
            sum += value;
        }
        return sum;
    }
}
