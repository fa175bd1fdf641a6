package dev.pinion.queue;

import java.util.ArrayDeque;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Linearizability of a ring of four: one owner, any number of thieves. A thief of this test steals one task at a time, from a ring that
 * never holds more than two, because half of a batch at once is no single operation on a queue's model.
 */
@Timeout(600)
public class LocalRunQueueLincheckTest {
    private static final Numbered[] TASKS = {Numbered.n(0), Numbered.n(1), Numbered.n(2), Numbered.n(3), Numbered.n(4)};

    private static int number(Runnable task) {
        return task == null ? -1 : ((Numbered) task).number();
    }

    private final LocalRunQueue queue = new LocalRunQueue(4, (ring, from, count, last) -> {
        throw new AssertionError("never full here");
    });
    private int pushed;

    @Operation(nonParallelGroup = "owner")
    public int push() {
        if (queue.size() >= 2) {
            return -1;
        }
        int task = pushed++ % TASKS.length;
        queue.push(TASKS[task]);
        return task;
    }

    @Operation(nonParallelGroup = "owner")
    public int poll() {
        return number(queue.poll());
    }

    @Operation
    public int steal() {
        return number(queue.stealInto(new LocalRunQueue(4, (ring, from, count, last) -> {
            throw new AssertionError("never full here");
        })));
    }

    /** What the queue shall look like from outside. */
    public static final class Model {
        private final ArrayDeque<Integer> ring = new ArrayDeque<>();
        private int pushed;

        public int push() {
            if (ring.size() >= 2) {
                return -1;
            }
            int task = pushed++ % TASKS.length;
            ring.add(task);
            return task;
        }

        public int poll() {
            Integer task = ring.poll();
            return task == null ? -1 : task;
        }

        public int steal() {
            return poll();
        }
    }

    @Test
    void everyInterleavingIsLinearizable() {
        new ModelCheckingOptions().sequentialSpecification(Model.class).threads(3).actorsPerThread(3).iterations(30)
                .invocationsPerIteration(1000).check(LocalRunQueueLincheckTest.class);
    }

    @Test
    void realThreadsAreLinearizable() {
        new StressOptions().sequentialSpecification(Model.class).threads(3).actorsPerThread(3).iterations(30)
                .invocationsPerIteration(2000).check(LocalRunQueueLincheckTest.class);
    }
}
