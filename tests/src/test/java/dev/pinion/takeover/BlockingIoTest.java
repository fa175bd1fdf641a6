package dev.pinion.takeover;

import static dev.pinion.takeover.Jvm.assertTwins;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sockets, files and processes, from Gs. */
@Timeout(150)
class BlockingIoTest {
    @Test
    void fiftyConnectionsEcho() throws Exception {
        assertTwins(Echo.class);
    }

    @Test
    void fiftyConnectionsEchoOnOneP() throws Exception {
        Jvm.pinion(Echo.class, "gomaxprocs=1").run().assertPrinted("50 connections, 5000 round trips");
    }

    public static final class Echo {
        public static void main(String[] arguments) throws Exception {
            AtomicInteger roundTrips = new AtomicInteger();
            int connections = 0;
            try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<?> acceptor = executor.submit(() -> {
                    for (int i = 0; i < 50; i++) {
                        Socket accepted = server.accept();
                        executor.submit(() -> echo(accepted));
                    }
                    return null;
                });
                List<Future<?>> clients = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    int k = i;
                    clients.add(executor.submit(() -> {
                        try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                            DataInputStream in = new DataInputStream(socket.getInputStream());
                            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                            for (int n = 0; n < 100; n++) {
                                out.writeLong(k * 1000L + n);
                                if (in.readLong() == k * 1000L + n) {
                                    roundTrips.incrementAndGet();
                                }
                            }
                        }
                        return null;
                    }));
                }
                acceptor.get();
                for (Future<?> client : clients) {
                    client.get();
                    connections++;
                }
            }
            System.out.println(connections + " connections, " + roundTrips + " round trips");
        }

        private static Object echo(Socket socket) throws IOException {
            try (socket) {
                InputStream in = socket.getInputStream();
                OutputStream out = socket.getOutputStream();
                byte[] bytes = new byte[64];
                for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                    out.write(bytes, 0, n);
                }
            }
            return null;
        }
    }

    @Test
    void howWaitsOnSocketsEnd() throws Exception {
        assertTwins(SocketEnds.class);
    }

    public static final class SocketEnds {
        private interface Wait {
            Object run() throws Exception;
        }

        public static void main(String[] arguments) throws Exception {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            try (ServerSocket server = new ServerSocket(0, 50, loopback)) {
                InetSocketAddress address = new InetSocketAddress(loopback, server.getLocalPort());
                try (Socket timed = new Socket(address.getAddress(), address.getPort())) {
                    timed.setSoTimeout(30);
                    waits("SO_TIMEOUT", () -> timed.getInputStream().read()).join();
                    waits("SO_TIMEOUT again", () -> timed.getInputStream().read()).join();
                    server.accept().getOutputStream().write(42);
                    waits("and a byte", () -> timed.getInputStream().read()).join();
                }
                server.setSoTimeout(30);
                waits("accept", server::accept).join();
                server.setSoTimeout(0);

                Socket closed = new Socket(address.getAddress(), address.getPort());
                server.accept();
                Thread reader = waits("read, closed by another", () -> closed.getInputStream().read());
                untilItWaits(reader);
                closed.close();
                reader.join();

                Socket interrupted = new Socket(address.getAddress(), address.getPort());
                server.accept();
                reader = waits("read, interrupted", () -> interrupted.getInputStream().read());
                untilItWaits(reader);
                reader.interrupt();
                reader.join();
                System.out.println("closed by that: " + interrupted.isClosed());

                Socket peer = new Socket(address.getAddress(), address.getPort());
                Socket accepted = server.accept();
                reader = waits("read, end of stream", () -> peer.getInputStream().read());
                untilItWaits(reader);
                accepted.close();
                reader.join();
                peer.close();

                try (SocketChannel channel = SocketChannel.open(address)) {
                    server.accept();
                    reader = waits("channel, interrupted", () -> channel.read(ByteBuffer.allocate(1)));
                    untilItWaits(reader);
                    reader.interrupt();
                    reader.join();
                }
                SocketChannel channel = SocketChannel.open(address);
                server.accept();
                reader = waits("channel, closed by another", () -> channel.read(ByteBuffer.allocate(1)));
                untilItWaits(reader);
                channel.close();
                reader.join();

                // More than the buffers hold: the writer waits for the reader.
                Socket sink = new Socket(address.getAddress(), address.getPort());
                Socket source = server.accept();
                Thread writer = waits("write", () -> {
                    sink.getOutputStream().write(new byte[10_000_000]);
                    sink.close();
                    return "done";
                });
                untilItWaits(writer);
                System.out.println(source.getInputStream().readAllBytes().length);
                writer.join();

                Thread acceptor = waits("accept, closed by another", server::accept);
                untilItWaits(acceptor);
                Thread.startVirtualThread(() -> close(server)).join();
                acceptor.join();
                waits("refused", () -> new Socket(address.getAddress(), address.getPort())).join();
                waits("refused channel", () -> SocketChannel.open(address)).join();
            }
            try (DatagramSocket datagrams = new DatagramSocket(0, loopback)) {
                datagrams.setSoTimeout(30);
                waits("datagram", () -> {
                    datagrams.receive(new DatagramPacket(new byte[10], 10));
                    return null;
                }).join();
                datagrams.setSoTimeout(0);
                DatagramPacket packet = new DatagramPacket(new byte[10], 10);
                Thread receiver = waits("datagram", () -> {
                    datagrams.receive(packet);
                    return packet.getLength();
                });
                untilItWaits(receiver);
                datagrams.send(new DatagramPacket(new byte[3], 3, datagrams.getLocalSocketAddress()));
                receiver.join();
            }
        }

        private static Thread waits(String name, Wait wait) {
            return Thread.startVirtualThread(() -> {
                String how;
                try {
                    how = "returned " + wait.run();
                } catch (SocketTimeoutException | ConnectException e) {
                    how = e.toString();
                } catch (Exception e) {
                    how = e + ", " + Thread.interrupted();
                }
                System.out.println(name + ": " + how);
            });
        }

        private static void close(ServerSocket server) {
            try {
                server.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private static void untilItWaits(Thread thread) {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void channelsPipesAndSelectors() throws Exception {
        assertTwins(Channels.class);
    }

    public static final class Channels {
        public static void main(String[] arguments) throws Exception {
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                    ServerSocketChannel server = ServerSocketChannel.open()) {
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Future<Integer> served = executor.submit(() -> {
                    int bytes = 0;
                    try (SocketChannel channel = server.accept()) {
                        ByteBuffer buffer = ByteBuffer.allocateDirect(100);
                        while (channel.read(buffer) >= 0) {
                            bytes += buffer.flip().remaining();
                            channel.write(buffer);
                            buffer.clear();
                        }
                    }
                    return bytes;
                });
                Future<Integer> client = executor.submit(() -> {
                    int equal = 0;
                    try (SocketChannel channel = SocketChannel.open(server.getLocalAddress())) {
                        ByteBuffer buffer = ByteBuffer.allocate(8);
                        for (long i = 0; i < 1000; i++) {
                            channel.write(buffer.putLong(i).flip());
                            buffer.clear();
                            while (buffer.hasRemaining()) {
                                channel.read(buffer);
                            }
                            equal += buffer.flip().getLong() == i ? 1 : 0;
                            buffer.clear();
                        }
                    }
                    return equal;
                });
                System.out.println(served.get() + " " + client.get());

                Pipe pipe = Pipe.open();
                Future<String> read = executor.submit(() -> {
                    try (var source = pipe.source()) {
                        ByteBuffer buffer = ByteBuffer.allocate(5);
                        while (buffer.hasRemaining()) {
                            source.read(buffer);
                        }
                        return new String(buffer.array(), StandardCharsets.UTF_8);
                    }
                });
                for (byte b : "piped".getBytes(StandardCharsets.UTF_8)) {
                    pipe.sink().write(ByteBuffer.wrap(new byte[] {b}));
                    Thread.sleep(1);
                }
                System.out.println(read.get());

                Pipe selected = Pipe.open();
                selected.source().configureBlocking(false);
                Future<Integer> selecting = executor.submit(() -> {
                    try (Selector selector = Selector.open()) {
                        selected.source().register(selector, SelectionKey.OP_READ);
                        int timedOut = selector.select(20);
                        selected.sink().write(ByteBuffer.wrap(new byte[1]));
                        return timedOut * 10 + selector.select();
                    }
                });
                System.out.println(selecting.get());
            }
        }
    }

    @Test
    void files() throws Exception {
        assertTwins(FileWork.class);
    }

    public static final class FileWork {
        public static void main(String[] arguments) throws Exception {
            Path directory = Files.createTempDirectory("pinion-test");
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Long>> written = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    Path file = directory.resolve("file" + i);
                    int k = i;
                    written.add(executor.submit(() -> {
                        Files.writeString(file, "line " + k + "\n");
                        Files.write(file, new byte[k * 1000], StandardOpenOption.APPEND);
                        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                                var lock = channel.lock()) {
                            channel.write(ByteBuffer.wrap(new byte[] {'L'}), 0);
                            channel.force(false);
                            if (!lock.isValid()) {
                                throw new AssertionError("no lock");
                            }
                        }
                        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
                            random.seek(random.length());
                            random.write(1);
                        }
                        if (!Files.newBufferedReader(file).readLine().equals("Line " + k)) {
                            throw new AssertionError("not what was written");
                        }
                        return Files.size(file);
                    }));
                }
                long bytes = 0;
                for (Future<Long> size : written) {
                    bytes += size.get();
                }
                System.out.println(bytes);
                Future<Long> walked = executor.submit(() -> {
                    try (var paths = Files.walk(directory)) {
                        return paths.count();
                    }
                });
                System.out.println(walked.get());
                Future<?> missing = executor.submit(() -> Files.readString(Path.of("there", "is", "none")));
                while (!missing.isDone()) {
                    Thread.yield();
                }
                System.out.println(missing.exceptionNow());
            } finally {
                try (var paths = Files.walk(directory)) {
                    for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
        }
    }

    /** The JDK compensates for reads of a process's output; so must an M. */
    @Test
    void readersOfProcessOutputHoldNobodyUp() throws Exception {
        Jvm.pinion(ProcessOutput.class, "gomaxprocs=1").run()
                .assertPrinted("the bystander is through", "from the child", "from the child", "from the child", "[0, 0, 0]");
        assertTwins(ProcessOutput.class);
    }

    public static final class ProcessOutput {
        public static void main(String[] arguments) throws Exception {
            CountDownLatch reading = new CountDownLatch(3);
            Process[] children = new Process[3];
            Thread[] readers = new Thread[3];
            for (int i = 0; i < 3; i++) {
                // It prints once it is told to, by the end of its input.
                children[i] = new ProcessBuilder("sh", "-c", "cat; echo from the child").start();
                Process child = children[i];
                readers[i] = Thread.startVirtualThread(() -> {
                    reading.countDown();
                    try {
                        System.out.print(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
                        child.waitFor();
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
            }
            reading.await();
            Thread.startVirtualThread(() -> {
                try {
                    for (int i = 0; i < 20; i++) {
                        Thread.sleep(1);
                        Thread.yield();
                    }
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                System.out.println("the bystander is through");
            }).join();
            List<Integer> codes = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                children[i].getOutputStream().close();
                readers[i].join();
                codes.add(children[i].exitValue());
            }
            System.out.println(codes);
        }
    }
}
