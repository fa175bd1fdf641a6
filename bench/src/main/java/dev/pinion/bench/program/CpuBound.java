package dev.pinion.bench.program;

/** Tasks that compute some microseconds and yield, and never touch a file or a socket: what a scheduler that polls takes from them. */
final class CpuBound {
    static final int TASKS_PER_P = 8;

    /** About 2 us: the run loop is gone through often enough to be seen. */
    static final int STEPS = Work.MICROS_10 / 5;

    private CpuBound() {
    }

    /** Operation: one piece. */
    static void run(Report report) throws InterruptedException {
        Crowd crowd = new Crowd(TASKS_PER_P * Spawner.PROCS);
        crowd.start(task -> {
            long value = task + 1;
            while (!crowd.isStopped()) {
                value = Work.steps(value, STEPS);
                crowd.count(task);
                Thread.yield();
            }
            Work.keep(value);
        });
        crowd.measure(report);
        crowd.stop(() -> { });
    }
}
