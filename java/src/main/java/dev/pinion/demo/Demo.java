package dev.pinion.demo;

import dev.pinion.demo.ServerRun.Result;
import dev.pinion.terminal.Terminal;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code pinion demo}: in less than a minute, what Pinion does; or another demo by its name. This JVM itself runs without it. */
public final class Demo {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    /** The name of the other demo. */
    private static final String BLOCKING = "blocking";

    private static final int PAIRS = 5;
    private static final int CLIENTS = HttpClients.threadsFor(Runtime.getRuntime().availableProcessors());
    private static final int CONNECTIONS_OF_EACH = 32;
    private static final long WARM_UP_NANOS = 1_500_000_000L;
    private static final long MEASURED_NANOS = 2_000_000_000L;

    private final File jar;
    private final Terminal out = Terminal.of(1);
    private final Terminal err = Terminal.of(2);

    private Demo(File jar) {
        this.jar = jar;
    }

    public static void main(String[] arguments) throws InterruptedException {
        String name = arguments.length == 0 ? "" : arguments[0];
        switch (name) {
            case "--help", "-h" -> help();
            case "", BLOCKING -> {
                if (arguments.length > 1) {
                    refuse("argument '" + arguments[1] + "' is one too many; 'pinion demo " + BLOCKING + "' takes no more");
                }
                show(name);
            }
            default -> refuse("there is no demo '" + name + "'; there are 'pinion demo' and 'pinion demo " + BLOCKING + "'");
        }
    }

    private static void help() {
        System.out.println("Usage: pinion demo [blocking]");
        System.out.println("In less than a minute: Go's classic program on Pinion, and an HTTP server on the JDK and on Pinion.");
        System.out.println("blocking: in 10 s, what a read that blocks does to other virtual threads, on the JDK and on Pinion.");
    }

    private static void refuse(String sentence) {
        System.err.println("pinion demo: " + sentence + ".");
        System.exit(BAD_INPUT);
    }

    private static void show(String name) throws InterruptedException {
        try {
            long start = System.nanoTime();
            Demo demo = new Demo(ChildJvm.jar());
            if (name.equals(BLOCKING)) {
                new BlockingDemo(demo.jar, demo.out).show();
            } else {
                demo.showGoProgram();
                demo.showHttpServer();
            }
            System.out.printf(Locale.ROOT, "%nThat took %.0f s.%n", (System.nanoTime() - start) / 1e9);
        } catch (IOException e) {
            System.out.flush();
            System.err.println("pinion demo: " + e.getMessage() + ".");
            System.exit(FAILED);
        }
    }

    private void heading(String text) {
        System.out.println(out.isOne() ? out.paint(1, text) : text);
        System.out.flush();
    }

    private void showGoProgram() throws IOException, InterruptedException {
        heading("1. Go's classic program on Pinion");
        ProcessBuilder program = ChildJvm.of(GoProgram.class, true, jar);
        int code = program.redirectOutput(ProcessBuilder.Redirect.INHERIT).start().waitFor();
        if (code != 0) {
            throw new IOException("Go's classic program ended with code " + code);
        }
    }

    private void showHttpServer() throws IOException, InterruptedException {
        System.out.println();
        heading("2. An HTTP server with blocking sockets, a virtual thread for each connection");
        System.out.printf("The same program on both, %d connections, medians of %d pairs of runs, %.0f s each.%n",
                CLIENTS * CONNECTIONS_OF_EACH, PAIRS, MEASURED_NANOS / 1e9);
        System.out.flush();
        List<Result> jdk = new ArrayList<>();
        List<Result> pinion = new ArrayList<>();
        measure(false, 0, MEASURED_NANOS / 4); // compiles the client in this JVM, to which the first run would be unfair
        for (int pair = 1; pair <= PAIRS; pair++) {
            jdk.add(measure(false, pair, MEASURED_NANOS));
            pinion.add(measure(true, pair, MEASURED_NANOS));
        }
        System.err.print(err.restartLine());
        System.err.flush();
        System.out.print(ComparisonTable.of(jdk, pinion, out));
        System.out.println("  better: which side was, in how many of the pairs. Client and server share this machine's CPUs.");
    }

    private Result measure(boolean onPinion, int pair, long nanos) throws IOException, InterruptedException {
        String side = onPinion ? "Pinion" : "JDK";
        System.err.print(err.restartLine() + "  " + (pair == 0 ? "warming up" : side + ", " + pair + " of " + PAIRS) + " ... ");
        System.err.flush();
        Result result;
        try {
            result = ServerRun.measure(onPinion, jar, CLIENTS, CONNECTIONS_OF_EACH, WARM_UP_NANOS, nanos);
        } catch (IOException e) {
            System.err.println();
            throw new IOException("the HTTP server on " + (onPinion ? "Pinion" : "the JDK's scheduler") + " failed, " + e.getMessage(), e);
        }
        if (!err.isOne()) {
            System.err.println(pair == 0 ? "done" : String.format(Locale.ROOT, "%,.0f requests/s", result.requestsPerSecond()));
        }
        return result;
    }
}
