package dev.pinion.stress;

/** How long this process has run: a long gap between two looks is time in which it was stopped, or frozen with its container. On one thread. */
final class RunningTime {
    private static final long MAX_GAP_NANOS = 200_000_000;

    private long last = System.nanoTime();
    private long nanos;

    /** Since it was made. To be asked often. */
    double seconds() {
        long now = System.nanoTime();
        nanos += Math.min(now - last, MAX_GAP_NANOS);
        last = now;
        return nanos / 1e9;
    }
}
