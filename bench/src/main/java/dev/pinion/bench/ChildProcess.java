package dev.pinion.bench;

import dev.pinion.bench.Workload.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Starts one child, answers its request for a hog or a load, and turns what it prints into a {@link Sample}. */
final class ChildProcess {

    /** Variables that would change one side only, or both behind the command line's back. */
    private static final Set<String> REMOVED = Set.of("GOMAXPROCS", "PINION", "PINION_OPTS", "GODEBUG", "GOGC", "GOMEMLIMIT",
            "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS");

    /** How much slower than usual a child may be, a quota and a hog included, before it counts as hung. */
    private static final int PATIENCE = 10;

    /** The variable that tells a child its share. */
    static final String SHARE = "BENCH_SHARE";

    /** A child that gave no usable sample, and why. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;

        Failed(String sentence) {
            super(sentence);
        }
    }

    private ChildProcess() {
    }

    /**
     * Runs a child to its end.
     *
     * @param load  the load generator's command but for the port, or empty when the workload has none
     * @param share how much of its usual length the measurement has, above 0 and at most 1
     * @throws Failed      when it hangs, fails, prints nonsense or did not run on {@code side}
     * @throws IOException when it cannot be started
     */
    static Sample run(Side side, Workload workload, List<String> command, List<String> load, double share)
            throws IOException, Failed, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        prepare(builder.environment(), share);
        long seconds = 20L + (long) PATIENCE * workload.seconds();
        long started = System.nanoTime();
        AtExit.goOn();
        Process process = builder.start();
        AtomicBoolean timedOut = new AtomicBoolean();
        Thread guard = Thread.ofPlatform().daemon().name("bench-guard").start(() -> {
            try {
                if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                    timedOut.set(true);
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
            }
        });
        List<String> lines = new ArrayList<>();
        Hogs hog = null;
        LoadProcess generator = null;
        OutputStream input = process.getOutputStream();
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                if (line.startsWith("@hog ") && hog == null) {
                    hog = new Hogs(1, CpuSet.parse(line.substring(5)).getFirst());
                    input.write('\n');
                    input.flush();
                } else if (line.startsWith("@serve ") && generator == null && !load.isEmpty()) {
                    generator = new LoadProcess(load, line.substring(7), input);
                }
            }
            process.waitFor();
        } finally {
            close(input);
            if (generator != null && (process.isAlive() || process.exitValue() != 0)) {
                generator.close();
            }
            if (hog != null) {
                hog.close();
            }
            guard.interrupt();
            guard.join();
        }
        AtExit.goOn();
        double wallMillis = (System.nanoTime() - started) / 1e6;
        if (timedOut.get()) {
            throw new Failed(side.label() + " did not end within " + seconds + " s" + said(lines));
        }
        if (process.exitValue() != 0) {
            throw new Failed(side.label() + " ended with code " + process.exitValue() + said(lines));
        }
        if (!load.isEmpty()) {
            lines.addAll(loaded(side, generator, lines));
        }
        return workload.shape() == Shape.WALL_TIME
                ? new Sample(Map.of("wall", wallMillis), null, Double.NaN, "")
                : checked(side, workload, lines);
    }

    /** What a child finds in its environment, of all that is in ours. */
    static void prepare(Map<String, String> environment, double share) {
        environment.keySet().removeAll(REMOVED);
        environment.put(SHARE, Double.toString(share));
    }

    private static void close(OutputStream input) {
        try {
            input.close();
        } catch (IOException e) {
            // Something was still to be told to a child that has ended: its exit code says why.
        }
    }

    /** What the generator printed, once it has ended well. */
    private static List<String> loaded(Side side, LoadProcess generator, List<String> childsLines) throws Failed, InterruptedException {
        if (generator == null) {
            throw new Failed(side.label() + " asked for no load" + said(childsLines));
        }
        List<String> printed = generator.await();
        if (generator.exitValue() != 0) {
            throw new Failed("the load on " + side.label() + " ended with code " + generator.exitValue() + said(printed));
        }
        return printed;
    }

    private static Sample checked(Side side, Workload workload, List<String> lines) throws Failed {
        Sample sample;
        try {
            sample = Sample.parse(lines);
        } catch (IllegalArgumentException e) {
            throw new Failed(side.label() + ": " + e.getMessage());
        }
        if (!side.ran(sample.carrier())) {
            throw new Failed(side.label() + " ran on a thread named '" + sample.carrier() + "', not on '"
                    + side.carrierPrefix() + "...'" + said(lines));
        }
        for (Workload.Figure figure : workload.figures()) {
            if (!sample.metrics().containsKey(figure.metric())) {
                throw new Failed(side.label() + " printed no '" + figure.metric() + "'" + said(lines));
            }
        }
        return sample;
    }

    /** The last lines a child printed, for whoever has to find out. */
    private static String said(List<String> lines) {
        List<String> last = lines.subList(Math.max(0, lines.size() - 3), lines.size());
        return last.isEmpty() ? " and said nothing" : "; its last lines: " + String.join(" | ", last);
    }
}
