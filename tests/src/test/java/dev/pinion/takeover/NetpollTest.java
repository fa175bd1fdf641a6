package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.Pinion;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sockets polled by the Ps: no thread between, nothing lost when numbers are reused, nobody hidden by those who compute. */
@Timeout(150)
class NetpollTest {
    /** A server that echoes longs, each connection in a G of its own. */
    private static final class EchoServer implements AutoCloseable {
        final ServerSocket socket = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
        final AtomicInteger failures = new AtomicInteger();

        EchoServer() throws IOException {
            Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        Socket accepted = socket.accept();
                        Thread.startVirtualThread(() -> echo(accepted));
                    }
                } catch (IOException e) {
                    if (!socket.isClosed()) {
                        failures.incrementAndGet();
                    }
                }
            });
        }

        private void echo(Socket accepted) {
            try (accepted) {
                accepted.setTcpNoDelay(true);
                DataInputStream in = new DataInputStream(accepted.getInputStream());
                DataOutputStream out = new DataOutputStream(accepted.getOutputStream());
                while (true) {
                    out.writeLong(in.readLong());
                }
            } catch (EOFException | SocketException e) {
                // it is over, or was reset
            } catch (IOException e) {
                failures.incrementAndGet();
            }
        }

        Client connect() throws IOException {
            return new Client(new Socket(socket.getInetAddress(), socket.getLocalPort()));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static final class Client implements AutoCloseable {
        final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;

        Client(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
        }

        boolean roundTrip(long value) throws IOException {
            out.writeLong(value);
            return in.readLong() == value;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Thread goG(Callable task) {
        return Thread.startVirtualThread(() -> {
            try {
                task.call();
            } catch (Throwable e) {
                e.printStackTrace();
            }
        });
    }

    private interface Callable {
        void call() throws Throwable;
    }

    @Test
    void noThreadStandsBetween() throws Exception {
        Jvm.pinion(Threads.class).run().assertPrinted("100 []");
    }

    public static final class Threads {
        public static void main(String[] arguments) throws Exception {
            AtomicInteger equal = new AtomicInteger();
            try (EchoServer server = new EchoServer()) {
                goG(() -> {
                    try (Client client = server.connect()) {
                        for (int i = 0; i < 100; i++) {
                            equal.addAndGet(client.roundTrip(i) ? 1 : 0);
                        }
                    }
                }).join();
            }
            System.out.println(equal + " " + pollers());
        }

        private static List<String> pollers() throws IOException {
            try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
                List<String> names = new ArrayList<>();
                for (Path task : tasks.toList()) {
                    names.add(Files.readString(task.resolve("comm")).strip());
                }
                names.removeIf(name -> !name.contains("Poller"));
                return names;
            }
        }
    }

    @Test
    void numbersClosedAndReusedLoseNothing() throws Exception {
        Jvm.Outcome outcome = Jvm.pinion(Reuse.class, "gomaxprocs=2").arguments(5).run();

        assertEquals("", outcome.err());
        assertTrue(outcome.out().matches("lost 0, wrong 0, failed 0 of [0-9]+ closed\n"), outcome.out());
    }

    /** Connections that live for a few round trips, some half-closed, some reset, and some that stay. Each is timed: a lost wake-up is a time-out. */
    public static final class Reuse {
        public static void main(String[] arguments) throws Exception {
            long end = System.nanoTime() + Long.parseLong(arguments[0]) * 1_000_000_000;
            LongAdder lost = new LongAdder();
            LongAdder wrong = new LongAdder();
            LongAdder closed = new LongAdder();
            try (EchoServer server = new EchoServer()) {
                List<Thread> clients = new ArrayList<>();
                for (int k = 0; k < 32; k++) {
                    Random random = new Random(k);
                    boolean stays = k % 8 == 0;
                    clients.add(goG(() -> {
                        while (System.nanoTime() < end) {
                            try (Client client = server.connect()) {
                                if (!stays && random.nextInt(4) != 0) {
                                    // As many as can be: TIME_WAIT would use up the ports.
                                    client.socket.setSoLinger(true, 0);
                                }
                                client.socket.setSoTimeout(10_000);
                                for (int n = stays ? 1000 : random.nextInt(3); n >= 0; n--) {
                                    wrong.add(client.roundTrip(random.nextLong()) ? 0 : 1);
                                }
                                if (random.nextInt(8) == 0) {
                                    client.socket.shutdownOutput();
                                    wrong.add(client.in.read() == -1 ? 0 : 1);
                                }
                                closed.add(2);
                            } catch (java.net.SocketTimeoutException e) {
                                lost.increment();
                            }
                        }
                    }));
                }
                for (Thread client : clients) {
                    client.join();
                }
                System.out.println("lost " + lost + ", wrong " + wrong + ", failed " + server.failures + " of " + closed + " closed");
            }
        }
    }

    @Test
    void aReadySocketIsNoticedBesideYieldersAndHogs() throws Exception {
        String[] figures = Jvm.pinion(Busy.class, "gomaxprocs=2").run().out().strip().split(" ");
        assertEquals(2, figures.length);
        assertTrue(Double.parseDouble(figures[0]) < 3, "milliseconds of a round trip beside 100 yielders: " + figures[0]);
        assertTrue(Double.parseDouble(figures[1]) < 8, "milliseconds of a round trip beside two hogs: " + figures[1]);
    }

    /** The tenth of the round trips: that the machine has other work must not matter. Two waits a round trip, and sysmon alone looks every 10 ms. */
    public static final class Busy {
        private static volatile boolean stop;

        public static void main(String[] arguments) throws Exception {
            try (EchoServer server = new EchoServer()) {
                goG(() -> {
                    try (Client client = server.connect()) {
                        client.roundTrip(0);
                        List<Thread> others = start(100, true);
                        double besideYielders = tenth(client);
                        end(others);
                        others = start(2, false);
                        System.out.println(besideYielders + " " + tenth(client));
                        end(others);
                    }
                }).join();
            }
        }

        private static List<Thread> start(int count, boolean yields) {
            stop = false;
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                threads.add(goG(() -> {
                    while (!stop) {
                        if (yields) {
                            Thread.yield();
                        }
                    }
                }));
            }
            return threads;
        }

        private static void end(List<Thread> threads) throws InterruptedException {
            stop = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }

        private static double tenth(Client client) throws IOException {
            long[] nanos = new long[200];
            for (int i = 0; i < nanos.length; i++) {
                long start = System.nanoTime();
                client.roundTrip(i);
                nanos[i] = System.nanoTime() - start;
            }
            Arrays.sort(nanos);
            return nanos[nanos.length / 10] / 1e6;
        }
    }

    @Test
    void gomaxprocsChangesUnderLoad() throws Exception {
        Jvm.pinion(Resizing.class, "gomaxprocs=2").run().assertPrinted("64 clients, wrong 0, failed 0");
    }

    /** No read times out: on a machine that stops it for a while (SIGSTOP, a snapshot) all timers are due before any answer can have come. */
    public static final class Resizing {
        public static void main(String[] arguments) throws Exception {
            AtomicInteger ended = new AtomicInteger();
            LongAdder wrong = new LongAdder();
            CountDownLatch warm = new CountDownLatch(64);
            long end = System.nanoTime() + 3_000_000_000L;
            try (EchoServer server = new EchoServer()) {
                List<Thread> clients = new ArrayList<>();
                for (int k = 0; k < 64; k++) {
                    clients.add(goG(() -> {
                        try (Client client = server.connect()) {
                            client.socket.setSoTimeout(600_000); // for its timers: a lost answer is a program that hangs
                            client.roundTrip(1);
                            warm.countDown();
                            for (long i = 0; System.nanoTime() < end; i++) {
                                wrong.add(client.roundTrip(i) ? 0 : 1);
                            }
                            ended.incrementAndGet();
                        }
                    }));
                }
                warm.await();
                Random random = new Random(1);
                while (System.nanoTime() < end) {
                    Pinion.gomaxprocs(1 + random.nextInt(4));
                    Thread.sleep(random.nextInt(3));
                }
                for (Thread client : clients) {
                    client.join();
                }
                System.out.println(ended + " clients, wrong " + wrong + ", failed " + server.failures);
            }
        }
    }

    @Test
    void anEpollClosedByAStrangerIsMadeAnew() throws Exception {
        Jvm.Outcome outcome = Jvm.pinion(Closing.class).options("--enable-native-access=ALL-UNNAMED").run();

        assertEquals("closed 10, wrong 0\n", outcome.out());
        assertTrue(outcome.err().startsWith("pinion: something in this process has closed") && outcome.err().lines().count() == 1, outcome.err());
    }

    public static final class Closing {
        @SuppressWarnings("restricted") // it is granted
        public static void main(String[] arguments) throws Exception {
            MethodHandle close = Linker.nativeLinker().downcallHandle(Linker.nativeLinker().defaultLookup().find("close").orElseThrow(),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            AtomicInteger closed = new AtomicInteger();
            AtomicInteger wrong = new AtomicInteger();
            try (EchoServer server = new EchoServer()) {
                goG(() -> {
                    try (Client client = server.connect()) {
                        for (int round = 0; round < 10; round++) {
                            for (int i = 0; i < 100; i++) {
                                wrong.addAndGet(client.roundTrip(i) ? 0 : 1);
                            }
                            int descriptor = find(round % 2 == 0 ? "anon_inode:[eventpoll]" : "anon_inode:[eventfd]");
                            closed.addAndGet(descriptor >= 0 && (int) close.invokeExact(descriptor) == 0 ? 1 : 0);
                        }
                        for (int i = 0; i < 100; i++) {
                            wrong.addAndGet(client.roundTrip(i) ? 0 : 1);
                        }
                    }
                }).join();
            }
            System.out.println("closed " + closed + ", wrong " + wrong);
        }

        /** The latest one: what was left of an earlier round lies before it. */
        private static int find(String target) throws IOException {
            int latest = -1;
            try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
                for (Path fd : all.toList()) {
                    if (Files.exists(fd, java.nio.file.LinkOption.NOFOLLOW_LINKS) && Files.readSymbolicLink(fd).toString().equals(target)) {
                        latest = Math.max(latest, Integer.parseInt(fd.getFileName().toString()));
                    }
                }
            }
            return latest;
        }
    }

    @Test
    void childrenInheritNoDescriptor() throws Exception {
        Jvm.pinion(Children.class).run().assertPrinted("1 []");
    }

    public static final class Children {
        public static void main(String[] arguments) throws Exception {
            AtomicInteger equal = new AtomicInteger();
            List<String> inherited = new ArrayList<>();
            try (EchoServer server = new EchoServer()) {
                goG(() -> {
                    try (Client client = server.connect()) {
                        Process ls = new ProcessBuilder("ls", "-l", "/proc/self/fd").start();
                        try (BufferedReader lines = new BufferedReader(new InputStreamReader(ls.getInputStream()))) {
                            lines.lines().filter(line -> line.contains("event") || line.contains("socket:")).forEach(inherited::add);
                        }
                        equal.addAndGet(client.roundTrip(1) ? 1 : 0);
                    }
                }).join();
            }
            System.out.println(equal + " " + inherited);
        }
    }

    @Test
    void whereThereIsNoEpollToBeHadTheJdksWayServes() throws Exception {
        Jvm.Outcome outcome = Jvm.pinion(Exhausted.class, "retake=off,unpinned").under("bash", "-c", "ulimit -n 200; exec \"$0\" \"$@\"").run();

        assertEquals("100\n", outcome.out());
        assertTrue(outcome.err().matches("pinion: the sockets of scheduler 'pinion' wait in the JDK's own way: [^\n]*24[^\n]*\n"), outcome.err());
    }

    /** Retaking and pinning would open files of their own. One descriptor is left when the first G waits: enough for the JDK's epoll, and not for one with an event that wakes. */
    public static final class Exhausted {
        public static void main(String[] arguments) throws Exception {
            AtomicInteger equal = new AtomicInteger();
            try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                    Client client = new Client(new Socket(server.getInetAddress(), server.getLocalPort()));
                    Client peer = new Client(server.accept())) {
                Thread echo = Thread.ofPlatform().unstarted(() -> {
                    try {
                        for (int i = 0; i < 100; i++) {
                            peer.out.writeLong(peer.in.readLong());
                        }
                    } catch (IOException e) {
                        e.printStackTrace();
                    }
                });
                List<FileInputStream> files = new ArrayList<>();
                try {
                    while (true) {
                        files.add(new FileInputStream("/dev/null"));
                    }
                } catch (IOException e) {
                    files.removeLast().close();
                }
                Thread waits = goG(() -> {
                    for (int i = 0; i < 100; i++) {
                        equal.addAndGet(client.roundTrip(i) ? 1 : 0);
                    }
                });
                while (waits.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                echo.start();
                waits.join();
                for (FileInputStream file : files) {
                    file.close();
                }
            }
            System.out.println(equal);
        }
    }
}
