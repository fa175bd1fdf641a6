package dev.pinion.bench.jmh;

import dev.pinion.WaitGroup;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** A WaitGroup's counter. Nobody waits: what a wake costs is for the rows in forked pairs. */
@State(Scope.Benchmark)
public class WaitGroupRows extends JmhRow {
    private final WaitGroup group = new WaitGroup();

    @Benchmark
    public void addDone() {
        group.add(1);
        group.done();
    }

    @Benchmark
    @Threads(2)
    public void addDoneByTwo() {
        group.add(1);
        group.done();
    }

    /** One that has nothing to wait for. */
    @Benchmark
    @Threads(1)
    public void awaitAtZero(Idle idle) throws InterruptedException {
        idle.group.await();
    }

    @State(Scope.Thread)
    public static class Idle {
        private final WaitGroup group = new WaitGroup();
    }
}
