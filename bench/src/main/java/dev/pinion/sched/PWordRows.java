package dev.pinion.sched;

import dev.pinion.bench.jmh.JmhRow;
import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a switch pays for its P being takeable: the transitions of the P's word, by its owner alone. In this package because they are. */
@State(Scope.Thread)
public class PWordRows extends JmhRow {
    private long word;
    private long epoch;

    @Setup
    public void map() {
        Boot.withLibrary();
        long memory = Natives.mapShared(SharedLayout.P_SIZE);
        if (memory < 0) {
            throw new OutOfMemoryError("no memory for a P: errno " + -memory);
        }
        word = memory + SharedLayout.P_WORD;
        epoch = PWord.transitionAcquire(word);
    }

    /** A G is mounted and unmounts, and nothing else: one release store, one CAS. */
    @Benchmark
    public boolean runEnter() {
        PWord.transitionRun(word, epoch);
        return PWord.transitionEnter(word, epoch);
    }

    /** As {@link #runEnter} where the G was waited for by others. */
    @Benchmark
    public boolean runFencedEnter() {
        PWord.transitionRunFenced(word, epoch);
        return PWord.transitionEnter(word, epoch);
    }

    /** A G is mounted and its P taken. */
    @Benchmark
    public long runTake() {
        PWord.transitionRun(word, epoch);
        epoch = PWord.transitionTake(word);
        return epoch;
    }
}
