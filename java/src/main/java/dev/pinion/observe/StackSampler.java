package dev.pinion.observe;

import dev.pinion.jctools.queues.varhandle.unpadded.MpscVarHandleUnpaddedArrayQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Follows blocks that were found, while a recording wants them: once one has lasted as long as the event's threshold its stack is taken, which
 * no thread but another can do, and the event is written when it is over, or after {@link #PATIENCE_NANOS}. Asleep while there is none.
 *
 * <p>To find a G by its id is to look at all of them, so stacks are taken for at most a {@value #SHARE}th of the time; a block for which there
 * was none left has an event with an empty stack.
 */
final class StackSampler implements Runnable {
    private static final long LOOK_NANOS = 5_000_000;
    private static final long PATIENCE_NANOS = 1_000_000_000;
    private static final int SHARE = 20;
    private static final int MAX_WATCHED = 64;

    private record Watched(FoundBlock block, BlockEvent event, long since) {}

    private final MpscVarHandleUnpaddedArrayQueue<Watched> found = new MpscVarHandleUnpaddedArrayQueue<>(MAX_WATCHED);
    private final List<Watched> watched = new ArrayList<>();
    private volatile Thread thread;
    private long nextSample = System.nanoTime();

    /** Any thread that holds no P in SCHED. More blocks at once than it can follow are not recorded. */
    void watch(FoundBlock block, BlockEvent event) {
        if (found.offer(new Watched(block, event, System.nanoTime()))) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        while (true) {
            while (watched.size() < MAX_WATCHED) {
                Watched next = found.poll();
                if (next == null) {
                    break;
                }
                watched.add(next);
            }
            if (watched.isEmpty()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, LOOK_NANOS);
                watched.removeIf(this::look);
            }
        }
    }

    /** @return true: done with it */
    private boolean look(Watched w) {
        BlockEvent event = w.event;
        boolean over = w.block.isOver();
        long now = System.nanoTime();
        event.end();
        if (!over && event.stack == null && event.shouldCommit() && now >= nextSample) {
            sample(w, now);
            over = w.block.isOver();
        }
        if (!over && now - w.since < PATIENCE_NANOS) {
            return false;
        }
        if (event.shouldCommit()) {
            event.over = over;
            if (event.stack == null) {
                event.stack(new StackTraceElement[0]);
            }
            event.commit();
        }
        return true;
    }

    private void sample(Watched w, long now) {
        Thread g = w.block.thread();
        StackTraceElement[] frames = g == null ? new StackTraceElement[0] : g.getStackTrace();
        if (!w.block.isOver()) { // else these are frames of something else
            w.event.stack(frames);
        }
        long end = System.nanoTime();
        nextSample = end + (end - now) * SHARE;
    }
}
