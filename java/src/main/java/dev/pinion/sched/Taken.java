package dev.pinion.sched;

import dev.pinion.observe.Cause;
import dev.pinion.observe.FoundBlock;
import dev.pinion.observe.Recorder;
import dev.pinion.vthread.ThreadCensus;

/**
 * A P is taken from an M that does not know: what is to be said of it to who records. Made before the take, when word and M still belong
 * together; told after it, by the same thread.
 */
final class Taken implements FoundBlock {
    private final P p;
    private final Cause cause;
    private final M m;
    private final long epoch;
    private final long g;

    private Taken(P p, M m, long seen, Cause cause) {
        this.p = p;
        this.cause = cause;
        this.m = m;
        epoch = PWord.epochOf(seen);
        g = m.currentId;
    }

    /** While somebody records. @param m its M @param seen the word it will be taken from @return null: there is nothing to tell */
    static Taken of(P p, M m, long seen, Cause cause) {
        if (cause != Cause.SLICE && !cause.isFoundBlock()) {
            return null;
        }
        try {
            return new Taken(p, m, seen, cause);
        } catch (OutOfMemoryError e) {
            return null; // a recording with a hole is better than a P that nobody takes
        }
    }

    /** It was taken, and has gone to another M. */
    void tell() {
        try {
            record();
        } catch (OutOfMemoryError e) {
            // a recording with a hole is better than an M that ends
        }
    }

    private void record() {
        Recorder recorder = Recorder.current();
        if (cause == Cause.SLICE) {
            recorder.sliceTaken(scheduler(), p(), m, g, p.queue.size() + (p.queue.peekNext() == null ? 0 : 1));
        } else {
            recorder.blockFound(this);
        }
    }

    @Override
    public String scheduler() {
        return p.sched.name();
    }

    @Override
    public int p() {
        return p.id;
    }

    @Override
    public Thread m() {
        return m;
    }

    @Override
    public long g() {
        return g;
    }

    @Override
    public Cause cause() {
        return cause;
    }

    @Override
    public boolean isOver() {
        return m.currentId != g || m.epoch != epoch;
    }

    @Override
    public Thread thread() {
        return ThreadCensus.find(p.sched.pool, p.sched.lockedMs.pool(), g);
    }
}
