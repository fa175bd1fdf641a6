package dev.pinion.bench.program;

/** The workloads of tokio's {@code rt_multi_threaded} benchmarks, with its sizes. */
final class Tokio {

    static final int SPAWNED = Integer.getInteger("bench.spawned", 10_000);
    static final int YIELDERS = 200;
    static final int YIELDS = Integer.getInteger("bench.yields", 1_000);
    static final int PAIRS = 1_000;
    static final int DEPTH = 1_000;

    private Tokio() {
    }

    /** One task starts all and waits for the last. Operation: one task. */
    static void spawnManyLocal(Report report) throws InterruptedException {
        Batches.measure(report, SPAWNED, units -> Spawner.runAndWait(() -> spawnMany(units)));
    }

    /** As above, from a platform thread that is no part of the scheduler. */
    static void spawnManyRemote(Report report) throws InterruptedException {
        Batches.measure(report, SPAWNED, Tokio::spawnMany);
    }

    private static void spawnMany(int units) {
        Latch latch = new Latch(0);
        Runnable task = latch::countDown;
        for (int unit = 0; unit < units; unit++) {
            latch.reset(SPAWNED);
            for (int i = 0; i < SPAWNED; i++) {
                Spawner.start(task);
            }
            latch.await();
        }
    }

    /** Operation: one yield. */
    static void yieldMany(Report report) throws InterruptedException {
        Batches.measure(report, YIELDERS * YIELDS, units -> {
            for (int unit = 0; unit < units; unit++) {
                Latch latch = new Latch(YIELDERS);
                Runnable task = () -> {
                    for (int i = 0; i < YIELDS; i++) {
                        Thread.yield();
                    }
                    latch.countDown();
                };
                for (int i = 0; i < YIELDERS; i++) {
                    Spawner.start(task);
                }
                latch.await();
            }
        });
    }

    /** Operation: one pair, which is two tasks and two messages. */
    static void pingPong(Report report) throws InterruptedException {
        Batches.measure(report, PAIRS, units -> Spawner.runAndWait(() -> {
            for (int unit = 0; unit < units; unit++) {
                Latch latch = new Latch(PAIRS);
                Runnable task = () -> playOnce(latch);
                for (int i = 0; i < PAIRS; i++) {
                    Spawner.start(task);
                }
                latch.await();
            }
        }));
    }

    private static void playOnce(Latch latch) {
        OneShot ping = new OneShot();
        OneShot pong = new OneShot();
        Spawner.start(() -> {
            ping.receive();
            pong.send();
        });
        ping.send();
        pong.receive();
        latch.countDown();
    }

    /** Operation: one link of the chain. */
    static void chainedSpawn(Report report) throws InterruptedException {
        Batches.measure(report, DEPTH, units -> Spawner.runAndWait(() -> {
            Latch latch = new Latch(0);
            for (int unit = 0; unit < units; unit++) {
                latch.reset(1);
                link(latch, DEPTH);
                latch.await();
            }
        }));
    }

    private static void link(Latch latch, int left) {
        if (left == 0) {
            latch.countDown();
        } else {
            Spawner.start(() -> link(latch, left - 1));
        }
    }
}
