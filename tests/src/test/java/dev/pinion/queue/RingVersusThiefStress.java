package dev.pinion.queue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZZ_Result;

/**
 * The owner's end against a thief, two actors each (jcstress runs none with more actors than CPUs). Four tasks; {@link Ledger} says for each whether it was had exactly once. What was had by nobody
 * lies in a queue, which the arbiter empties.
 */
public class RingVersusThiefStress {
    /** Who had what: a number a task. */
    static final class Ledger {
        private final int[] had = new int[4];

        /** By one thread at a time: each actor has its own ledger. */
        void had(Runnable task) {
            if (task != null) {
                had[((Numbered) task).number()]++;
            }
        }

        void drain(LocalRunQueue queue) {
            had(queue.pollNext());
            for (Runnable r = queue.poll(); r != null; r = queue.poll()) {
                had(r);
            }
        }

        static void sum(ZZZZ_Result result, Ledger... ledgers) {
            int[] sum = new int[4];
            for (Ledger ledger : ledgers) {
                for (int i = 0; i < 4; i++) {
                    sum[i] += ledger.had[i];
                }
            }
            result.r1 = sum[0] == 1;
            result.r2 = sum[1] == 1;
            result.r3 = sum[2] == 1;
            result.r4 = sum[3] == 1;
        }
    }

    /** What the ring sends away lands here, under the queue's own lock. */
    static GlobalRunQueue global() {
        return new GlobalRunQueue(Thread::yield);
    }

    private static final Numbered[] TASKS = {Numbered.n(0), Numbered.n(1), Numbered.n(2), Numbered.n(3)};

    /** The owner pushes and polls while a thief takes halves. */
    @JCStressTest
    @Outcome(id = "true, true, true, true", expect = Expect.ACCEPTABLE, desc = "each task was had once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a task was lost or had twice")
    @State
    public static class PollAgainstSteal {
        private final GlobalRunQueue global = global();
        private final LocalRunQueue queue = new LocalRunQueue(4, global);
        private final LocalRunQueue thief = new LocalRunQueue(4, global);
        private final Ledger owners = new Ledger();
        private final Ledger thiefs = new Ledger();

        public PollAgainstSteal() {
            queue.push(TASKS[0]);
            queue.push(TASKS[1]);
        }

        @Actor
        public void owner() {
            owners.had(queue.poll());
            queue.push(TASKS[2]);
            queue.push(TASKS[3]);
            owners.had(queue.poll());
        }

        @Actor
        public void thief() {
            thiefs.had(queue.stealInto(thief));
            thiefs.drain(thief);
            thiefs.had(queue.stealInto(thief));
        }

        @Arbiter
        public void rest(ZZZZ_Result result) {
            owners.drain(queue);
            owners.drain(thief);
            owners.had(global.poll());
            Ledger.sum(result, owners, thiefs);
        }
    }

    /** The steal of one, by which a host takes its next task. */
    @JCStressTest
    @Outcome(id = "true, true, true, true", expect = Expect.ACCEPTABLE, desc = "each task was had once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a task was lost or had twice")
    @State
    public static class OneAgainstSteal {
        private final GlobalRunQueue global = global();
        private final LocalRunQueue queue = new LocalRunQueue(4, global);
        private final LocalRunQueue thief = new LocalRunQueue(4, global);
        private final Ledger owners = new Ledger();
        private final Ledger thiefs = new Ledger();

        public OneAgainstSteal() {
            for (Numbered task : TASKS) {
                queue.push(task);
            }
        }

        @Actor
        public void owner() {
            for (int i = 0; i < 2; i++) {
                Runnable head = queue.peek();
                if (head != null && queue.steal(head)) {
                    owners.had(head);
                }
            }
        }

        @Actor
        public void thief() {
            thiefs.had(queue.stealInto(thief));
            thiefs.drain(thief);
        }

        @Arbiter
        public void rest(ZZZZ_Result result) {
            owners.drain(queue);
            Ledger.sum(result, owners, thiefs);
        }
    }

    /** Two Ps go for the same half. */
    @JCStressTest
    @Outcome(id = "true, true, true, true", expect = Expect.ACCEPTABLE, desc = "each task was had once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a task was lost or had twice")
    @State
    public static class StealAgainstSteal {
        private final GlobalRunQueue global = global();
        private final LocalRunQueue queue = new LocalRunQueue(4, global);
        private final LocalRunQueue left = new LocalRunQueue(4, global);
        private final LocalRunQueue right = new LocalRunQueue(4, global);
        private final Ledger lefts = new Ledger();
        private final Ledger rights = new Ledger();

        public StealAgainstSteal() {
            for (Numbered task : TASKS) {
                queue.push(task);
            }
        }

        @Actor
        public void left() {
            lefts.had(queue.stealInto(left));
            lefts.drain(left);
        }

        @Actor
        public void right() {
            rights.had(queue.stealInto(right));
            rights.drain(right);
        }

        @Arbiter
        public void rest(ZZZZ_Result result) {
            lefts.drain(queue);
            Ledger.sum(result, lefts, rights);
        }
    }

    /** The runnext slot: the owner kicks and polls, a thief takes what it has seen. */
    @JCStressTest
    @Outcome(id = "true, true, true, true", expect = Expect.ACCEPTABLE, desc = "each task was had once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a task was lost or had twice")
    @State
    public static class RunnextAgainstStealNext {
        private final GlobalRunQueue global = global();
        private final LocalRunQueue queue = new LocalRunQueue(4, global);
        private final Ledger owners = new Ledger();
        private final Ledger thiefs = new Ledger();

        public RunnextAgainstStealNext() {
            queue.pushNext(TASKS[0]);
        }

        @Actor
        public void owner() {
            queue.pushNext(TASKS[1]);
            queue.pushNext(TASKS[2]);
            owners.had(queue.pollNext());
            queue.pushNext(TASKS[3]);
        }

        @Actor
        public void thief() {
            for (int i = 0; i < 2; i++) {
                Runnable next = queue.peekNext();
                if (next != null && queue.stealNext(next)) {
                    thiefs.had(next);
                }
            }
        }

        @Arbiter
        public void rest(ZZZZ_Result result) {
            owners.drain(queue);
            Ledger.sum(result, owners, thiefs);
        }
    }

    /** A full ring of two: each push sends half of it away, while a thief takes the same half. */
    @JCStressTest
    @Outcome(id = "true, true, true, true", expect = Expect.ACCEPTABLE, desc = "each task was had once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a task was lost or had twice")
    @State
    public static class OverflowAgainstSteal {
        private final GlobalRunQueue global = global();
        private final LocalRunQueue queue = new LocalRunQueue(2, global);
        private final LocalRunQueue thief = new LocalRunQueue(2, global);
        private final Ledger owners = new Ledger();
        private final Ledger thiefs = new Ledger();

        public OverflowAgainstSteal() {
            queue.push(TASKS[0]);
            queue.push(TASKS[1]);
        }

        @Actor
        public void owner() {
            queue.push(TASKS[2]);
            queue.push(TASKS[3]);
        }

        @Actor
        public void thief() {
            thiefs.had(queue.stealInto(thief));
            thiefs.drain(thief);
        }

        @Arbiter
        public void rest(ZZZZ_Result result) {
            owners.drain(queue);
            for (Runnable r = global.poll(); r != null; r = global.poll()) {
                owners.had(r);
            }
            Ledger.sum(result, owners, thiefs);
        }
    }
}
