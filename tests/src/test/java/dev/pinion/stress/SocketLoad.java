package dev.pinion.stress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Connections over loopback, each end in a G of its own, that hold {@link Conversation}s until it is time. First all of them are open at once. All is
 * counted twice, where it goes in and where it comes out; {@link #complaints} holds the counts against each other.
 */
final class SocketLoad {
    /** While no G ends for so long, those that are left are lost. In time that the process runs. */
    static final int PATIENCE_SECONDS = 60;

    /** Never to be over, also not in a process that was stopped for some minutes: it only makes the wait another one. */
    private static final int TIMEOUT_MILLIS = 3_600_000;

    private static final int SERVERS = 4;
    private static final int BACKLOG = 4096;

    /** With less, TCP itself waits 200 ms for a window after nearly each segment. */
    private static final int SMALL_BUFFER = 8192;
    private static final int SHOWN = 10;

    interface Task {
        void run() throws Exception;
    }

    private final ThreadFactory factory;
    private final int connections;
    private final Conversation[] kinds;
    private final List<ServerSocket> servers = new ArrayList<>();
    private final Set<Thread> alive = ConcurrentHashMap.newKeySet();
    private final CountDownLatch allOpen;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    final LongAdder started = new LongAdder();
    final LongAdder ended = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder connected = new LongAdder();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder closedByClient = new LongAdder();
    private final LongAdder closedByServer = new LongAdder();
    private final LongAdder sentUp = new LongAdder();
    private final LongAdder receivedUp = new LongAdder();
    private final LongAdder sentDown = new LongAdder();
    private final LongAdder receivedDown = new LongAdder();
    private final AtomicIntegerArray saidByClient = new AtomicIntegerArray(Conversation.values().length);
    private final AtomicIntegerArray saidByServer = new AtomicIntegerArray(Conversation.values().length);
    private final AtomicIntegerArray resetsSeen = new AtomicIntegerArray(Conversation.values().length);

    /** @param factory makes the Gs */
    SocketLoad(ThreadFactory factory, int connections, Conversation... kinds) {
        this.factory = factory;
        this.connections = connections;
        this.kinds = kinds;
        allOpen = new CountDownLatch(connections);
    }

    /** A G that is counted in and out. */
    Thread start(Task task) {
        Thread thread = factory.newThread(() -> {
            try {
                task.run();
            } catch (Throwable e) {
                fail(e);
            } finally {
                alive.remove(Thread.currentThread());
                ended.increment();
            }
        });
        started.increment();
        alive.add(thread);
        thread.start();
        return thread;
    }

    private void fail(Throwable e) {
        failed.increment();
        if (failures.size() < SHOWN) {
            failures.add(e + where(e.getStackTrace()));
        }
    }

    private static String where(StackTraceElement[] trace) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement element : trace) {
            text.append(" < ").append(element.getClassName()).append('.').append(element.getMethodName()).append(':').append(element.getLineNumber());
        }
        return text.toString();
    }

    /** What the Gs do that have not ended, some of them; without those that are in one of these methods. */
    private List<String> stuck(String... methods) {
        List<String> all = new ArrayList<>();
        for (Thread thread : alive) {
            String text = thread.getState() + where(thread.getStackTrace());
            if (all.size() < SHOWN && Stream.of(methods).noneMatch(text::contains)) {
                all.add("a G that does not go on, " + text);
            }
        }
        return all;
    }

    void begin() throws IOException {
        for (int i = 0; i < SERVERS; i++) {
            ServerSocket server = new ServerSocket();
            server.setReceiveBufferSize(i == 0 ? SMALL_BUFFER : 16 * SMALL_BUFFER); // what is accepted inherits it
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
            servers.add(server);
            start(() -> accept(server));
        }
        for (int i = 0; i < connections; i++) {
            Random random = new Random(i);
            int server = i % SERVERS;
            start(() -> converse(random, servers.get(server)));
        }
    }

    /** @return how many are open at once now, which is all of them unless some have failed or are stuck */
    int awaitAllOpen() throws InterruptedException {
        RunningTime time = new RunningTime();
        long last = -1;
        double since = 0;
        while (!allOpen.await(10, TimeUnit.MILLISECONDS)) {
            if (allOpen.getCount() != last) {
                last = allOpen.getCount();
                since = time.seconds();
            } else if (time.seconds() - since > PATIENCE_SECONDS) {
                failures.addAll(stuck("waitForTheOthers", "nextOrder")); // now: what follows may free them
                over = true;
                break;
            }
        }
        return open.get();
    }

    /** No new conversations, no new connections. Returns when all Gs have ended, or some seem not to end. */
    void end() throws IOException, InterruptedException {
        over = true;
        awaitEnds(SERVERS);
        for (ServerSocket server : servers) {
            server.close();
        }
        awaitEnds(0);
    }

    private void awaitEnds(int left) throws InterruptedException {
        RunningTime time = new RunningTime();
        long last = -1;
        double since = 0;
        while (alive.size() > left && time.seconds() - since < PATIENCE_SECONDS) {
            if (ended.sum() != last) {
                last = ended.sum();
                since = time.seconds();
            }
            Thread.sleep(10);
        }
    }

    private void accept(ServerSocket server) throws IOException {
        while (true) {
            Socket socket;
            try {
                socket = server.accept();
            } catch (IOException e) {
                if (server.isClosed()) {
                    return;
                }
                throw e;
            }
            accepted.increment();
            start(() -> serve(socket));
        }
    }

    private void serve(Socket socket) throws IOException, InterruptedException {
        try (socket) {
            Random random = new Random(socket.getPort());
            Conversation.End end = new Conversation.End(socket, random, timeout(random), this);
            Conversation.Order order;
            while ((order = end.nextOrder()) != null) {
                order.what().server(end, order);
                tally(order.what(), end, saidByServer, receivedUp, sentDown);
                if (order.what().last) {
                    break;
                }
            }
        } finally {
            closedByServer.increment();
        }
    }

    private void converse(Random random, ServerSocket server) throws IOException, InterruptedException {
        boolean first = true;
        while (!over) {
            try (Socket socket = new Socket()) {
                if (random.nextBoolean()) {
                    socket.setReceiveBufferSize(SMALL_BUFFER);
                }
                socket.connect(server.getLocalSocketAddress());
                connected.increment();
                Conversation.End end = new Conversation.End(socket, random, timeout(random), this);
                Conversation what = Conversation.ECHO;
                do {
                    Conversation.Order order = first ? Conversation.Order.brief(random, what) : Conversation.Order.random(random, what);
                    end.order(order);
                    what.client(end, order);
                    tally(what, end, saidByClient, receivedDown, sentUp);
                    if (first) {
                        first = false;
                        waitForTheOthers();
                    }
                    if (what.last) {
                        break;
                    }
                    what = kinds[random.nextInt(kinds.length)];
                } while (!over);
            } finally {
                closedByClient.increment();
                if (first) {
                    first = false;
                    allOpen.countDown(); // it has failed, and is told of
                }
            }
        }
    }

    /** Half of them wait without a time-out, which is another way to wait. */
    private static int timeout(Random random) {
        return random.nextBoolean() ? 0 : TIMEOUT_MILLIS;
    }

    private void waitForTheOthers() throws InterruptedException {
        open.incrementAndGet();
        allOpen.countDown();
        while (!over && !allOpen.await(1, TimeUnit.SECONDS)) {
            continue;
        }
    }

    private void tally(Conversation what, Conversation.End end, AtomicIntegerArray said, LongAdder received, LongAdder sent) {
        said.incrementAndGet(what.ordinal());
        if (!what.resets) {
            received.add(end.received);
            sent.add(end.sent);
        } else if (end.wasReset) {
            resetsSeen.incrementAndGet(what.ordinal());
        }
    }

    /** One line of what has been so far. */
    String figures() {
        long resets = 0;
        long conversations = 0;
        for (Conversation what : Conversation.values()) {
            conversations += saidByClient.get(what.ordinal());
            resets += what.resets ? saidByClient.get(what.ordinal()) : 0;
        }
        return connected + " connections, " + conversations + " conversations, " + resets + " resets, " + (receivedUp.sum() + receivedDown.sum())
                + " bytes, Gs " + started + " in " + ended + " out, failed " + failed;
    }

    /** After the end: what does not add up; empty if all is well. */
    List<String> complaints() {
        List<String> all = new ArrayList<>();
        equal(all, "Gs started and ended", started, ended);
        equal(all, "connected and accepted", connected, accepted);
        equal(all, "connected and closed by the client", connected, closedByClient);
        equal(all, "accepted and closed by the server", accepted, closedByServer);
        equal(all, "bytes sent to the server and received", sentUp, receivedUp);
        equal(all, "bytes sent by the server and received", sentDown, receivedDown);
        for (Conversation what : Conversation.values()) {
            int client = saidByClient.get(what.ordinal());
            int server = saidByServer.get(what.ordinal());
            if (client != server) {
                all.add(what + ": " + client + " by clients, " + server + " by servers");
            }
            int seen = resetsSeen.get(what.ordinal());
            if (what.resets && seen != client) {
                all.add(what + ": " + client + " resets, " + seen + " seen");
            }
        }
        for (Conversation what : kinds) {
            if (saidByClient.get(what.ordinal()) == 0) {
                all.add(what + " has not been");
            }
        }
        all.addAll(stuck());
        all.addAll(failures);
        return all;
    }

    private static void equal(List<String> all, String what, LongAdder one, LongAdder other) {
        if (one.sum() != other.sum()) {
            all.add(what + ": " + one + ", " + other);
        }
    }
}
