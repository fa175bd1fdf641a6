package dev.pinion.stress;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/**
 * What the two ends of a connection do with each other once, and in the end how the connection ends. The client says what is to be. Both know
 * each byte that is to come: it is a stretch of one noise, which begins elsewhere in each conversation, so a byte lost, doubled or of another connection is
 * seen where it is read.
 */
enum Conversation {
    /** Blocks there and back. */
    ECHO(false) {
        @Override
        void client(End end, Order order) throws IOException {
            int sent = 0;
            while (sent < order.up) {
                int block = Math.min(order.up - sent, 1 + end.random.nextInt(BUFFER));
                end.send(order.from + sent, block);
                end.receive(order.from + sent, block);
                sent += block;
            }
        }

        @Override
        void server(End end, Order order) throws IOException {
            int at = 0;
            while (at < order.up) {
                int got = end.receiveSome(order.from + at, order.up - at);
                end.send(order.from + at, got);
                at += got;
            }
        }
    },

    /** A reader that takes a byte now and then; the writer's buffer is full meanwhile. */
    SLOW_CLIENT(false) {
        @Override
        void client(End end, Order order) throws IOException, InterruptedException {
            end.receiveSlowly(order.from, order.down);
        }

        @Override
        void server(End end, Order order) throws IOException {
            end.send(order.from, order.down);
        }
    },

    SLOW_SERVER(false) {
        @Override
        void client(End end, Order order) throws IOException {
            end.send(order.from, order.up);
            end.acknowledged();
        }

        @Override
        void server(End end, Order order) throws IOException, InterruptedException {
            end.receiveSlowly(order.from, order.up);
            end.acknowledge();
        }
    },

    /** A wait that ends by its time-out, while nobody sends. */
    TIMEOUT(false) {
        @Override
        void client(End end, Order order) throws IOException {
            end.socket.setSoTimeout(1 + end.random.nextInt(5));
            try {
                throw new WrongBytes("nobody sent this byte: " + end.in.read());
            } catch (SocketTimeoutException e) {
                end.socket.setSoTimeout(end.timeoutMillis);
            }
            end.out.writeByte(ACKNOWLEDGED);
            end.acknowledged();
        }

        @Override
        void server(End end, Order order) throws IOException {
            end.acknowledged();
            end.acknowledge();
        }
    },

    /** Each end closes its half when it has said all. */
    HALVES(true) {
        @Override
        void client(End end, Order order) throws IOException {
            end.send(order.from, order.up);
            end.socket.shutdownOutput();
            end.receive(order.from, order.down);
            end.endOfStream();
        }

        @Override
        void server(End end, Order order) throws IOException {
            end.receive(order.from, order.up);
            end.endOfStream();
            end.send(order.from, order.down);
            end.socket.shutdownOutput();
        }
    },

    CLIENT_RESETS(true, true) {
        @Override
        void client(End end, Order order) throws IOException {
            end.acknowledged();
            end.send(order.from, end.random.nextInt(order.up));
            end.reset();
        }

        @Override
        void server(End end, Order order) throws IOException {
            end.acknowledge();
            end.receiveUntilReset(order.from, order.up);
        }
    },

    SERVER_RESETS(true, true) {
        @Override
        void client(End end, Order order) throws IOException {
            end.receiveUntilReset(order.from, order.down);
        }

        @Override
        void server(End end, Order order) throws IOException {
            end.send(order.from, end.random.nextInt(order.down));
            end.reset();
        }
    },

    /** It writes more than anybody reads, and waits when the reset comes. */
    SERVER_RESETS_A_WRITER(true, true) {
        @Override
        void client(End end, Order order) throws IOException {
            try {
                while (true) {
                    end.out.write(NOISE, 0, BUFFER);
                }
            } catch (SocketException e) {
                end.wasReset = true;
            }
        }

        @Override
        void server(End end, Order order) throws IOException {
            end.in.readFully(new byte[Math.min(order.up, BUFFER)]);
            end.reset();
        }
    },

    /** Another G closes the socket under the one that reads. */
    CLOSED_BY_ANOTHER(true) {
        @Override
        void client(End end, Order order) throws IOException, InterruptedException {
            CountDownLatch closed = new CountDownLatch(1);
            end.gs.start(() -> {
                Thread.yield();
                end.socket.close();
                closed.countDown();
            });
            try {
                throw new WrongBytes("nobody sent this byte: " + end.in.read());
            } catch (SocketException e) {
                if (!end.socket.isClosed()) {
                    throw e;
                }
            }
            closed.await();
        }

        @Override
        void server(End end, Order order) throws IOException {
            end.endOfStream();
        }
    };

    /** At most so much is sent in one direction. */
    static final int MAX = 48 * 1024;

    private static final int BUFFER = 4096;
    private static final int ACKNOWLEDGED = 0x5a;
    private static final int PERIOD = 65_521; // a prime, so that blocks of no power of two look alike
    private static final byte[] NOISE = noise();

    /** Whether the connection is no more afterwards. */
    final boolean last;

    /** How much comes of what was sent is the kernel's business. */
    final boolean resets;

