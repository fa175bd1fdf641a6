package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.pinion.cpu.HostFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The load generator itself, against servers of which is known what they do; and the whole way from a child to its sample. */
class LoadTest {
    private static final int CONNECTIONS = 8;
    private static final int RATE = 800;
    private static final Load LOAD = new Load("echo", CONNECTIONS, RATE, 300, 1_000);

    private static final String DISTURBED = "kept off its CPU";
    private static final String NOT_ONE = "not one request was answered";
    private static final int ATTEMPTS = 5;

    @TempDir
    static Path scratch;
    private static Path program;
    private static int cpu;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        CPeer peer = CPeer.build(Path.of("peers"), scratch);
        program = peer.program();
        assertTrue(Files.isExecutable(program), peer.missing());
        cpu = CpuSet.allowed(HostFiles.ofThisMachine()).getLast();
    }

    @Test
    void theCommandHasTheRateThatTheRunnerSays() {
        List<String> command = new Load("http", 64, 0, 2_000, 3_000).command(Path.of("/peer"), 3, Load.halfOf(20_000), 1);
        assertEquals(List.of("taskset", "-c", "3", "/peer", "load", "http", "64", "25000.000", "2000", "3000"), command);
        assertEquals(List.of("500", "750"), new Load("http", 64, 0, 2_000, 3_000).command(Path.of("/peer"), 3, 0, 0.25).subList(8, 10));
        assertTrue(new Load("http", 64, 0, 1, 1).wantsRate());
        assertFalse(LOAD.wantsRate());
    }

    @Test
    void theFloorsServerAnswersEverythingOnEveryConnection() throws Exception {
        Workload workload = Catalogue.select(List.of("net-open-10k")).getFirst();
        Sample sample = undisturbed(() -> ChildProcess.run(Side.FLOOR, workload, List.of(program.toString(), "net-serve", "1"),
                LOAD.command(program, cpu, RATE, 1), 1));
        assertEquals(0, sample.metrics().get("starved"));
        assertEquals(1, sample.fair(), 0.1);
        assertTrue(sample.metrics().get("p50") <= sample.metrics().get("p99"), sample.toString());
        assertTrue(sample.metrics().get("cpu") > 0, sample.toString());
        assertEquals(RATE, sample.usage().operations(), 0.4 * RATE);
    }

    @Test
    void aConnectionThatIsNeverServedIsSeenEverywhere() throws Exception {
        try (ServerSocket listener = listener()) {
            Thread.ofVirtual().start(() -> serve(listener, 1));
            Sample sample = sample(run("echo", RATE, listener.getLocalPort()));
            assertEquals(1, sample.metrics().get("starved"));
            assertEquals(Double.POSITIVE_INFINITY, sample.metrics().get("uneven"));
            assertEquals(0, sample.fair());
            assertTrue(sample.metrics().get("missed") >= 100.0 / CONNECTIONS - 0.01, sample.toString());
            // Given up a second after the last was due, and counted with all of that.
            assertTrue(sample.metrics().get("p99") > 1e9, sample.toString());
        }
    }

    @Test
    void nobodyServedIsNever() throws Exception {
        try (ServerSocket listener = listener()) {
            List<String> lines = undisturbed(() -> runOnce("echo", RATE, listener.getLocalPort()));
            assertTrue(lines.getLast().contains(NOT_ONE), lines.toString());
        }
    }

    @Test
    void anHttpServerIsAskedInAClosedAndInAnOpenLoop() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 3);
            exchange.getResponseBody().write("yes".getBytes());
            exchange.close();
        });
        server.start();
        try {
            Sample sample = sample(run("http", 200, server.getAddress().getPort()));
            assertTrue(sample.metrics().get(Load.CLOSED_LOOP) > 0, sample.toString());
            assertEquals(0, sample.metrics().get("starved"));
            assertTrue(sample.metrics().containsKey("half-p99"), sample.toString());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void anAnswerThatIsAnErrorIsNoAnswer() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.start(); // without any context: 404
        try {
            List<String> lines = run("http", 200, server.getAddress().getPort());
            assertTrue(lines.getLast().contains("HTTP/1.1 404"), lines.toString());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void theFloorsWakesWantTwoCpus() throws Exception {
        Process process = new ProcessBuilder("taskset", "-c", Integer.toString(cpu), program.toString(), "wake-parked", "2")
                .redirectErrorStream(true).start();
        List<String> lines = process.inputReader().lines().toList();
        assertEquals(1, process.waitFor());
        assertTrue(lines.getLast().contains("two CPUs"), lines.toString());
    }

    @Test
    void withoutSourcesThereIsNoProgram() {
        assertThrows(Invalid.class, () -> CPeer.build(scratch.resolve("nowhere"), scratch));
    }

    /** The sample, where the generator ended well; else what it said last. */
    private static Sample sample(List<String> lines) {
        assertTrue(lines.getLast().startsWith("@metric late-p99 "), lines.toString());
        return Sample.parse(lines);
    }

    private static ServerSocket listener() throws IOException {
        return new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    }

    /** Echoes on all connections but the first so many. */
    private static void serve(ServerSocket listener, int unserved) {
        List<Socket> kept = new ArrayList<>();
        try {
            while (true) {
                Socket socket = listener.accept();
                kept.add(socket);
                // Of each attempt's connections: a disturbed one is made again against the same server.
                if ((kept.size() - 1) % CONNECTIONS >= unserved) {
                    Thread.ofVirtual().start(() -> echo(socket));
                }
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private static void echo(Socket socket) {
        try (socket; InputStream in = socket.getInputStream()) {
            byte[] buffer = new byte[64];
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                socket.getOutputStream().write(buffer, 0, count);
            }
        } catch (IOException e) {
            // The load has ended.
        }
    }

    /** What the generator prints but for the two lines that are for the server's process. */
    private static List<String> run(String protocol, double rate, int port) throws Exception {
        List<String> lines = undisturbed(() -> runOnce(protocol, rate, port));
        for (int attempt = 1; attempt < ATTEMPTS && lines.getLast().contains(NOT_ONE); attempt++) {
            lines = undisturbed(() -> runOnce(protocol, rate, port)); // this very JVM had no CPU for all of the window
        }
        return lines;
    }

    /** Once more, a few times, where others kept the generator off its CPU: it then refuses to say anything. */
    static <T> T undisturbed(Callable<T> measurement) throws Exception {
        String disturbed = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                T result = measurement.call();
                disturbed = result.toString();
                if (!disturbed.contains(DISTURBED)) {
                    return result;
                }
            } catch (ChildProcess.Failed e) {
                disturbed = e.getMessage();
                if (!disturbed.contains(DISTURBED)) {
                    throw e;
                }
            }
        }
        throw new AssertionError(disturbed);
    }

    private static List<String> runOnce(String protocol, double rate, int port) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(new Load(protocol, CONNECTIONS, RATE, 300, 1_000).command(program, cpu, rate, 1));
        command.add(Integer.toString(port));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = process.inputReader().lines().filter(line -> !line.startsWith("@begin") && !line.startsWith("@end"))
                .toList();
        process.waitFor();
        return lines;
    }
}
