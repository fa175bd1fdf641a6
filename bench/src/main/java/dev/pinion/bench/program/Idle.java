package dev.pinion.bench.program;

/** What a scheduler costs that has nothing to do. */
final class Idle {

    private static final long IDLE_MILLIS = Long.getLong("bench.idleMillis", 10_000L);

    private Idle() {
    }

    /** Wakes every P once, waits for it to calm down, then sleeps and reports the CPU time of the process meanwhile. */
    static void run(Report report) throws InterruptedException {
        Latch latch = new Latch(100);
        for (int i = 0; i < 100; i++) {
            Spawner.start(latch::countDown);
        }
        latch.await();
        ResourceUsage.now();
        Thread.sleep(1_000);
        ResourceUsage before = ResourceUsage.now();
        Thread.sleep(IDLE_MILLIS);
        ResourceUsage used = ResourceUsage.now().since(before);
        report.usage(used, 1);
        report.metric("cpu", used.cpuNanos() / 1e6);
    }
}