    Conversation(boolean last) {
        this(last, false);
    }

    Conversation(boolean last, boolean resets) {
        this.last = last;
        this.resets = resets;
    }

    abstract void client(End end, Order order) throws IOException, InterruptedException;

    abstract void server(End end, Order order) throws IOException, InterruptedException;

    private static byte[] noise() {
        byte[] bytes = new byte[PERIOD + MAX];
        new Random(1).nextBytes(bytes);
        System.arraycopy(bytes, 0, bytes, PERIOD, MAX);
        return bytes;
    }

    /** What came is not what was sent. */
    static final class WrongBytes extends IOException {
        private static final long serialVersionUID = 1L;

        WrongBytes(String message) {
            super(message);
        }
    }

    /** What the client wants: bytes there and back, the noise from {@code from} on. Each at least 1. */
    record Order(Conversation what, int from, int up, int down) {
        /** Mostly brief ones; some fill the buffers of a socket. */
        static Order random(Random random, Conversation what) {
            return random.nextInt(8) == 0 ? of(random, what, MAX) : brief(random, what);
        }

        static Order brief(Random random, Conversation what) {
            return of(random, what, 600);
        }

        private static Order of(Random random, Conversation what, int bound) {
            return new Order(what, random.nextInt(PERIOD), 1 + random.nextInt(bound), 1 + random.nextInt(bound));
        }

        void write(DataOutputStream out) throws IOException {
            byte[] all = new byte[13];
            ByteBuffer.wrap(all).put((byte) what.ordinal()).putInt(from).putInt(up).putInt(down);
            out.write(all);
        }

        /** @return null: the stream is at its end */
        static Order read(DataInputStream in) throws IOException {
            int what = in.read();
            if (what < 0) {
                return null;
            }
            if (what >= values().length) {
                throw new WrongBytes("no conversation has the number " + what);
            }
            Order order = new Order(values()[what], in.readInt(), in.readInt(), in.readInt());
            if (order.from < 0 || order.from >= PERIOD || order.up < 1 || order.up > MAX || order.down < 1 || order.down > MAX) {
                throw new WrongBytes("not what a client orders: " + order);
            }
            return order;
        }
    }

    /** One end of a connection. On one G. */
    static final class End {
        final Socket socket;
        final Random random;
        final int timeoutMillis;
        private final SocketLoad gs;
        private final DataInputStream in;
        private final DataOutputStream out;
        private final byte[] buffer = new byte[BUFFER];

        /** In the present conversation. */
        long sent;

        long received;

        /** By the other end. */
        boolean wasReset;

        End(Socket socket, Random random, int timeoutMillis, SocketLoad gs) throws IOException {
            this.socket = socket;
            this.random = random;
            this.timeoutMillis = timeoutMillis;
            this.gs = gs;
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(timeoutMillis);
            InputStream stream = socket.getInputStream();
            OutputStream output = socket.getOutputStream();
            in = new DataInputStream(stream);
            out = new DataOutputStream(output);
        }

        void order(Order order) throws IOException {
            sent = 0;
            received = 0;
            order.write(out);
        }

        Order nextOrder() throws IOException {
            sent = 0;
            received = 0;
            return Order.read(in);
        }

        private void send(int from, int count) throws IOException {
            out.write(NOISE, from % PERIOD, count);
            sent += count;
        }

        private void receive(int from, int count) throws IOException {
            for (int at = 0; at < count; ) {
                at += receiveSome(from + at, count - at);
            }
        }

        private int receiveSome(int from, int most) throws IOException {
            int got = in.read(buffer, 0, Math.min(most, BUFFER));
            if (got < 0) {
                throw new EOFException("at " + received);
            }
            int begin = from % PERIOD;
            int differs = Arrays.mismatch(buffer, 0, got, NOISE, begin, begin + got);
            if (differs >= 0) {
                throw new WrongBytes("the byte at " + (received + differs));
            }
            received += got;
            return got;
        }

        private void receiveSlowly(int from, int count) throws IOException, InterruptedException {
            int at = 0;
            for (int i = 0; i < 10 && at < count; i++) {
                Thread.sleep(random.nextInt(4));
                receive(from + at, 1);
                at++;
            }
            receive(from + at, count - at);
        }

        /** How many of them come is the kernel's business. */
        private void receiveUntilReset(int from, int most) throws IOException {
            try {
                for (int at = 0; at <= most; ) {
                    at += receiveSome(from + at, Math.max(1, most - at));
                }
                throw new WrongBytes("more than was sent");
            } catch (SocketException e) {
                wasReset = true;
            }
        }

        private void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        private void acknowledge() throws IOException {
            out.writeByte(ACKNOWLEDGED);
        }

        private void acknowledged() throws IOException {
            if (in.readByte() != ACKNOWLEDGED) {
                throw new WrongBytes("no acknowledgement");
            }
        }

        private void endOfStream() throws IOException {
            int next = in.read();
            if (next >= 0) {
                throw new WrongBytes("beyond the end: " + next);
            }
        }
    }
}
