package dev.pinion.bench.program;

import java.util.concurrent.atomic.AtomicLong;

/** atemerev's skynet: a root starts ten, six levels deep, and the million leaves' numbers are summed. */
final class Skynet {

    private static final int LEAVES = Integer.getInteger("bench.skynet", 1_000_000);
    static final int CHILDREN = 10;
    private static final int RUNS = 3;

    private Skynet() {
    }

    /** A tree with its numbered leaves. */
    interface Tree {
        /** @return the sum of the leaves' numbers */
        long sum(int leaves) throws InterruptedException;
    }

    /** Operation: one task. */
    static void run(Report report) throws InterruptedException {
        run(report, leaves -> {
            AtomicLong sum = new AtomicLong();
            Spawner.runAndWait(() -> sum.set(node(0, leaves)));
            return sum.get();
        });
    }

    /** Small trees warm up; then whole ones, which are too long for windows. */
    static void run(Report report, Tree tree) throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            summed(tree, LEAVES / 10);
        }
        long tasks = tasks(LEAVES);
        double[] perTask = new double[RUNS];
        ResourceUsage before = ResourceUsage.now();
        for (int i = 0; i < RUNS; i++) {
            long started = System.nanoTime();
            summed(tree, LEAVES);
            perTask[i] = (System.nanoTime() - started) / (double) tasks;
        }
        report.usage(ResourceUsage.now().since(before), RUNS * tasks);
        report.metric("op", Batches.median(perTask));
    }

    private static long tasks(long leaves) {
        return leaves < CHILDREN ? 1 : leaves + tasks(leaves / CHILDREN);
    }

    private static void summed(Tree tree, int leaves) throws InterruptedException {
        long sum = tree.sum(leaves);
        long expected = (long) leaves * (leaves - 1) / 2;
        if (sum != expected) {
            throw new IllegalStateException("skynet summed to " + sum + ", not to " + expected);
        }
    }

    private static long node(int number, int size) {
        if (size == 1) {
            return number;
        }
        Latch latch = new Latch(CHILDREN);
        long[] sums = new long[CHILDREN];
        int part = size / CHILDREN;
        for (int i = 0; i < CHILDREN; i++) {
            int child = i;
            Spawner.start(() -> {
                sums[child] = node(number + child * part, part);
                latch.countDown();
            });
        }
        latch.await();
        long sum = 0;
        for (long value : sums) {
            sum += value;
        }
        return sum;
    }
}
