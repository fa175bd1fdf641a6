package dev.pinion.takeover;

import static dev.pinion.takeover.Jvm.assertTwins;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;

import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How waits on sockets end, beside what BlockingIoTest looks at: word for word as on the JDK's scheduler. */
@Timeout(150)
class SocketSemanticsTest {
    @Test
    void waitsEndAsOnTheJdk() throws Exception {
        assertTwins(Ends.class);
    }

    @Test
    void waitsEndAsOnTheJdkWithNetpollOff() throws Exception {
        assertEquals(Jvm.pinion(Ends.class).run(), Jvm.pinion(Ends.class, "netpoll=off").run());
    }

    private interface Wait {
        Object run() throws Exception;
    }

    private static Thread waits(String name, Wait wait) {
        return Thread.startVirtualThread(() -> {
            String how;
            try {
                how = "returned " + wait.run();
            } catch (Exception e) {
                how = e + ", interrupted " + Thread.interrupted();
            }
            System.out.println(name + ": " + how);
        });
    }

    private static void untilItWaits(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    private static void whenItWaits(Thread thread, AutoCloseable action) throws Exception {
        untilItWaits(thread);
        action.close();
        thread.join();
    }

    public static final class Ends {
        public static void main(String[] arguments) throws Exception {
            connects();
            halves();
            channels();
            unix();
            datagrams();
        }

        /** A full backlog: nobody answers any more. */
        private static void connects() throws Exception {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            try (ServerSocket deaf = new ServerSocket(0, 1, loopback)) {
                SocketAddress address = new InetSocketAddress(loopback, deaf.getLocalPort());
                List<Socket> filling = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    Socket socket = new Socket();
                    socket.connect(address);
                    filling.add(socket);
                }
                waits("connect timeout", () -> {
                    try (Socket socket = new Socket()) {
                        socket.connect(address, 50);
                        return socket;
                    }
                }).join();
                Socket closed = new Socket();
                Thread connecting = waits("connect, closed by another", () -> {
                    closed.connect(address);
                    return null;
                });
                whenItWaits(connecting, closed);
                SocketChannel channel = SocketChannel.open();
                connecting = waits("channel connects, closed by another", () -> channel.connect(address));
                whenItWaits(connecting, channel);
                SocketChannel interrupted = SocketChannel.open();
                connecting = waits("channel connects, interrupted", () -> interrupted.connect(address));
                whenItWaits(connecting, connecting::interrupt);
                for (Socket socket : filling) {
                    socket.close();
                }
            }
        }

        private static void halves() throws Exception {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            try (ServerSocket server = new ServerSocket(0, 50, loopback)) {
                Socket client = new Socket(loopback, server.getLocalPort());
                Socket peer = server.accept();
                Thread reader = waits("read, the other end shut its output", () -> peer.getInputStream().read());
                whenItWaits(reader, client::shutdownOutput);
                reader = waits("read back over the other half", () -> client.getInputStream().read());
                whenItWaits(reader, () -> peer.getOutputStream().write(7));
                Thread shut = waits("read, own input shut", () -> client.getInputStream().read());
                whenItWaits(shut, client::shutdownInput);
                client.close();
                peer.close();

                Socket writes = new Socket(loopback, server.getLocalPort());
                Socket neverReads = server.accept();
                neverReads.setReceiveBufferSize(8192);
                writes.setSendBufferSize(8192);
                Thread writer = waits("write, closed by another", () -> {
                    while (true) {
                        writes.getOutputStream().write(new byte[100_000]);
                    }
                });
                whenItWaits(writer, writes);
                neverReads.close();

                Socket reset = new Socket(loopback, server.getLocalPort());
                Socket resets = server.accept();
                resets.setSoLinger(true, 0);
                reader = waits("read, reset", () -> reset.getInputStream().read());
                whenItWaits(reader, resets);
                reset.close();

                Socket timed = new Socket(loopback, server.getLocalPort());
                Socket late = server.accept();
                timed.setSoTimeout(60_000);
                reader = waits("timed read, then a byte", () -> timed.getInputStream().read());
                whenItWaits(reader, () -> late.getOutputStream().write(9));
                timed.setSoTimeout(20);
                waits("timed read", () -> timed.getInputStream().read()).join();
                timed.close();
                late.close();

                server.setSoTimeout(60_000);
                Thread acceptor = waits("timed accept, interrupted", server::accept);
                whenItWaits(acceptor, acceptor::interrupt);
            }
        }

        private static void channels() throws Exception {
            try (ServerSocketChannel server = ServerSocketChannel.open()) {
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel client = SocketChannel.open(server.getLocalAddress());
                SocketChannel peer = server.accept();
                Thread reader = waits("channel read, output shut", () -> peer.read(ByteBuffer.allocate(1)));
                whenItWaits(reader, client::shutdownOutput);
                reader = waits("channel read, own input shut", () -> client.read(ByteBuffer.allocate(1)));
                whenItWaits(reader, client::shutdownInput);
                client.close();
                peer.close();
                SocketChannel neverReads = SocketChannel.open(server.getLocalAddress());
                SocketChannel writes = server.accept();
                // The kernel enlarges its buffers no more, so that a writer that waits goes on waiting.
                neverReads.setOption(StandardSocketOptions.SO_RCVBUF, 8192);
                writes.setOption(StandardSocketOptions.SO_SNDBUF, 8192);
                Thread writer = waits("channel write, closed by another", () -> {
                    while (true) {
                        writes.write(ByteBuffer.allocate(100_000));
                    }
                });
                whenItWaits(writer, writes);
                neverReads.close();

                // From a selector's to a blocking one, and back.
                SocketChannel mixed = SocketChannel.open(server.getLocalAddress());
                SocketChannel other = server.accept();
                mixed.configureBlocking(false);
                System.out.println("not blocking: " + mixed.read(ByteBuffer.allocate(1)));
                mixed.configureBlocking(true);
                reader = waits("blocking again", () -> mixed.read(ByteBuffer.allocate(1)));
                whenItWaits(reader, () -> other.write(ByteBuffer.allocate(1)));
                mixed.close();
                other.close();

                Thread acceptor = waits("channel accepts, closed by another", server::accept);
                whenItWaits(acceptor, server);
            }
        }

        private static void unix() throws Exception {
            Path directory = Files.createTempDirectory("pinion-test");
            UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("socket"));
            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(address);
                SocketChannel client = SocketChannel.open(address);
                SocketChannel peer = server.accept();
                Thread echo = Thread.startVirtualThread(() -> {
                    ByteBuffer buffer = ByteBuffer.allocate(100);
                    try {
                        while (peer.read(buffer) >= 0) {
                            peer.write(buffer.flip());
                            buffer.clear();
                        }
                        peer.close();
                    } catch (IOException e) {
                        System.out.println("unix echo: " + e);
                    }
                });
                waits("unix round trips", () -> {
                    ByteBuffer buffer = ByteBuffer.allocate(8);
                    int equal = 0;
                    for (long i = 0; i < 500; i++) {
                        client.write(buffer.clear().putLong(i).flip());
                        buffer.clear();
                        while (buffer.hasRemaining()) {
                            client.read(buffer);
                        }
                        equal += buffer.flip().getLong() == i ? 1 : 0;
                    }
                    return equal;
                }).join();
                Thread reader = waits("unix read, closed by another", () -> client.read(ByteBuffer.allocate(1)));
                whenItWaits(reader, client);
                echo.join();
                Thread acceptor = waits("unix accept, interrupted", server::accept);
                whenItWaits(acceptor, acceptor::interrupt);
            } finally {
                Jvm.delete(directory);
            }
            waits("unix refused", () -> SocketChannel.open(address)).join();
        }

        private static void datagrams() throws Exception {
            DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Thread receiver = waits("datagram channel", () -> channel.receive(ByteBuffer.allocate(10)) != null);
            whenItWaits(receiver, () -> channel.send(ByteBuffer.allocate(3), channel.getLocalAddress()));
            receiver = waits("datagram channel, closed by another", () -> channel.receive(ByteBuffer.allocate(10)));
            whenItWaits(receiver, channel);
        }
    }

    @Test
    void httpClientAndServer() throws Exception {
        assertTwins(Http.class);
    }

    public static final class Http {
        public static void main(String[] arguments) throws Exception {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> {
                byte[] body = exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            URI uri = URI.create("http://" + server.getAddress().getHostString() + ":" + server.getAddress().getPort() + "/");
            int equal = 0;
            try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
                    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Boolean>> answers = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    String text = "request " + i + " ".repeat(i * 50);
                    answers.add(executor.submit(() -> client.send(
                                    HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(text)).build(),
                                    HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                            .body()
                            .equals(text)));
                }
                for (Future<Boolean> answer : answers) {
                    equal += answer.get() ? 1 : 0;
                }
            }
            System.out.println(equal);
            System.exit(0);
        }
    }
}
