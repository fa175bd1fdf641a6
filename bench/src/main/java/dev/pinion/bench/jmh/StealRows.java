package dev.pinion.bench.jmh;

import dev.pinion.queue.GlobalRunQueue;
import dev.pinion.queue.LocalRunQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** A P's queue between its owner and one thief on another core. Wants two idle cores; what it costs depends on how far apart they are. */
@State(Scope.Group)
public class StealRows extends JmhRow {
    private final GlobalRunQueue global = new GlobalRunQueue(Thread::yield);
    private final LocalRunQueue queue = new LocalRunQueue(global);
    private final LocalRunQueue thief = new LocalRunQueue(global);

    /** The owner's share: two pushes and two polls, while half of what lies there may be taken away. */
    @Benchmark
    @Group("contended")
    @GroupThreads(1)
    public Runnable ownerPushesAndPolls() {
        queue.push(TASK);
        queue.push(TASK);
        Runnable first = queue.poll();
        queue.poll();
        return first;
    }

    /** The thief's share: a try, and what it got is run off. */
    @Benchmark
    @Group("contended")
    @GroupThreads(1)
    public void thiefSteals(Blackhole hole) {
        hole.consume(queue.stealInto(thief));
        for (Runnable task = thief.poll(); task != null; task = thief.poll()) {
            hole.consume(task);
        }
    }
}
