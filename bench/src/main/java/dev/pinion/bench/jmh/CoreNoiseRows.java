package dev.pinion.bench.jmh;

import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What noise there is on a core, for {@link dev.pinion.jmh.PinnedExecutor} and {@link dev.pinion.jmh.CoreProfiler}: two loops of one
 * thread, whose own time hardly varies. Run beside something that computes, an iteration's figure tells how often the worker was moved, and
 * how long it had no core. Nothing of Pinion's scheduler is measured.
 */
@State(Scope.Thread)
public class CoreNoiseRows extends JmhRow {
    private static final int STEPS = 1 << 10;

    /** Ints, 512 KB: in a core's own second cache, which a thread that is moved leaves behind. */
    private static final int CHAIN = 1 << 17;

    private final int[] next = new int[CHAIN];
    private int at;

    /** One cycle through all places, in no order (Sattolo's shuffle), the same in each run. */
    @Setup
    public void chain() {
        for (int i = 0; i < CHAIN; i++) {
            next[i] = i;
        }
        SplittableRandom random = new SplittableRandom(1);
        for (int i = CHAIN - 1; i > 0; i--) {
            int j = random.nextInt(i);
            int place = next[i];
            next[i] = next[j];
            next[j] = place;
        }
    }

    /** Cache-bound: each load waits for the one before. */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public int chase() {
        int place = at;
        for (int i = 0; i < STEPS; i++) {
            place = next[place];
        }
        at = place;
        return place;
    }

    /** Touches no memory. */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public long compute() {
        long x = at | 1;
        for (int i = 0; i < STEPS; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
        }
        at = (int) x & CHAIN - 1;
        return x;
    }
}
