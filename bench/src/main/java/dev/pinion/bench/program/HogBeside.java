package dev.pinion.bench.program;

import java.io.IOException;

/**
 * A foreign hog comes to the core on which the work runs. The runner starts it on request, because a child process of ours
 * would be no stranger.
 */
final class HogBeside {

    private static final int TASKS = 8;
    /** Time a scheduler has to get away from the hog. */
    private static final long GRACE_MILLIS = 1_000;

    /** Asked of a task that runs, since on the JDK a new one may not get its turn beside tasks that yield. */
    private static volatile boolean asked;
    private static volatile int cpu = -1;

    private HogBeside() {
    }

    /** Operation: one piece of work and one yield. */
    static void run(Report report) throws InterruptedException, IOException {
        Crowd crowd = new Crowd(TASKS);
        crowd.start(task -> {
            long value = task + 1;
            while (!crowd.isStopped()) {
                value = Work.steps(value, Work.MICROS_10);
                if (task == 0 && cpu < 0 && asked) {
                    cpu = ResourceUsage.currentCpu();
                }
                crowd.count(task);
                Thread.yield();
            }
            Work.keep(value);
        });
        Thread.sleep(500);
        asked = true;
        while (cpu < 0) {
            Thread.sleep(1);
        }
        System.out.println("@hog " + cpu);
        if (System.in.read() < 0) {
            throw new IOException("the runner did not answer; start this through the runner");
        }
        Thread.sleep(GRACE_MILLIS);
        crowd.measureNow(report);
        crowd.stop(() -> { });
    }
}
