package dev.pinion.bench.program;

import com.sun.net.httpserver.HttpServer;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Unmodified servers that handle each request in a virtual thread: the JDK's own, Jetty, and Helidon. The answer is 13 bytes of text. */
final class HttpServers {
    private static final byte[] ANSWER = "Hello, world\n".getBytes(StandardCharsets.US_ASCII);
    private static final int BACKLOG = 1_024;

    /** Held here, since loggers are collected with their level. */
    private static final Logger HELIDON_LOG = Logger.getLogger("io.helidon");

    private HttpServers() {
    }

    /** Operation: one request. */
    static void jdk(Report report) throws IOException {
        // Else each answer waits for the acknowledgement of its head.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        server.setExecutor(Spawner.executor());
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, ANSWER.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(ANSWER);
            }
        });
        server.start();
        OutsideLoad.serve(report, server.getAddress().getPort());
        server.stop(0);
    }

    /** Operation: one request. Selector and acceptor are platform threads, as Jetty has them. */
    static void jetty(Report report) throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setAcceptQueueSize(BACKLOG);
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                response.setStatus(200);
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
                response.write(true, ByteBuffer.wrap(ANSWER), callback);
                return true;
            }
        });
        server.start();
        OutsideLoad.serve(report, connector.getLocalPort());
        server.stop();
    }

    /** Operation: one request. Each connection has one virtual thread, which reads and writes a plain socket; the listener is a platform thread. */
    static void helidon(Report report) throws IOException {
        HELIDON_LOG.setLevel(Level.WARNING); // it says on stderr that it has started
        WebServer server = WebServer.builder()
                .host(InetAddress.getLoopbackAddress().getHostAddress())
                .port(0)
                .backlog(BACKLOG)
                .shutdownHook(false)
                .routing(routing -> routing.get("/hello", (request, response) -> {
                    response.header(HeaderNames.CONTENT_TYPE, "text/plain");
                    response.send(ANSWER);
                }))
                .build()
                .start();
        OutsideLoad.serve(report, server.port());
        server.stop();
    }
}
