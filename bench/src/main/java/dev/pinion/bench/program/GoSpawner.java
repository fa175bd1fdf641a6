package dev.pinion.bench.program;

import dev.pinion.Pinion;

/** Starts Gs by Pinion's API; not loaded on other sides. */
final class GoSpawner {

    private GoSpawner() {
    }

    static void start(Runnable task) {
        Pinion.go(task);
    }
}
