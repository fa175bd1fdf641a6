package dev.pinion.bench.program;

/** Any number of tasks that only yield: Delisle's {@code yield}, and with two tasks the cost of one yield. */
final class Yielding {

    private Yielding() {
    }

    /** Operation: one yield. */
    static void measure(Report report, int tasks) throws InterruptedException {
        Crowd crowd = new Crowd(tasks);
        crowd.start(task -> {
            while (!crowd.isStopped()) {
                Thread.yield();
                crowd.count(task);
            }
        });
        crowd.measure(report);
        crowd.stop(() -> { });
    }
}
