package dev.pinion.sched;

import dev.pinion.observe.Recorder;

/** The block that one M is in, announced or found, for the counts and for who records. Its own thread's, but for {@link #found}. */
final class Blocks {
    private final M m;

    /** {@code System.nanoTime()} of the beginning of the announced call. */
    private long announcedSince;

    /** What {@link Recorder#blockBegins} gave for it. */
    private Object event;

    /** {@code System.nanoTime()} of when this M was found blocked and its P taken; 0: it was not. */
    private long foundSince;

    Blocks(M m) {
        this.m = m;
    }

    void announced(long since, Object blockEvent) {
        announcedSince = since;
        event = blockEvent;
    }

    /** Nanoseconds since it was announced. */
    long announcedFor() {
        return System.nanoTime() - announcedSince;
    }

    /** The G parked instead: there is nothing to tell. */
    void forget() {
        event = null;
    }

    /** The announced call is over, for the event on it. On the G. @return the event; null if there is none */
    Object end() {
        Object ended = event;
        event = null;
        if (ended != null) {
            Recorder.current().blockEnds(ended);
        }
        return ended;
    }

    /** @param ended of {@link #end}. On the G */
    void tell(Object ended) {
        if (ended != null) {
            Recorder.current().blockEnded(ended, m.sched.name(), m.home.id, m);
        }
    }

    /**
     * The M is blocked. By the taker of its P, before it takes, so that it is there when the M learns of it. (One that comes too late and takes nothing
     * may leave a time behind, and so a wrong duration among many.)
     */
    void found(long since) {
        foundSince = since;
    }

    /** The M has learnt that its P was taken. */
    void learnt() {
        long since = foundSince;
        if (since != 0) {
            foundSince = 0;
            m.home.counters.blockedFor(System.nanoTime() - since);
        }
    }
}
