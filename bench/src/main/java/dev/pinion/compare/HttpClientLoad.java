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

    /** As in the C program, these three. */
    private static final long OFF_CPU_NANOS = 200_000_000;

    private static final long MISSED_NANOS = 10_000_000;
    private static final long DRAIN_NANOS = 1_000_000_000;

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
        List<Latencies> latencies = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            Latencies own = new Latencies(begin, end);
            latencies.add(own);
            threads.add(Thread.ofPlatform().stackSize(STACK_BYTES).daemon().name("load-" + i)
                    .start(() -> requests(client, url, end, own, answered, failure)));
        }
        sleepUntil(begin);
        ResourceUsage before = ResourceUsage.now();
        System.out.println("@begin");
        sleepUntil(end);
        long answers = answered.sum();
        System.out.println("@end " + answers);
        ResourceUsage used = ResourceUsage.now().since(before);
        Histogram all = new Histogram(3);
        latencies.forEach(each -> all.add(each.closed()));
        for (Thread thread : threads) {
            thread.join(Duration.ofNanos(Math.max(0, end + DRAIN_NANOS - System.nanoTime())));
        }
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

    /**
     * The latencies of one connection's answers within the window, and of the request that is still out at its end: a server that stalls there
     * would otherwise look as if it had not. Its own thread, and the one that closes it.
     */
    private static final class Latencies {
        private final long begin;
        private final long end;
        private final Histogram histogram = new Histogram(3);
        private long sent;
        private boolean isOut;
        private boolean isClosed;

        Latencies(long begin, long end) {
            this.begin = begin;
            this.end = end;
        }

        synchronized void sent(long now) {
            sent = now;
            isOut = true;
        }

        /** Whether the answer was within the window. */
        synchronized boolean answered(long now) {
            if (isClosed || now - end >= 0) {
                return false; // at the window's end it is out
            }
            isOut = false;
            if (now - begin >= 0) {
                histogram.recordValue(now - sent);
            }
            return now - begin >= 0;
        }

        /** After the window's end: all of it, with what has waited until then, if that is long. */
        synchronized Histogram closed() {
            isClosed = true;
            if (isOut && end - sent > MISSED_NANOS) {
                histogram.recordValue(end - sent);
            }
            return histogram;
        }
    }

    private static void requests(HttpClient client, URI url, long end, Latencies latencies, LongAdder answered, AtomicReference<String> failure) {
        HttpRequest request = HttpRequest.newBuilder(url).timeout(PATIENCE).build();
        try {
            for (long sent = System.nanoTime(); sent - end < 0 && failure.get() == null; sent = System.nanoTime()) {
                latencies.sent(sent);
                int code = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
                if (code >= 400) {
                    failure.compareAndSet(null, "the server answered with code " + code);
                } else if (latencies.answered(System.nanoTime())) {
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
