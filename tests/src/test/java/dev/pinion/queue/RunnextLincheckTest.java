package dev.pinion.queue;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Linearizability of the runnext slot: the owner fills it when it is empty and takes from it, thieves take what they see. */
@Timeout(600)
public class RunnextLincheckTest {
    private final LocalRunQueue queue = new LocalRunQueue(4, (ring, from, count, last) -> {
        throw new AssertionError("never full here");
    });
    private int pushed;

    @Operation(nonParallelGroup = "owner")
    public void pushNext() {
        queue.pushNext(Numbered.n(pushed++));
        while (queue.poll() != null) {
            // what was kicked is not looked at here
        }
    }

    @Operation(nonParallelGroup = "owner")
    public int pollNext() {
        Runnable task = queue.pollNext();
        return task == null ? -1 : ((Numbered) task).number();
    }

    @Operation
    public int peekNext() {
        Runnable task = queue.peekNext();
        return task == null ? -1 : ((Numbered) task).number();
    }

    @Operation
    public int stealNext() {
        while (true) {
            Runnable task = queue.peekNext();
            if (task == null) {
                return -1;
            }
            if (queue.stealNext(task)) {
                return ((Numbered) task).number();
            }
        }
    }

    /** A box for one number. */
    public static final class Model {
        private int next = -1;
        private int pushed;

        public void pushNext() {
            next = pushed++;
        }

        public int pollNext() {
            int taken = next;
            next = -1;
            return taken;
        }

        public int peekNext() {
            return next;
        }

        public int stealNext() {
            return pollNext();
        }
    }

    @Test
    void everyInterleavingIsLinearizable() {
        new ModelCheckingOptions().sequentialSpecification(Model.class).threads(3).actorsPerThread(3).iterations(30)
                .invocationsPerIteration(1000).check(RunnextLincheckTest.class);
    }
}
