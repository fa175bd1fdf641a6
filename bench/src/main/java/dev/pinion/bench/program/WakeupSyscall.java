package dev.pinion.bench.program;

/**
 * Go's {@code BenchmarkWakeupParallelSyscall} (runtime/proc_test.go): two tasks take turns as sender and receiver; each blocks in
 * {@code nanosleep} for {@code delay} before it receives, and for {@code delay} and 5 us before it sends. Where a delay longer by N makes
 * an iteration longer by 2 N, the two ran side by side; where by 4 N, one after the other. Go's channels are batons here.
 */
final class WakeupSyscall {
    private static final int[] DELAYS_MICROS = {0, 1, 2, 5, 10, 20, 50, 100};
    static final long WAKE_DELAY_NANOS = 5_000;
    static final int BATCH = 250;
    private static final long BATCHES = Math.max(2, Share.ofTime(8));
    private static final int WARM_UP_BATCHES = 4;

    /** No further batch after so long; what was done by then counts. */
    private static final long ENOUGH_NANOS = 5_000_000_000L;

    private WakeupSyscall() {
    }

    /** Iterations by two tasks. */
    interface Batch {
        /** {@value WakeupSyscall#BATCH} of them with this delay, from start to end. */
        void run(long delayNanos) throws InterruptedException;
    }

    /** Operation: one iteration, each task once sender and once receiver. */
    static void run(Report report) throws InterruptedException {
        run(report, WakeupSyscall::batch);
    }

    static void run(Report report, Batch iterations) throws InterruptedException {
        long operations = 0;
        ResourceUsage before = ResourceUsage.now();
        for (int micros : DELAYS_MICROS) {
            for (int batch = 0; batch < WARM_UP_BATCHES; batch++) {
                iterations.run(micros * 1_000L);
            }
            int done = 0;
            long start = System.nanoTime();
            while (done < BATCHES && System.nanoTime() - start < ENOUGH_NANOS) {
                iterations.run(micros * 1_000L);
                done++;
            }
            report.metric(micros + "us", (System.nanoTime() - start) / ((double) done * BATCH));
            operations += (long) (WARM_UP_BATCHES + done) * BATCH;
        }
        report.usage(ResourceUsage.now().since(before), operations);
    }

    private static void batch(long delayNanos) throws InterruptedException {
        Spawner.runAndWait(() -> {
            Latch ended = new Latch(2);
            Baton ping = new Baton();
            Baton pong = new Baton();
            Latch claimed = new Latch(2);
            Baton start = new Baton();
            Spawner.start(() -> {
                pong.claim();
                start.claim();
                claimed.countDown();
                start.await();
                for (int i = 0; i < BATCH; i++) {
                    Sleeps.nanosleep(delayNanos + WAKE_DELAY_NANOS);
                    ping.pass();
                    Sleeps.nanosleep(delayNanos);
                    pong.await();
                }
                ended.countDown();
            });
            Spawner.start(() -> {
                ping.claim();
                claimed.countDown();
                for (int i = 0; i < BATCH; i++) {
                    Sleeps.nanosleep(delayNanos);
                    ping.await();
                    Sleeps.nanosleep(delayNanos + WAKE_DELAY_NANOS);
                    pong.pass();
                }
                ended.countDown();
            });
            claimed.await();
            start.pass();
            ended.await();
        });
    }
}
