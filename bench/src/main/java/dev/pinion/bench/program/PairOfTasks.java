package dev.pinion.bench.program;

/** Two Gs that do nothing but hand the P to each other. */
final class PairOfTasks {

    private PairOfTasks() {
    }

    /** {@code Thread.yield} in a loop. Operation: one yield. */
    static void yielding(Report report) throws InterruptedException {
        Yielding.measure(report, 2);
    }

    /** Park and unpark in turns. Operation: one hand-off, that is one unpark and one park. */
    static void handoff(Report report) throws InterruptedException {
        Crowd crowd = new Crowd(2);
        crowd.start(task -> {
            if (task == 0) {
                crowd.baton(1).pass();
            }
            while (!crowd.isStopped()) {
                crowd.baton(task).await();
                crowd.count(task);
                crowd.baton(1 - task).pass();
            }
        });
        crowd.measure(report);
        crowd.stop(crowd::passAllBatons);
    }
}
