package dev.pinion.demo;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** One measurement: a fresh server, on one of the two schedulers, warmed up and then under load for a while. */
final class ServerRun {
    private static final String[] HEAP = {"-Xms256m", "-Xmx256m"};
    private static final int PATIENCE_SECONDS = 5;

    /**
     * What came out.
     *
     * @param cpuMicrosOfRequest user and system time of the server for one request
     * @param switchesOfRequest  the server's context switches for one request
     */
    record Result(double requestsPerSecond, double p50Millis, double p99Millis, double p999Millis, double cpuMicrosOfRequest,
            double switchesOfRequest, int threads) {}

    private ServerRun() {}

    /**
     * @param connections of each of the {@code clients}
     * @throws IOException in one sentence, if the server fails
     */
    static Result measure(boolean onPinion, File jar, int clients, int connections, long warmUpNanos, long nanos)
            throws IOException, InterruptedException {
        ProcessBuilder builder = ChildJvm.of(HttpServerProgram.class, onPinion, jar, HEAP);
        builder.environment().remove("GOMAXPROCS"); // it would change one side only
        Process server = builder.start();
        Result result;
        try (BufferedReader output = server.inputReader()) {
            String port = output.readLine();
            if (port == null) {
                server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
                throw new IOException("it ended" + (server.isAlive() ? "" : " with code " + server.exitValue()) + " before it had a port");
            }
            try (HttpClients load = new HttpClients(Integer.parseInt(port), clients, connections)) {
                result = measured(load, Path.of("/proc", Long.toString(server.pid())), onPinion, warmUpNanos, nanos);
            }
            server.getOutputStream().close();
            if (!server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("it did not end within " + PATIENCE_SECONDS + " s");
            }
            return result;
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private static Result measured(HttpClients load, Path process, boolean onPinion, long warmUpNanos, long nanos)
            throws IOException, InterruptedException {
        load.start(warmUpNanos, nanos);
        TimeUnit.NANOSECONDS.sleep(warmUpNanos);
        // Read while the load goes on: a pause would show in the slowest answers.
        ProcessCounters before = counters(process, load);
        long start = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(nanos);
        ProcessCounters after = counters(process, load);
        double seconds = (System.nanoTime() - start) / 1e9;
        long[] waits = load.await();
        if (waits.length == 0) {
            throw new IOException("it answered nothing in time");
        }
        if (after.pinionThreads() > 0 != onPinion) {
            throw new IOException(onPinion ? "it runs without Pinion's threads" : "it runs with Pinion's threads");
        }
        double rate = waits.length / (nanos / 1e9);
        return new Result(rate, HttpLoad.percentileMillis(waits, 0.50), HttpLoad.percentileMillis(waits, 0.99),
                HttpLoad.percentileMillis(waits, 0.999), (after.cpuMillis() - before.cpuMillis()) * 1000.0 / seconds / rate,
                after.switchesSince(before) / seconds / rate, after.threads());
    }

    private static ProcessCounters counters(Path process, HttpClients load) throws IOException, InterruptedException {
        try {
            return ProcessCounters.read(process);
        } catch (IOException e) {
            load.await(); // knows better what happened, if the server is gone
            throw new IOException("its figures cannot be read (" + e + ")", e);
        }
    }
}
