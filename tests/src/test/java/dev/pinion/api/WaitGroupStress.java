package dev.pinion.api;

import dev.pinion.WaitGroup;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** {@code done} against {@code await}. A wake-up that was lost shows as a wait without an end: a minute stands for that. */
public class WaitGroupStress {
    private static boolean await(WaitGroup group) {
        try {
            return group.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @JCStressTest
    @Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "released, and what came before done is seen")
    @Outcome(expect = Expect.FORBIDDEN, desc = "not released, or released too early")
    @State
    public static class DoneAgainstAwait {
        private final WaitGroup group = new WaitGroup();
        private int plain;

        public DoneAgainstAwait() {
            group.add(1);
        }

        @Actor
        public void worker() {
            plain = 1;
            group.done();
        }

        @Actor
        public void waiter(ZI_Result result) {
            result.r1 = WaitGroupStress.await(group);
            result.r2 = plain;
        }
    }

    @JCStressTest
    @Outcome(id = "true, 3", expect = Expect.ACCEPTABLE, desc = "released by the last of the two")
    @Outcome(expect = Expect.FORBIDDEN, desc = "not released, or released too early")
    @State
    public static class TwoDonesAgainstAwait {
        private final WaitGroup group = new WaitGroup();
        private int one;
        private int two;

        public TwoDonesAgainstAwait() {
            group.add(2);
        }

        @Actor
        public void first() {
            one = 1;
            group.done();
        }

        @Actor
        public void secondAndWaiter(ZI_Result result) {
            two = 2;
            group.done();
            result.r1 = WaitGroupStress.await(group);
            result.r2 = one + two;
        }
    }

    /** The first round's last {@code done} may still be at work when the second round's waiter comes. */
    @JCStressTest
    @Outcome(id = "true, 2", expect = Expect.ACCEPTABLE, desc = "both rounds end")
    @Outcome(expect = Expect.FORBIDDEN, desc = "not released, or released too early")
    @State
    public static class TwoRounds {
        private final WaitGroup group = new WaitGroup();
        private final WaitGroup second = new WaitGroup();
        private int plain;

        public TwoRounds() {
            group.add(1);
            second.add(1);
        }

        @Actor
        public void worker() {
            group.done();
            if (WaitGroupStress.await(second)) {
                plain = 2;
                group.done();
            }
        }

        @Actor
        public void waiter(ZI_Result result) {
            boolean released = WaitGroupStress.await(group);
            group.add(1);
            second.done();
            result.r1 = released && WaitGroupStress.await(group);
            result.r2 = plain;
        }
    }
}
