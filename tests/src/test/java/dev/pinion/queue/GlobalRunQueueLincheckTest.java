package dev.pinion.queue;

import java.util.ArrayDeque;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Linearizability of the global queue: any thread may call anything. */
@Timeout(600)
@Param(name = "task", gen = IntGen.class, conf = "0:9")
public class GlobalRunQueueLincheckTest {
    private final GlobalRunQueue queue = new GlobalRunQueue(Thread::yield);

    @Operation
    public void push(@Param(name = "task") int task) {
        queue.push(Numbered.n(task));
    }

    @Operation
    public void overflow(@Param(name = "task") int task) {
        queue.overflow(new Runnable[] {Numbered.n(task), null}, 0, 1, Numbered.n(task + 10));
    }

    @Operation
    public int poll() {
        Runnable task = queue.poll();
        return task == null ? -1 : ((Numbered) task).number();
    }

    /** Two at a time, as one number. */
    @Operation
    public int pollBatch() {
        LocalRunQueue local = new LocalRunQueue(4, queue);
        Runnable first = queue.pollBatch(local, 2, 1);
        Runnable second = local.poll();
        return first == null ? -1 : ((Numbered) first).number() * 100 + (second == null ? 99 : ((Numbered) second).number());
    }

    /** A plain queue. */
    public static final class Model {
        private final ArrayDeque<Integer> queue = new ArrayDeque<>();

        public void push(int task) {
            queue.add(task);
        }

        public void overflow(int task) {
            queue.add(task);
            queue.add(task + 10);
        }

        public int poll() {
            Integer task = queue.poll();
            return task == null ? -1 : task;
        }

        public int pollBatch() {
            Integer first = queue.poll();
            Integer second = first == null ? null : queue.poll();
            return first == null ? -1 : first * 100 + (second == null ? 99 : second);
        }
    }

    @Test
    void everyInterleavingIsLinearizable() {
        new ModelCheckingOptions().sequentialSpecification(Model.class).threads(3).actorsPerThread(3).iterations(20)
                .invocationsPerIteration(500).check(GlobalRunQueueLincheckTest.class);
    }

    @Test
    void realThreadsAreLinearizable() {
        new StressOptions().sequentialSpecification(Model.class).threads(3).actorsPerThread(3).iterations(20)
                .invocationsPerIteration(2000).check(GlobalRunQueueLincheckTest.class);
    }
}
