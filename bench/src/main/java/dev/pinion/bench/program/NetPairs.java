package dev.pinion.bench.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Round trips of {@value #MESSAGE_BYTES} bytes over loopback connections whose two ends are Gs of this process: plain sockets, one
 * G at each end. What a connection does not do in the common window is seen in {@code starved}, {@code uneven} and {@code @fair}.
 */
final class NetPairs {
    static final int MESSAGE_BYTES = 32;
    private static final int MANY = 64;

    /** Longer than elsewhere: there is more to compile in a socket's read and write. */
    private static final long WARM_UP_MILLIS = Share.ofTime(1_500);

    private final int connections;
    private final Crowd crowd;
    private final PendingLatency[] latencies;
    private final List<Socket> clients = new ArrayList<>();
    private final List<Socket> servers = new ArrayList<>();
    private final Recording recording = new Recording();

    private NetPairs(int connections) {
        this.connections = connections;
        crowd = new Crowd(connections);
        latencies = IntStream.range(0, connections).mapToObj(i -> new PendingLatency(recording)).toArray(PendingLatency[]::new);
    }

    /** One connection. Operation: a round trip. */
    static void one(Report report) throws InterruptedException {
        new NetPairs(1).run(report);
    }

    /** Sixty-four. Operation: a round trip. */
    static void many(Report report) throws InterruptedException {
        new NetPairs(MANY).run(report);
    }

    private void run(Report report) throws InterruptedException {
        Spawner.runAndWait(this::connect);
        crowd.start(this::ask);
        Thread.sleep(WARM_UP_MILLIS);
        recording.start();
        crowd.measureNow(report);
        recording.stop();
        long[] pending = PendingLatency.pending(latencies);
        crowd.stop(this::closeAll);
        report.uneven(crowd.done());
        PendingLatency.merged(pending, latencies).report(report);
    }

    private void connect() {
        try (ServerSocket listener = new ServerSocket()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), connections);
            for (int i = 0; i < connections; i++) {
                clients.add(withoutDelay(new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort())));
                Socket server = withoutDelay(listener.accept());
                servers.add(server);
                Spawner.start(() -> EchoServer.echo(server));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Socket withoutDelay(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        return socket;
    }

    private void ask(int task) {
        byte[] message = new byte[MESSAGE_BYTES];
        try {
            Socket socket = clients.get(task);
            while (!crowd.isStopped()) {
                latencies[task].begin(System.nanoTime());
                socket.getOutputStream().write(message);
                if (socket.getInputStream().readNBytes(message, 0, MESSAGE_BYTES) < MESSAGE_BYTES) {
                    return; // closed: the end
                }
                latencies[task].end(System.nanoTime());
                crowd.count(task);
            }
        } catch (IOException e) {
            if (!crowd.isStopped()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void closeAll() {
        for (List<Socket> ends : List.of(clients, servers)) {
            for (Socket socket : ends) {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
