package dev.pinion.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Several {@link HttpLoad}s at once, each on a platform thread: a single one is no faster than the server, and would measure itself. For
 * one thread.
 */
final class HttpClients implements AutoCloseable {
    private final List<HttpLoad> loads = new ArrayList<>();
    private final List<Future<long[]>> results = new ArrayList<>();
    private final ExecutorService executor;

    /** @throws IOException when the server does not take the connections */
    HttpClients(int port, int threads, int connectionsOfEach) throws IOException {
        executor = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().name("http-client-", 0).factory());
        try {
            for (int i = 0; i < threads; i++) {
                loads.add(new HttpLoad(port, connectionsOfEach));
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** As many threads as leave the server half of the machine, but two at least. */
    static int threadsFor(int cpus) {
        return Math.max(2, cpus / 2);
    }

    /** Starts what {@link HttpLoad#run} does, in all of them at once. */
    void start(long warmUpNanos, long nanos) {
        for (HttpLoad load : loads) {
            results.add(executor.submit(() -> load.run(warmUpNanos, nanos)));
        }
    }

    /**
     * Waits for the end of it.
     *
     * @return how long each answer took, in nanoseconds, the shortest first
     * @throws IOException in one sentence, if the server failed
     */
    long[] await() throws IOException, InterruptedException {
        int total = 0;
        List<long[]> parts = new ArrayList<>();
        for (Future<long[]> result : results) {
            try {
                parts.add(result.get());
                total += parts.getLast().length;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException failure) {
                    throw failure;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
        long[] all = new long[total];
        int at = 0;
        for (long[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        Arrays.sort(all);
        return all;
    }

    @Override
    public void close() {
        executor.shutdownNow();
        loads.forEach(HttpLoad::close);
    }
}
