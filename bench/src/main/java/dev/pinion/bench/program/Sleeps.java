package dev.pinion.bench.program;

/** A sleep that holds its OS thread: announced through Pinion's API where that is the subject, else a plain downcall. */
final class Sleeps {
    private Sleeps() {
    }

    static void nanosleep(long nanos) {
        if (Spawner.isGo()) {
            GoBlocking.nanosleep(nanos);
        } else {
            NativeCalls.nanosleep(nanos);
        }
    }
}
