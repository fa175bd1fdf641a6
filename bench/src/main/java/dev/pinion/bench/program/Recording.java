package dev.pinion.bench.program;

/** Whether latencies count at this moment, and until when they did. Written by the main thread, read by the tasks. */
final class Recording {
    private volatile boolean on;
    private volatile long stoppedAtNanos;

    boolean isOn() {
        return on;
    }

    void start() {
        on = true;
    }

    void stop() {
        stoppedAtNanos = System.nanoTime();
        on = false;
    }

    /** In the terms of {@link System#nanoTime}; after {@link #stop}. */
    long stoppedAtNanos() {
        return stoppedAtNanos;
    }
}
