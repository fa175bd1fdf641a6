package dev.pinion.bench.jmh;

import dev.pinion.queue.GlobalRunQueue;
import dev.pinion.queue.LocalRunQueue;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.infra.Blackhole;

/** The queue that all Ps share, by one thread and by two. Its waiters yield the CPU as the scheduler's do. */
@State(Scope.Benchmark)
public class GlobalRunQueueRows extends JmhRow {
    private static final int BATCH = 128;

    private final GlobalRunQueue queue = new GlobalRunQueue(Thread::yield);
    private final Runnable[] batch = new Runnable[BATCH];

    public GlobalRunQueueRows() {
        Arrays.fill(batch, TASK);
    }

    /** A P's own queue, for what it takes in a batch. */
    @State(Scope.Thread)
    public static class Local {
        private final LocalRunQueue queue = new LocalRunQueue((ring, from, count, last) -> {
            throw new IllegalStateException("a batch is smaller than the ring");
        });
    }

    @Benchmark
    public Runnable pushPoll() {
        queue.push(TASK);
        return queue.poll();
    }

    @Benchmark
    @Threads(2)
    public Runnable pushPollByTwo() {
        queue.push(TASK);
        return queue.poll();
    }

    /** Per task: half a ring comes in one batch, leaves in one, and is polled by its new owner. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void overflowPollBatch(Local local, Blackhole hole) {
        queue.overflow(batch, 0, BATCH - 1, TASK);
        hole.consume(queue.pollBatch(local.queue, BATCH, 1));
        for (Runnable task = local.queue.poll(); task != null; task = local.queue.poll()) {
            hole.consume(task);
        }
    }
}
