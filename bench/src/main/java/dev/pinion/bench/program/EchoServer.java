package dev.pinion.bench.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/** A G for each connection, which sends back what comes: plain blocking sockets, as in any server of virtual threads. */
final class EchoServer {
    private static final int BUFFER_BYTES = 4_096;
    private static final int BACKLOG = 1_024;

    private EchoServer() {
    }

    /** Serves a load from another process until that ends. Operation: one answer. */
    static void run(Report report) throws IOException, InterruptedException {
        ServerSocket listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        Spawner.start(() -> accept(listener));
        OutsideLoad.serve(report, listener.getLocalPort());
    }

    private static void accept(ServerSocket listener) {
        try {
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                Spawner.start(() -> echo(socket));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the server accepts no more connections", e);
        }
    }

    /** Until the other end, or somebody here, closes the connection. */
    static void echo(Socket socket) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (socket; InputStream in = socket.getInputStream(); OutputStream out = socket.getOutputStream()) {
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
            }
        } catch (SocketException e) {
            // Closed, or reset by a load that has ended: if too early, whoever asked sees it.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
