package dev.pinion.bench.program;

/** Start, run and exit of an empty task, from inside a virtual thread, at most {@link #OUTSTANDING} at a time. */
final class Spawn {

    static final int OUTSTANDING = 1_000;

    private Spawn() {
    }

    static void run(Report report) throws InterruptedException {
        Batches.measure(report, OUTSTANDING, units -> Spawner.runAndWait(() -> spawn(units)));
    }

    private static void spawn(int units) {
        Latch latch = new Latch(0);
        Runnable task = latch::countDown;
        for (int unit = 0; unit < units; unit++) {
            latch.reset(OUTSTANDING);
            for (int i = 0; i < OUTSTANDING; i++) {
                Spawner.start(task);
            }
            latch.await();
        }
    }
}
