package dev.pinion.bench.program;

import dev.pinion.Pinion;

/** The only class that names Pinion's API; it is not loaded on other sides. */
final class GoSpawner {

    private GoSpawner() {
    }

    static void start(Runnable task) {
        Pinion.go(task);
    }
}
