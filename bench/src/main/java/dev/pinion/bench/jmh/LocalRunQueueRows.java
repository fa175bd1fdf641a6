package dev.pinion.bench.jmh;

import dev.pinion.queue.GlobalRunQueue;
import dev.pinion.queue.LocalRunQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** A P's queue, touched by one thread: what the instructions cost, not what other cores' caches add ({@link StealRows}). */
@State(Scope.Thread)
public class LocalRunQueueRows extends JmhRow {
    private static final int BATCH = 64;

    private final GlobalRunQueue global = new GlobalRunQueue(Thread::yield);
    private final LocalRunQueue queue = new LocalRunQueue(global);
    private final LocalRunQueue thief = new LocalRunQueue(global);

    @Benchmark
    public Runnable pushPoll() {
        queue.push(TASK);
        return queue.poll();
    }

    @Benchmark
    public Runnable pushNextPollNext() {
        queue.pushNext(TASK);
        return queue.pollNext();
    }

    /** Per task: 64 are pushed, a thief takes half of them, both queues are emptied. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void pushStealHalfPoll(Blackhole hole) {
        for (int i = 0; i < BATCH; i++) {
            queue.push(TASK);
        }
        hole.consume(queue.stealInto(thief));
        drain(thief, hole);
        drain(queue, hole);
    }

    /** Per task: a ring and a half is pushed, so that half of it goes to the global queue, and all is polled. */
    @Benchmark
    @OperationsPerInvocation(LocalRunQueue.CAPACITY + LocalRunQueue.CAPACITY / 2)
    public void overflowPoll(Blackhole hole) {
        for (int i = 0; i < LocalRunQueue.CAPACITY + LocalRunQueue.CAPACITY / 2; i++) {
            queue.push(TASK);
        }
        drain(queue, hole);
        for (Runnable task = global.poll(); task != null; task = global.poll()) {
            hole.consume(task);
        }
    }

    private static void drain(LocalRunQueue queue, Blackhole hole) {
        for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
            hole.consume(task);
        }
    }
}
