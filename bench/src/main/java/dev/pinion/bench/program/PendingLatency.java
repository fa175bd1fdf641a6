package dev.pinion.bench.program;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The latencies of one task, and of the one that had not ended with the window: it counts as given up if it was already missed by then.
 * Otherwise a task that is never served again would leave no trace, and the percentiles would be those of the lucky.
 */
final class PendingLatency {
    private static final long NONE = Long.MIN_VALUE;

    private final Recording recording;
    private final Latencies latencies = new Latencies();

    /** Opaque: the main thread reads it once the window is over, and not to the instruction. */
    private final AtomicLong since = new AtomicLong(NONE);
    private long lastSince = NONE;

    PendingLatency(Recording recording) {
        this.recording = recording;
    }

    /** Only the task: something was asked for, or was due, at this time of {@link System#nanoTime}. */
    void begin(long nanos) {
        lastSince = nanos;
        since.setOpaque(nanos);
    }

    /** Only the task: it is there. */
    void end(long nanos) {
        since.setOpaque(NONE);
        if (recording.isOn()) {
            latencies.record(nanos - lastSince);
        }
    }

    /**
     * Only after the recording was stopped; it may be before or after the task has ended, as long as it recorded nothing since.
     *
     * @param sinceNanos as read right after the stop
     */
    private void giveUp(long sinceNanos) {
        long waited = recording.stoppedAtNanos() - sinceNanos;
        if (sinceNanos != NONE && waited > Latencies.MISSED_NANOS) {
            latencies.recordGivenUp(waited);
        }
    }

    /** What was pending when the recording was stopped; to be read at once, before the tasks are told to end. */
    static long[] pending(PendingLatency... all) {
        long[] pending = new long[all.length];
        for (int i = 0; i < all.length; i++) {
            pending[i] = all[i].since.getOpaque();
        }
        return pending;
    }

    /** All tasks' together, with what {@link #pending} saw; once the tasks have ended. */
    static Latencies merged(long[] pending, PendingLatency... all) {
        Latencies merged = new Latencies();
        for (int i = 0; i < all.length; i++) {
            all[i].giveUp(pending[i]);
            merged.add(all[i].latencies);
        }
        return merged;
    }
}
