package dev.pinion.sched;

import static dev.pinion.nativelib.SharedLayout.STATE_DEAD;
import static dev.pinion.nativelib.SharedLayout.STATE_IDLE;
import static dev.pinion.nativelib.SharedLayout.STATE_RUNNING;
import static dev.pinion.nativelib.SharedLayout.STATE_SCHED;
import static dev.pinion.nativelib.SharedLayout.STATE_SYSCALL;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Pairs of transitions of the real word, in memory shared with C: who of two gets the P. Those into and out of a call are C's alone, and
 * have their duels in {@code native/test/word_test.c}.
 */
public class PWordStress {
    private static final long EPOCH = StressWords.EPOCH;

    private static boolean take(long word) {
        return PWord.transitionTake(word) == EPOCH + PWord.EPOCH;
    }

    /** What all of them promise. */
    @Outcome(id = {"true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "one of them has the P")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the P has two owners, or none")
    public static class OneOwner {}

    /** The M comes back into scheduler code while somebody takes its P (race 1 of native/pinion.h). */
    @JCStressTest
    @JCStressMeta(OneOwner.class)
    @State
    public static class EnterAgainstTake {
        private final long word = StressWords.in(STATE_RUNNING);

        @Actor
        public void m(ZZ_Result result) {
            result.r1 = PWord.transitionEnter(word, EPOCH);
        }

        @Actor
        public void taker(ZZ_Result result) {
            result.r2 = take(word);
        }
    }

    /** Sysmon and GOMAXPROCS take the same P. */
    @JCStressTest
    @JCStressMeta(OneOwner.class)
    @State
    public static class TakeAgainstTake {
        private final long word = StressWords.in(STATE_RUNNING);

        @Actor
        public void one(ZZ_Result result) {
            result.r1 = take(word);
        }

        @Actor
        public void two(ZZ_Result result) {
            result.r2 = take(word);
        }
    }

    /** The taker gives the P on, and the next M runs a G: the old M must not get in at its old epoch. */
    @JCStressTest
    @JCStressMeta(OneOwner.class)
    @State
    public static class EnterAgainstTakeAndHandOff {
        private final long word = StressWords.in(STATE_RUNNING);

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

    /** The taker puts the P to sleep: IDLE comes back at a higher epoch, and the old M does not get in. */
    @JCStressTest
    @Outcome(id = {"true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "one of them has the P")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the P has two owners, or none")
    @State
    public static class EnterAgainstTakeAndIdle {
        private final long word = StressWords.in(STATE_RUNNING);

        @Actor
        public void oldM(ZZ_Result result) {
            result.r1 = PWord.transitionEnter(word, EPOCH);
        }

        @Actor
        public void taker(ZZ_Result result) {
            long epoch = PWord.transitionTake(word);
            if (epoch >= 0) {
                PWord.transitionIdle(word, epoch);
                result.r2 = PWord.transitionAcquire(word) == epoch + PWord.EPOCH;
            }
        }
    }

    /** The P of an M in a call is taken by two. */
    @JCStressTest
    @Outcome(id = {"true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "one of them has the P")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the P has two owners, or none")
    @State
    public static class TakeAgainstTakeInACall {
        private final long word = StressWords.in(STATE_SYSCALL);

        @Actor
        public void one(ZZ_Result result) {
            result.r1 = PWord.transitionTake(word) == EPOCH + PWord.EPOCH;
        }

        @Actor
        public void two(ZZ_Result result) {
            result.r2 = PWord.transitionTake(word) == EPOCH + PWord.EPOCH;
        }
    }

    /** GOMAXPROCS shrinks while the M comes back into scheduler code. */
    @JCStressTest
    @Outcome(id = {"true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "it is the M's, or dead")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a dead P has an owner, or one that lives has none")
    @State
    public static class EnterAgainstTakeAndKill {
        private final long word = StressWords.in(STATE_RUNNING);

        @Actor
        public void m(ZZ_Result result) {
            result.r1 = PWord.transitionEnter(word, EPOCH);
        }

        @Actor
        public void resizer(ZZ_Result result) {
            long epoch = PWord.transitionTake(word);
            if (epoch >= 0) {
                PWord.transitionKill(word, epoch);
                result.r2 = PWord.stateAcquire(word) == STATE_DEAD;
            }
        }
    }

    /** Two win the P's bit; the one that has it finds IDLE (a word in another state would be an exception, which jcstress reports). */
    @JCStressTest
    @Outcome(id = {"true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "one of them has the P")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the P has two owners, or none")
    @State
    public static class AcquireAgainstAcquire {
        private final long word = StressWords.in(STATE_IDLE);
        private final IdlePs idle = new IdlePs(1);

        public AcquireAgainstAcquire() {
            idle.add(0);
        }

        @Actor
        public void one(ZZ_Result result) {
            result.r1 = idle.tryTake(0) && PWord.transitionAcquire(word) == EPOCH + PWord.EPOCH;
        }

        @Actor
        public void two(ZZ_Result result) {
            result.r2 = idle.takeAny(0) == 0 && PWord.transitionAcquire(word) == EPOCH + PWord.EPOCH;
        }
    }

    /** A P is revived while somebody wants an idle one: who wins the bit finds IDLE. */
    @JCStressTest
    @Outcome(id = {"true, true", "false, true"}, expect = Expect.ACCEPTABLE, desc = "the word was IDLE for who had the bit, or he came early")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the P was not to be had by its bit")
    @State
    public static class ReviveAgainstAcquire {
        private final long word = StressWords.in(STATE_DEAD);
        private final IdlePs idle = new IdlePs(1);

        @Actor
        public void submitter(ZZ_Result result) {
            result.r1 = idle.tryTake(0) && PWord.transitionAcquire(word) == EPOCH + 2 * PWord.EPOCH;
        }

        @Actor
        public void resizer(ZZ_Result result) {
            PWord.transitionRevive(word);
            idle.add(0);
            result.r2 = true;
        }

        @Arbiter
        public void rest(ZZ_Result result) {
            result.r2 &= result.r1 ? PWord.stateAcquire(word) == STATE_SCHED : idle.tryTake(0) && PWord.transitionAcquire(word) > EPOCH;
        }
    }
}
