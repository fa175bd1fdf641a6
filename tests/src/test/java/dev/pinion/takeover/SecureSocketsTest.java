package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * TLS on Gs: SSLSocket, and SSLEngine under HttpClient. The JDK's server speaks HTTP/1.1 only, so a client that prefers HTTP/2 is answered in that:
 * what is seen of HTTP/2 here is its negotiation.
 */
@Timeout(600)
class SecureSocketsTest {
    private static final long PATIENCE_SECONDS = 240;
    private static final char[] PASSWORD = "changeit".toCharArray();

    /** A certificate of its own for the loopback address, trusted by itself. */
    private static SSLContext context() throws Exception {
        Path file = Path.of(System.getProperty("java.io.tmpdir"), "keys");
        Process keytool = new ProcessBuilder(Jvm.tool("keytool").toString(), "-genkeypair", "-alias", "test", "-keyalg", "EC", "-groupname", "secp256r1",
                "-dname", "CN=localhost", "-ext", "san=ip:127.0.0.1,dns:localhost", "-keystore", file.toString(), "-storepass", new String(PASSWORD))
                .redirectErrorStream(true).start();
        keytool.getInputStream().readAllBytes();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool");
        }
        KeyStore keys = KeyStore.getInstance(file.toFile(), PASSWORD);
        Files.delete(file);
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    /** As {@link Jvm#assertTwins}; cryptography that is not compiled yet takes its time on a busy machine. */
    private static void twins(Class<?> program) throws Exception {
        Jvm.Outcome onTheJdk = Jvm.jdk(program).patience(PATIENCE_SECONDS).run();
        assertEquals("", onTheJdk.err());
        assertEquals(onTheJdk, Jvm.pinion(program).patience(PATIENCE_SECONDS).run());
    }

    @Test
    void sslSockets() throws Exception {
        twins(Sockets.class);
    }

    public static final class Sockets {
        private static final int CLIENTS = 8;

        public static void main(String[] arguments) throws Exception {
            SSLContext context = context();
            AtomicInteger equal = new AtomicInteger();
            Thread acceptor;
            SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            try (server) {
                acceptor = Thread.startVirtualThread(() -> accept(server));
                List<Thread> clients = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    byte[] bytes = new byte[40_000 + 1000 * i];
                    new Random(i).nextBytes(bytes);
                    clients.add(Thread.startVirtualThread(() -> equal.addAndGet(echoes(context, server, bytes) ? 1 : 0)));
                }
                for (Thread client : clients) {
                    client.join();
                }
                System.out.println(equal + " equal");
                ends(context, server);
            }
            acceptor.join();
        }

        private static void accept(SSLServerSocket server) {
            try {
                while (true) {
                    SSLSocket socket = (SSLSocket) server.accept();
                    Thread.startVirtualThread(() -> echo(socket));
                }
            } catch (IOException e) {
                System.out.println("accept: " + e);
            }
        }

        private static void echo(SSLSocket socket) {
            try (socket) {
                socket.getInputStream().transferTo(socket.getOutputStream());
            } catch (IOException e) {
                // the client has gone, in one of the ways that are told of there
            }
        }

        /** Its writer and its reader are two Gs. */
        private static boolean echoes(SSLContext context, SSLServerSocket server, byte[] bytes) {
            try (SSLSocket socket = connect(context, server)) {
                Thread writer = Thread.startVirtualThread(() -> {
                    try {
                        socket.getOutputStream().write(bytes);
                        socket.shutdownOutput();
                    } catch (IOException e) {
                        System.out.println("writer: " + e);
                    }
                });
                byte[] back = socket.getInputStream().readAllBytes();
                writer.join();
                return Arrays.equals(bytes, back);
            } catch (IOException | InterruptedException e) {
                System.out.println("client: " + e);
                return false;
            }
        }

        private static SSLSocket connect(SSLContext context, SSLServerSocket server) throws IOException {
            return (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.getLocalPort());
        }

        private static void ends(SSLContext context, SSLServerSocket server) throws Exception {
            SSLSocket timed = connect(context, server);
            timed.startHandshake();
            timed.setSoTimeout(50);
            reads("timed", timed).join();
            timed.close();
            SSLSocket closed = connect(context, server);
            closed.startHandshake();
            Thread reader = reads(null, closed); // an exception or the end of the stream, on the JDK too
            while (reader.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            closed.close();
            reader.join();
            SSLContext stranger = SSLContext.getDefault();
            Thread.startVirtualThread(() -> {
                try (SSLSocket socket = connect(stranger, server)) {
                    socket.startHandshake();
                } catch (IOException e) {
                    System.out.println("not trusted: " + e);
                }
            }).join();
        }

        private static Thread reads(String name, SSLSocket socket) throws IOException {
            InputStream in = socket.getInputStream();
            return Thread.startVirtualThread(() -> {
                Object end;
                try {
                    end = in.read();
                } catch (IOException e) {
                    end = e;
                }
                System.out.println(name == null ? "closed by another" : name + ": " + end);
            });
        }
    }

    @Test
    void httpsClientAndServer() throws Exception {
        twins(Https.class);
    }

    public static final class Https {
        public static void main(String[] arguments) throws Exception {
            SSLContext context = context();
            HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
            server.setHttpsConfigurator(new HttpsConfigurator(context));
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> {
                byte[] body = exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            URI uri = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/");
            for (HttpClient.Version version : HttpClient.Version.values()) {
                if (version == HttpClient.Version.HTTP_1_1 || version == HttpClient.Version.HTTP_2) {
                    System.out.println(version + " wanted: " + requests(context, uri, version));
                }
            }
            System.exit(0);
        }

        private static String requests(SSLContext context, URI uri, HttpClient.Version version) throws InterruptedException {
            AtomicInteger equal = new AtomicInteger();
            AtomicInteger old = new AtomicInteger();
            try (HttpClient client = HttpClient.newBuilder().version(version).sslContext(context).build()) {
                List<Thread> all = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    String text = "request " + i + " ".repeat(i * 300);
                    all.add(Thread.startVirtualThread(() -> {
                        try {
                            HttpRequest request = HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(text)).build();
                            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                            equal.addAndGet(answer.body().equals(text) ? 1 : 0);
                            old.addAndGet(answer.version() == HttpClient.Version.HTTP_1_1 ? 1 : 0);
                        } catch (IOException | InterruptedException e) {
                            System.out.println(e);
                        }
                    }));
                }
                for (Thread thread : all) {
                    thread.join();
                }
            }
            return equal + " equal, " + old + " by HTTP/1.1";
        }
    }
}
