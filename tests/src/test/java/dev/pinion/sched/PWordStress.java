package dev.pinion.sched;

import static dev.pinion.nativelib.SharedLayout.STATE_RUNNING;

import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Pairs of transitions of the real word, in memory shared with C: who of two gets the P. */
public class PWordStress {
    private static final long EPOCH = 7 * PWord.EPOCH;

    /** Words are given out round and round; there are more than jcstress has states in use at once. */
    private static final int WORDS = 1 << 18;

    private static final long MEMORY;
    private static final AtomicLong NEXT = new AtomicLong();

    static {
        Boot.withLibrary();
        MEMORY = Natives.mapShared((long) WORDS * SharedLayout.P_SIZE);
        if (MEMORY < 0) {
            throw new OutOfMemoryError("no memory for the words: errno " + -MEMORY);
        }
    }

    /** A word in RUNNING at {@link #EPOCH}. */
    private static long running() {
        long word = MEMORY + (NEXT.getAndIncrement() & WORDS - 1) * SharedLayout.P_SIZE + SharedLayout.P_WORD;
        SharedMemory.setLongVolatile(word, EPOCH | STATE_RUNNING);
        return word;
    }

    /** The M comes back into scheduler code while somebody takes its P (race 1 of native/pinion.h). */
    @JCStressTest
    @Outcome(id = {"true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "one of them has the P")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the P has two owners, or none")
    @State
    public static class EnterAgainstTake {
        private final long word = running();

        @Actor
        public void m(ZZ_Result result) {
            result.r1 = PWord.transitionEnter(word, EPOCH);
        }

        @Actor
        public void taker(ZZ_Result result) {
            result.r2 = PWord.transitionTake(word) == EPOCH + PWord.EPOCH;
        }
    }

    /** Sysmon and GOMAXPROCS take the same P. */
    @JCStressTest
    @Outcome(id = {"true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "one of them has the P")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the P has two owners, or none")
    @State
    public static class TakeAgainstTake {
        private final long word = running();

        @Actor
        public void one(ZZ_Result result) {
            result.r1 = PWord.transitionTake(word) == EPOCH + PWord.EPOCH;
        }

        @Actor
        public void two(ZZ_Result result) {
            result.r2 = PWord.transitionTake(word) == EPOCH + PWord.EPOCH;
        }
    }

    /** The taker gives the P on, and the next M runs a G: the old M must not get in at its old epoch. */
    @JCStressTest
    @Outcome(id = {"true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "one of them has the P")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the P has two owners, or none")
    @State
    public static class EnterAgainstTakeAndHandOff {
        private final long word = running();

        @Actor
        public void oldM(ZZ_Result result) {
            result.r1 = PWord.transitionEnter(word, EPOCH);
        }

        @Actor
        public void taker(ZZ_Result result) {
            long epoch = PWord.transitionTake(word);
            if (epoch >= 0) {
                epoch = PWord.transitionHandOff(word, epoch);
                PWord.transitionRun(word, epoch);
                result.r2 = PWord.transitionEnter(word, epoch);
            }
        }
    }
}
