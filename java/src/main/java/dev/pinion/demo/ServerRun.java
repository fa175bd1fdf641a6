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

    /** @throws IOException in one sentence, if the server fails */
    static Result measure(boolean onPinion, File jar, int connections, long warmUpNanos, long nanos)
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
            try (HttpLoad load = new HttpLoad(Integer.parseInt(port), connections)) {
                load.start();
                load.run(warmUpNanos);
                result = measured(load, Path.of("/proc", Long.toString(server.pid())), onPinion, nanos);
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

    private static Result measured(HttpLoad load, Path process, boolean onPinion, long nanos) throws IOException {
        ProcessCounters before = ProcessCounters.read(process);
        long start = System.nanoTime();
        long[] waits = load.run(nanos);
        double seconds = (System.nanoTime() - start) / 1e9;
        ProcessCounters after = ProcessCounters.read(process);
        if (after.pinionThreads() > 0 != onPinion) {
            throw new IOException(onPinion ? "it runs without Pinion's threads" : "it runs with Pinion's threads");
        }
        int requests = waits.length;
        if (requests == 0) {
            throw new IOException("it answered nothing in time");
        }
        return new Result(requests / seconds, HttpLoad.percentileMillis(waits, 0.50), HttpLoad.percentileMillis(waits, 0.99),
                HttpLoad.percentileMillis(waits, 0.999), (after.cpuMillis() - before.cpuMillis()) * 1000.0 / requests,
                (double) after.switchesSince(before) / requests, after.threads());
    }
}
