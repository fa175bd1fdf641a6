package dev.pinion.compare;

import dev.pinion.bench.program.ResourceUsage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * A load for what the C program cannot do, as a process of its own on the JDK's scheduler: as many platform threads as connections, each with one
 * request out at a time. Prints what {@link LoadRun} reads, and the share of its CPUs that it used itself: near 1 it measures itself.
 */
public final class HttpClientLoad {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long STACK_BYTES = 256 << 10;

    /** As in the C program. */
    private static final long OFF_CPU_NANOS = 200_000_000;

    private HttpClientLoad() {}

    /** @param arguments connections, URL, milliseconds of warm-up, milliseconds of the window */
    public static void main(String... arguments) throws InterruptedException {
        URI url = URI.create(arguments[1]);
        // First of all: it takes a while to load.
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
        long begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[2]));
        long end = begin + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[3]));
        AtomicReference<String> failure = new AtomicReference<>();
        LongAdder answered = new LongAdder();
        List<Histogram> histograms = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            Histogram histogram = new Histogram(3);
            histograms.add(histogram);
            threads.add(Thread.ofPlatform().stackSize(STACK_BYTES).daemon().name("load-" + i)
                    .start(() -> requests(client, url, begin, end, histogram, answered, failure)));
        }
        sleepUntil(begin);
        ResourceUsage before = ResourceUsage.now();
        System.out.println("@begin");
        sleepUntil(end);
        long answers = answered.sum();
        System.out.println("@end " + answers);
        ResourceUsage used = ResourceUsage.now().since(before);
        for (Thread thread : threads) {
            thread.join();
        }
        Histogram all = new Histogram(3);
        histograms.forEach(all::add);
        if (failure.get() != null || answers == 0) {
            System.out.println(failure.get() != null ? failure.get() : "not one request was answered within the window");
            System.exit(1);
        }
        metric("p50", all.getValueAtPercentile(50));
        metric("p99", all.getValueAtPercentile(99));
        metric("p999", all.getValueAtPercentile(99.9));
        metric("busy", used.cpuNanos() / ((double) (end - begin) * Runtime.getRuntime().availableProcessors()));
        System.exit(0);
    }

    private static void sleepUntil(long nanoTime) {
        long left = nanoTime - System.nanoTime();
        for (; left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        if (-left > OFF_CPU_NANOS) {
            System.out.println("the load generator itself was kept off its CPU for " + -left / 1_000_000 + " ms");
            System.exit(1);
        }
    }

    private static void metric(String name, double value) {
        System.out.println("@metric " + name + " " + value);
    }

    private static void requests(HttpClient client, URI url, long begin, long end, Histogram histogram, LongAdder answered,
            AtomicReference<String> failure) {
        HttpRequest request = HttpRequest.newBuilder(url).timeout(PATIENCE).build();
        try {
            for (long sent = System.nanoTime(); sent - end < 0 && failure.get() == null; sent = System.nanoTime()) {
                int code = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
                long now = System.nanoTime();
                if (code >= 400) {
                    failure.compareAndSet(null, "the server answered with code " + code);
                } else if (now - begin >= 0 && now - end < 0) {
                    histogram.recordValue(now - sent);
                    answered.increment();
                }
            }
        } catch (IOException e) {
            failure.compareAndSet(null, "a request failed: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
