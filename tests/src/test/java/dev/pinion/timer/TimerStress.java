package dev.pinion.timer;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZII_Result;

/** A timer fires once or is cancelled, whoever runs it: its P, thieves, or the P to which it was moved. */
public class TimerStress {
    private static final long DUE = 10;

    private static TimerHeap heap() {
        return new TimerHeap(Thread::yield);
    }

    @JCStressTest
    @Outcome(id = {"true, 0", "false, 1"}, expect = Expect.ACCEPTABLE, desc = "one of the two, and each is told so")
    @Outcome(expect = Expect.FORBIDDEN, desc = "both, or neither")
    @State
    public static class CancelAgainstFire {
        private final TimerHeap heap = heap();
        private int fired;
        private final Timer timer = new Timer(DUE, () -> fired++);

        public CancelAgainstFire() {
            heap.add(timer);
        }

        @Actor
        public void canceller(ZI_Result result) {
            result.r1 = timer.cancel(false);
        }

        @Actor
        public void owner() {
            heap.runExpired(DUE, heap);
        }

        @Arbiter
        public void end(ZI_Result result) {
            result.r2 = fired;
        }
    }

    /** The owner, and a thief that has just cancelled one of the two. */
    @JCStressTest
    @Outcome(id = {"true, 0, 1", "false, 1, 1"}, expect = Expect.ACCEPTABLE, desc = "the one that is not cancelled fires once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "one fires twice, or not at all")
    @State
    public static class FireAgainstStealAndCancel {
        private final TimerHeap heap = heap();
        private int first;
        private int second;
        private final Timer timer = new Timer(DUE, () -> first++);

        public FireAgainstStealAndCancel() {
            heap.add(timer);
            heap.add(new Timer(DUE, () -> second++));
        }

        @Actor
        public void owner() {
            heap.runExpired(DUE, heap);
        }

        @Actor
        public void cancellerAndThief(ZII_Result result) {
            result.r1 = timer.cancel(false);
            heap.runExpired(DUE, heap);
        }

        @Arbiter
        public void end(ZII_Result result) {
            result.r2 = first;
            result.r3 = second;
        }
    }

    /** GOMAXPROCS takes the P out while a thief is at its timers. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "each fires once, in the one heap or in the other")
    @Outcome(expect = Expect.FORBIDDEN, desc = "one is lost, or fires twice")
    @State
    public static class MoveAgainstSteal {
        private final TimerHeap heap = heap();
        private final TimerHeap other = heap();
        private final int[] fired = new int[3];

        public MoveAgainstSteal() {
            for (int i = 0; i < fired.length; i++) {
                int me = i;
                heap.add(new Timer(DUE, () -> fired[me]++));
            }
        }

        @Actor
        public void mover() {
            heap.moveTo(other);
        }

        @Actor
        public void thief() {
            heap.runExpired(DUE, other);
        }

        @Arbiter
        public void end(III_Result result) {
            other.runExpired(DUE, other);
            result.r1 = fired[0];
            result.r2 = fired[1];
            result.r3 = fired[2];
        }
    }

    /** Enough zombies for a sweep, by the canceller, while the owner takes timers off the top. */
    @JCStressTest
    @Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "what was not cancelled fires once, now or later")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a cancelled one fires, or another is lost or fires twice")
    @State
    public static class SweepAgainstFire {
        private static final int CANCELLED = 40;
        private static final int KEPT = 3;

        private final TimerHeap heap = heap();
        private final Timer[] cancelled = new Timer[CANCELLED];
        private int wrong;
        private int fired;
        private int early;

        public SweepAgainstFire() {
            for (int i = 0; i < CANCELLED; i++) {
                cancelled[i] = new Timer(2 * DUE + i, () -> wrong++);
                heap.add(cancelled[i]);
            }
            for (int i = 0; i < KEPT; i++) {
                heap.add(new Timer(DUE + i, () -> fired++));
            }
        }

        @Actor
        public void canceller() {
            for (Timer timer : cancelled) {
                timer.cancel(false);
            }
        }

