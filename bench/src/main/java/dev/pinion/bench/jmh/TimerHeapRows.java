package dev.pinion.bench.jmh;

import dev.pinion.timer.Timer;
import dev.pinion.timer.TimerHeap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A P's timers beside others that are due later. Allocating the timer is part of it, as in the scheduler. */
@State(Scope.Thread)
public class TimerHeapRows extends JmhRow {
    private static final long NOW = 1_000_000;

    @Param({"0", "100", "10000"})
    private int standing;

    private TimerHeap heap;
    private int ran;

    @Setup(Level.Iteration)
    public void fill() {
        heap = new TimerHeap(Thread::yield);
        for (int i = 0; i < standing; i++) {
            heap.add(new Timer(2 * NOW + i, TASK));
        }
    }

    /** A timer that is due at once goes to the top of the heap and off it again. */
    @Benchmark
    public int addRunExpired() {
        heap.add(new Timer(NOW, () -> ran++));
        return heap.runExpired(NOW, heap);
    }

    /** A timeout that was not needed: it stays as a zombie until a sweep, whose share is in the figure. */
    @Benchmark
    public boolean addCancel() {
        Timer timer = new Timer(3 * NOW, TASK);
        heap.add(timer);
        return timer.cancel(false);
    }
}
