package dev.pinion.vthread;

import static dev.pinion.vthread.Shapes.U;

import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ForkJoinWorkerThread;

/**
 * Lets an M look to the JDK like a worker with queued work.
 *
 * <p>{@code SynchronousQueue}, {@code LinkedTransferQueue} and {@code Exchanger} spin before they park, unless
 * {@code ForkJoinWorkerThread.hasKnownQueuedWork()} says that the carrier's pool has work queued. It looks into queues that an M does not
 * use, so Gs of one P span in turn, each for a partner that could not run meanwhile. So the carrier's own queue holds one task that does
 * nothing: a real one, because code that runs on the bare M and treats it as a worker may take it out. Nobody else sees it: a queue is known to
 * its pool only once {@code ForkJoinWorkerThread.run} has registered it, and an M has a {@code run} of its own.
 *
 * <p>Always yes, even when no G waits. An exact answer would cost each switch two stores, and between two Ps, where one could spin for the
 * other, parking was no slower (a round trip through two SynchronousQueues: 12 to 30 us where Gs span, 1.4 to 5 us now).
 */
final class QueuedWork {
    private static final Class<?> QUEUE = Shapes.type("java.util.concurrent.ForkJoinPool$WorkQueue");
    private static final long WORK_QUEUE = Shapes.offset(ForkJoinWorkerThread.class, "workQueue");
    private static final long ARRAY = Shapes.offset(QUEUE, "array");
    private static final long TOP = Shapes.offset(QUEUE, "top");

    /** One for all Ms: a task may stand in many queues, and is done after the first. */
    private static final ForkJoinTask<?> NOTHING = new Nothing();

    private QueuedWork() {}

    private static final class Nothing extends ForkJoinTask<Void> {
        private static final long serialVersionUID = 1L;

        @Override
        public Void getRawResult() {
            return null;
        }

        @Override
        protected void setRawResult(Void value) {
            // there is none
        }

        @Override
        protected boolean exec() {
            return true;
        }
    }

    /** Before the carrier starts, by its maker; its queue is empty. */
    static void pretend(ForkJoinWorkerThread carrier) {
        Object queue = U.getReference(carrier, WORK_QUEUE);
        ((ForkJoinTask<?>[]) U.getReference(queue, ARRAY))[0] = NOTHING;
        U.putInt(queue, TOP, 1);
    }
}