        @Actor
        public void owner() {
            heap.runExpired(DUE, heap);
            early = fired;
        }

        @Arbiter
        public void end(III_Result result) {
            int now = early;
            heap.runExpired(10 * DUE, heap);
            result.r1 = wrong;
            result.r2 = fired == KEPT ? now : -1;
            result.r3 = heap.size();
        }
    }

    /** Its own P sets two timers, cancels one and fires what is due, while a thief does the last as well. */
    @JCStressTest
    @Outcome(id = {"1, 0, 1", "0, 1, 1"}, expect = Expect.ACCEPTABLE, desc = "the cancelled one says whether it fires; the other fires once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "one is lost, or fires twice, or fires though its cancelling succeeded")
    @State
    public static class OwnerAgainstThief {
        private final TimerHeap heap = heap();
        private int first;
        private int second;
        private boolean cancelled;

        @Actor
        public void owner() {
            Timer timer = new Timer(DUE, () -> first++);
            heap.add(timer);
            heap.add(new Timer(DUE, () -> second++));
            cancelled = timer.cancel(false);
            heap.runExpired(DUE, heap);
        }

        @Actor
        public void thief() {
            heap.runExpired(DUE, heap);
        }

        @Arbiter
        public void end(III_Result result) {
            result.r1 = cancelled ? 1 : 0;
            result.r2 = first;
            result.r3 = second;
        }
    }

    /** GOMAXPROCS takes the P out, a G that it still runs sets a timer and cancels another, and a thief is at them. */
    @JCStressTest
    @Outcome(id = {"1, 0, 1", "0, 1, 1"}, expect = Expect.ACCEPTABLE, desc = "each once, in the one heap or in the other")
    @Outcome(expect = Expect.FORBIDDEN, desc = "one is lost, or fires twice, or fires though its cancelling succeeded")
    @State
    public static class MoveAgainstOwnerAndThief {
        private final TimerHeap heap = heap();
        private final TimerHeap other = heap();
        private int first;
        private int second;
        private boolean cancelled;
        private final Timer timer = new Timer(DUE, () -> first++);

        public MoveAgainstOwnerAndThief() {
            heap.add(timer);
        }

        @Actor
        public void mover() {
            heap.moveTo(other);
        }

        @Actor
        public void owner() {
            Timer set = new Timer(DUE, () -> second++);
            if (!heap.add(set)) {
                other.add(set);
            }
            cancelled = timer.cancel(false);
        }

        @Actor
        public void thief() {
            heap.runExpired(DUE, other);
        }

        @Arbiter
        public void end(III_Result result) {
            other.runExpired(DUE, other);
            result.r1 = cancelled ? 1 : 0;
            result.r2 = first;
            result.r3 = second;
        }
    }

    /** One is cancelled while a thief takes it off the top, and another while it moves; one more stays. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "exact")
    @Outcome(id = {"1, 0", "0, 1", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "one too many, which the next sweep puts right")
    @Outcome(expect = Expect.FORBIDDEN, desc = "fewer than there are: they would pile up")
    @State
    public static class CountOfZombies {
        private final TimerHeap heap = heap();
        private final TimerHeap from = heap();
        private final TimerHeap to = heap();
        private final Timer stolen = new Timer(DUE, () -> {});
        private final Timer moved = new Timer(DUE, () -> {});

        public CountOfZombies() {
            heap.add(stolen);
            heap.add(new Timer(2 * DUE, () -> {}));
            from.add(moved);
            to.add(new Timer(2 * DUE, () -> {}));
        }

        @Actor
        public void canceller() {
            stolen.cancel(false);
            moved.cancel(false);
        }

        @Actor
        public void thief() {
            heap.runExpired(DUE, heap);
            from.spillTo(to);
        }

        @Arbiter
        public void end(II_Result result) {
            to.runExpired(DUE, to);
            result.r1 = heap.zombies();
            result.r2 = to.zombies();
        }
    }
}
