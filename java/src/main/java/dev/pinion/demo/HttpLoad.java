package dev.pinion.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;

/**
 * A client that is one thread with many connections, so that it takes little of the machine that it shares with the server. Each
 * connection sends its next request when it has the answer to the last; so a time is what a client waits at full load.
 *
 * <p>For one thread at a time.
 */
final class HttpLoad implements AutoCloseable {
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STATUS = "HTTP/1.1 200 ".getBytes(StandardCharsets.US_ASCII);
    private static final long PATIENCE_MILLIS = 5000;

    /** One connection of many. */
    private static final class Connection {
        final ByteBuffer request = ByteBuffer.wrap(REQUEST);
        final ByteBuffer answer = ByteBuffer.allocate(4096);
        long sent;
    }

    private final Selector selector;
    private long[] waits = new long[1 << 18];
    private int answers;
    /** @throws IOException when the server does not take the connections */
    HttpLoad(int port, int connections) throws IOException {
        selector = Selector.open();
        try {
            for (int i = 0; i < connections; i++) {
                connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void connect(InetSocketAddress server) throws IOException {
        SocketChannel channel = SocketChannel.open(server);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new Connection());
    }

    /**
     * Keeps the server busy, first unmeasured, then measured. To be called once.
     *
     * @return how long each answer of the second phase took, in nanoseconds, the shortest first
     * @throws IOException in one sentence, if the server falls silent or talks nonsense
     */
    long[] run(long warmUpNanos, long nanos) throws IOException {
        long from = System.nanoTime() + warmUpNanos;
        for (SelectionKey key : selector.keys()) {
            send(key);
        }
        while (true) {
            int ready = selector.select(PATIENCE_MILLIS);
            if (ready == 0) {
                throw new IOException("the server answered none of " + selector.keys().size() + " requests for " + PATIENCE_MILLIS / 1000
                        + " s");
            }
            for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext();) {
                SelectionKey key = keys.next();
                keys.remove();
                receive(key, from);
            }
            if (System.nanoTime() - from >= nanos) {
                long[] sorted = Arrays.copyOf(waits, answers);
                Arrays.sort(sorted);
                return sorted;
            }
        }
    }

    private void send(SelectionKey key) throws IOException {
        Connection connection = (Connection) key.attachment();
        connection.request.rewind();
        connection.answer.clear();
        connection.sent = System.nanoTime();
        ((SocketChannel) key.channel()).write(connection.request);
        if (connection.request.hasRemaining()) {
            throw new IOException("a request of " + REQUEST.length + " bytes did not fit into an empty socket");
        }
    }

    private void receive(SelectionKey key, long from) throws IOException {
        Connection connection = (Connection) key.attachment();
        if (((SocketChannel) key.channel()).read(connection.answer) < 0) {
            throw new IOException("the server closed a connection");
        }
        byte[] bytes = connection.answer.array();
        int length = connection.answer.position();
        int total = totalLength(bytes, length);
        if (total < 0 || length < total) {
            if (!connection.answer.hasRemaining()) {
                throw new IOException("the server's answer is too long");
            }
            return;
        }
        if (length > total || !Arrays.equals(bytes, 0, STATUS.length, STATUS, 0, STATUS.length)) {
            throw new IOException("the server's answer is not what was asked for");
        }
        long now = System.nanoTime();
        if (now - from >= 0) {
            if (answers == waits.length) {
                waits = Arrays.copyOf(waits, answers * 2);
            }
            waits[answers++] = now - connection.sent;
        }
        send(key);
    }

    /** Of head and body; -1 while the head is not complete. */
    static int totalLength(byte[] bytes, int length) throws IOException {
        int body = -1;
        int lineStart = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            if (i - lineStart <= 1) {
                if (body < 0) {
                    throw new IOException("the server's answer has no Content-Length");
                }
                return i + 1 + body;
            }
            if (bytes[lineStart] == 'C' && startsWith(bytes, lineStart, "Content-Length: ")) {
                body = 0;
                for (int j = lineStart + 16; bytes[j] >= '0' && bytes[j] <= '9'; j++) {
                    body = body * 10 + bytes[j] - '0';
                }
            }
            lineStart = i + 1;
        }
        return -1;
    }

    private static boolean startsWith(byte[] bytes, int from, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (from + i >= bytes.length || bytes[from + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** @param share 0.99 for the time that 99 of 100 answers kept */
    static double percentileMillis(long[] sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)] / 1e6;
    }

    @Override
    public void close() {
        for (SelectionKey key : selector.keys()) {
            try {
                key.channel().close();
            } catch (IOException e) {
                // it is gone either way
            }
        }
        try {
            selector.close();
        } catch (IOException e) {
            // likewise
        }
    }
}
