package dev.pinion.bench.program;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The operations of tasks that go on until told to stop, each counted by the task itself. The main thread, which is no task, reads all of
 * them at the borders of common windows; a task that starves is seen in {@code @fair}.
 */
final class Counts {

    /** Longs between two counters: two cache lines, for the prefetcher takes pairs. */
    private static final int STRIDE = 16;
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] counts;
    private final int tasks;
    private long[] done;

    Counts(int tasks) {
        this.tasks = tasks;
        counts = new long[tasks * STRIDE];
    }

    /** One operation of task {@code task}; only that task. Opaque: the JIT may not keep the count in a register. */
    void count(int task) {
        int index = task * STRIDE;
        COUNT.setOpaque(counts, index, counts[index] + 1);
    }

    /** Warms up, then reports nanoseconds an operation of all tasks together ({@code op}), usage and fairness. */
    void measure(Report report) throws InterruptedException {
        Thread.sleep(Batches.WARM_UP_NANOS / 1_000_000);
        measureNow(report);
    }

    /** As {@link #measure} for tasks that are warm. */
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
