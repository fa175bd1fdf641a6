package dev.pinion.queue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZZ_Result;

/**
 * The owner's end against a thief, two actors each (jcstress runs none with more actors than CPUs). Four tasks; {@link Ledger} says for
 * each whether it was had exactly once. What was had by nobody lies in a queue, which the arbiter empties.
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

    private static final Numbered[] TASKS = {Numbered.n(0), Numbered.n(1), Numbered.n(2), Numbered.n(3)};

    /** What all of them promise. */
    @Outcome(id = "true, true, true, true", expect = Expect.ACCEPTABLE, desc = "each task was had once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a task was lost or had twice")
    public static class EachTaskOnce {}

    /** The queues of one round, and who had what of them. */
    abstract static class Round {
        /** What the ring sends away lands here, under the queue's own lock. */
        final GlobalRunQueue global = new GlobalRunQueue(Thread::yield);

        final LocalRunQueue queue;
        final LocalRunQueue thief;
        final Ledger owners = new Ledger();
        final Ledger thiefs = new Ledger();

        /** @param queued how many of the tasks lie in the ring at the start */
        Round(int capacity, int queued) {
            queue = new LocalRunQueue(capacity, global);
            thief = new LocalRunQueue(capacity, global);
            for (int i = 0; i < queued; i++) {
                queue.push(TASKS[i]);
            }
        }

        final void steal() {
            thiefs.had(queue.stealInto(thief));
            thiefs.drain(thief);
        }

        /** For the arbiter. */
        final void settle(ZZZZ_Result result) {
            owners.drain(queue);
            owners.drain(thief);
            for (Runnable r = global.poll(); r != null; r = global.poll()) {
                owners.had(r);
            }
            Ledger.sum(result, owners, thiefs);
        }
    }

    /** The owner pushes and polls while a thief takes halves. */
    @JCStressTest
    @JCStressMeta(EachTaskOnce.class)
    @State
    public static class PollAgainstSteal extends Round {
        public PollAgainstSteal() {
            super(4, 2);
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
            steal();
            thiefs.had(queue.stealInto(thief));
        }

        @Arbiter
        public void rest(ZZZZ_Result result) {
            settle(result);
        }
    }

    /** The steal of one, by which a host takes its next task. */
    @JCStressTest
    @JCStressMeta(EachTaskOnce.class)
    @State
    public static class OneAgainstSteal extends Round {
        public OneAgainstSteal() {
            super(4, 4);
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
            steal();
        }

        @Arbiter
        public void rest(ZZZZ_Result result) {
            settle(result);
        }
    }

    /** Two Ps go for the same half. */
    @JCStressTest
    @JCStressMeta(EachTaskOnce.class)
    @State
    public static class StealAgainstSteal extends Round {
        private final LocalRunQueue other = new LocalRunQueue(4, global);

        public StealAgainstSteal() {
            super(4, 4);
        }

        @Actor
        public void left() {
            steal();
        }

        @Actor
        public void right() {
            owners.had(queue.stealInto(other));
            owners.drain(other);
        }

        @Arbiter
        public void rest(ZZZZ_Result result) {
            settle(result);
        }
    }

    /** The runnext slot: the owner kicks and polls, a thief takes what it has seen. */
    @JCStressTest
    @JCStressMeta(EachTaskOnce.class)
    @State
    public static class RunnextAgainstStealNext extends Round {
        public RunnextAgainstStealNext() {
            super(4, 0);
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
            settle(result);
        }
    }

    /** A full ring of two: each push sends half of it away, while a thief takes the same half. */
    @JCStressTest
    @JCStressMeta(EachTaskOnce.class)
    @State
    public static class OverflowAgainstSteal extends Round {
        public OverflowAgainstSteal() {
            super(2, 2);
        }

        @Actor
        public void owner() {
            queue.push(TASKS[2]);
            queue.push(TASKS[3]);
        }

        @Actor
        public void thief() {
            steal();
        }

        @Arbiter
        public void rest(ZZZZ_Result result) {
            settle(result);
        }
    }
}
