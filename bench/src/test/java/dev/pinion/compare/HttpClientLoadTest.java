package dev.pinion.compare;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HttpClientLoadTest {
    private static final int MANY = 1 << 20;

    /** So many more after the window's begin. */
    private static final int LAST_ANSWERS = 20;

    private static String origin(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }

    /** Coordinated omission: whoever is not answered asks nothing else, and must count for it. */
    @Test
    void aServerThatStallsToTheEndOfTheWindowIsSeenTo() throws Exception {
        Semaphore answers = new Semaphore(MANY);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            server.setExecutor(threads);
            server.createContext("/", exchange -> {
                answers.acquireUninterruptibly();
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            server.start();
            try {
                LoadRun run = LoadRun.of(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                        String.join(File.pathSeparator, origin(HttpClientLoad.class), origin(Histogram.class)), HttpClientLoad.class.getName(), "4",
                        "http://127.0.0.1:" + server.getAddress().getPort() + "/", "2000", "3000"), 10, new LoadRun.Window() {
                            @Override
                            public void begins() {
                                answers.drainPermits();
                                answers.release(LAST_ANSWERS);
                            }

                            @Override
                            public void ends() {
                                // it goes on stalling
                            }
                        });
                assertTrue(run.answers() >= LAST_ANSWERS, run.toString());
                assertTrue(run.metrics().get("p999") > 1e9, "four requests were out for nearly the whole window of 3 s: " + run);
            } finally {
                answers.release(MANY);
                server.stop(0);
            }
        }
    }
}
