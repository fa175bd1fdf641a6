package dev.pinion.takeover;

import static dev.pinion.takeover.Jvm.assertTwins;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The JDK's own pools work from a G as they do without Pinion. */
@Timeout(150)
class OtherPoolsTest {
    @Test
    void otherPoolsAreAsTheyWere() throws Exception {
        assertTwins(Pools.class);
    }

    public static final class Pools {
        private static final class Sum extends RecursiveTask<Long> {
            private static final long serialVersionUID = 1;
            private final int from;
            private final int to;

            Sum(int from, int to) {
                this.from = from;
                this.to = to;
            }

            @Override
            protected Long compute() {
                if (to - from < 1000) {
                    return LongStream.range(from, to).sum();
                }
                Sum left = new Sum(from, (from + to) / 2);
                left.fork();
                return new Sum((from + to) / 2, to).compute() + left.join();
            }
        }

        public static void main(String[] arguments) throws Exception {
            Thread.startVirtualThread(() -> {
                // The first to touch the common pool is a G, on a thread pinned to one CPU.
                System.out.println("common " + ForkJoinPool.getCommonPoolParallelism() + " "
                        + ForkJoinPool.commonPool().getParallelism() + " " + Runtime.getRuntime().availableProcessors());
                System.out.println(IntStream.range(0, 1_000_000).parallel().asLongStream().sum());
                System.out.println(ForkJoinPool.commonPool().invoke(new Sum(0, 1_000_000)));
                System.out.println(CompletableFuture.supplyAsync(() -> "async")
                        .thenApplyAsync(s -> s + " " + Thread.currentThread().isVirtual())
                        .thenCombineAsync(CompletableFuture.supplyAsync(() -> 2), (a, b) -> a + b).join());
                try (ForkJoinPool own = new ForkJoinPool(3)) {
                    System.out.println(own.submit(new Sum(0, 100_000)).join() + " " + own.getParallelism());
                }
                try (ForkJoinPool own = new ForkJoinPool()) {
                    System.out.println(own.getParallelism());
                }
            }).join();
            System.out.println(IntStream.range(0, 1_000_000).parallel().filter(i -> i % 3 == 0).count());
            try (var scheduled = Executors.newScheduledThreadPool(1, Thread.ofVirtual().factory())) {
                System.out.println(scheduled.schedule(() -> "scheduled", 5, TimeUnit.MILLISECONDS).get());
            }
            System.out.println(CompletableFuture.supplyAsync(() -> "late", CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS)).get());
        }
    }
}
