package dev.pinion.compare;

import dev.pinion.bench.program.ResourceUsage;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One run of the program, to its end, its text, or through its load; measured from outside. One at a time in a process. */
final class ProgramRun {
    /** Would decide for Pinion's side what the command line decides already. */
    private static final List<String> REMOVED = List.of("PINION", "PINION_OPTS");

    private static final int GRACE_SECONDS = 10;

    /** USER_HZ: 100 on every Linux that the JDK runs on. */
    private static final double NANOS_OF_A_TICK = 10e6;

    private static final int UTIME = 11;
    private static final int STIME = 12;

    private final Options options;
    private final Generator generator;
    private final int cores;
    private final Path output;

    /**
     * @param generator of the load, or null when there is none
     * @param cores     how many CPUs the program may use
     * @param output    where its output goes
     */
    ProgramRun(Options options, Generator generator, int cores, Path output) {
        this.options = options;
        this.generator = generator;
        this.cores = cores;
        this.output = output;
    }

    /**
     * Runs the program.
     *
     * @throws RunFailed   when it ends otherwise than it should
     * @throws IOException when it cannot be started or looked at
     */
    Sample run(List<String> command) throws IOException, InterruptedException, RunFailed {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null"));
        builder.environment().keySet().removeAll(REMOVED);
        if (options.until() == null) {
            builder.redirectOutput(output.toFile());
        }
        ResourceUsage before = ResourceUsage.ofEndedChildren();
        long started = System.nanoTime();
        Process process = builder.start();
        Thread hook = new Thread(() -> terminate(process));
        Runtime.getRuntime().addShutdownHook(hook);
        try (ThreadSampler sampler = new ThreadSampler(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            if (options.load() != null) {
                return underLoad(process, sampler, started);
            }
            long over = options.until() != null ? untilText(process, sampler) : untilEnd(process);
            return ofWholeRun(over - started, ResourceUsage.ofEndedChildren().since(before), sampler);
        } finally {
            process.destroyForcibly().waitFor();
            LoadRun.removeHook(hook);
        }
    }

    private long untilEnd(Process process) throws InterruptedException, RunFailed {
        if (!process.waitFor(options.timeoutSeconds(), TimeUnit.SECONDS)) {
            throw new RunFailed("did not end within " + options.timeoutSeconds() + " s (--timeout); --until TEXT is for programs that do not end");
        }
        long over = System.nanoTime();
        if (process.exitValue() != 0) {
            throw new RunFailed("ended with code " + process.exitValue());
        }
        return over;
    }

    private long untilText(Process process, ThreadSampler sampler) throws IOException, InterruptedException, RunFailed {
        CompletableFuture<Long> found = Output.copy(process, output, options.until());
        Long over;
        try {
            over = found.get(options.timeoutSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new RunFailed("did not print '" + options.until() + "' within " + options.timeoutSeconds() + " s (--timeout)");
        } catch (ExecutionException e) {
            throw new IOException("its output cannot be read: " + e.getCause().getMessage(), e);
        }
        if (over == null) {
            boolean ended = process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
            throw new RunFailed((ended ? "ended with code " + process.exitValue() : "closed its output") + " before it printed '"
                    + options.until() + "'");
        }
        sampler.totals();
        terminate(process);
        return over;
    }

    /** Asks, and then no longer asks. */
    private static void terminate(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private Sample ofWholeRun(double wallNanos, ResourceUsage used, ThreadSampler sampler) {
        ThreadTotals threads = sampler.totals();
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.WALL, wallNanos);
        figures.put(Figure.CPU, (double) used.cpuNanos());
        figures.put(Figure.VOLUNTARY, (double) used.voluntary());
        figures.put(Figure.INVOLUNTARY, (double) used.involuntary());
        addThreads(figures, threads, sampler);
        return new Sample(figures, new Sample.Use(wallNanos, used.cpuNanos(), orNaN(threads, threads.gcNanos()), orNaN(threads, threads.jitNanos()),
                used.voluntary() + used.involuntary(), cores, Double.NaN));
    }

    private static double orNaN(ThreadTotals threads, long value) {
        return threads.isKnown() ? value : Double.NaN;
    }

    private static void addThreads(Map<Figure, Double> figures, ThreadTotals threads, ThreadSampler sampler) {
        if (!threads.isKnown()) {
            return;
        }
        figures.put(Figure.GC, (double) threads.gcNanos());
        figures.put(Figure.JIT, (double) threads.jitNanos());
        if (threads.migrations() >= 0) {
            figures.put(Figure.MIGRATIONS, (double) threads.migrations());
        }
        figures.put(Figure.THREADS, (double) sampler.most());
    }

    /** What is read at the borders of the load's window. */
    private static final class Borders implements LoadRun.Window {
        private final Path stat;
        private final ThreadSampler sampler;
        private ThreadTotals threadsBefore;
        private double cpuBefore;
        private ThreadTotals threads;
        private double cpuNanos;

        Borders(Process process, ThreadSampler sampler) {
            this.stat = Path.of("/proc", Long.toString(process.pid()), "stat");
            this.sampler = sampler;
        }

        @Override
        public void begins() throws IOException {
            cpuBefore = cpuNanos(stat);
            threadsBefore = sampler.totals();
        }

        @Override
        public void ends() throws IOException {
            cpuNanos = cpuNanos(stat) - cpuBefore;
            threads = sampler.totals().since(threadsBefore);
        }
    }

    /** User and system time of a process, ended threads included. */
    private static double cpuNanos(Path stat) throws IOException {
        String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
        // The second field is the program's name in parentheses, which may have blanks and parentheses itself.
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) * NANOS_OF_A_TICK;
    }

    private Sample underLoad(Process process, ThreadSampler sampler, long started) throws IOException, InterruptedException, RunFailed {
        FirstAnswer answer = FirstAnswer.await(options.load(), process, started + TimeUnit.SECONDS.toNanos(options.timeoutSeconds()));
        Borders borders = new Borders(process, sampler);
        LoadRun load;
        try {
            load = LoadRun.of(generator.command(answer), 2 * options.seconds() + 2, borders);
        } catch (RunFailed | IOException e) {
            if (process.waitFor(1, TimeUnit.SECONDS)) {
                throw new RunFailed("ended with code " + process.exitValue() + " under load");
            }
            throw e;
        }
        if (borders.threads == null) {
            throw new RunFailed("its load said nothing of when it began");
        }
        terminate(process);
        double wall = TimeUnit.SECONDS.toNanos(options.seconds());
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.FIRST_ANSWER, (double) (answer.nanoTime() - started));
        figures.put(Figure.RATE, load.answers() / (double) options.seconds());
        figures.put(Figure.P50, load.metrics().get("p50"));
        figures.put(Figure.P99, load.metrics().get("p99"));
        figures.put(Figure.P999, load.metrics().get("p999"));
        figures.put(Figure.CPU_PER_REQUEST, borders.cpuNanos / load.answers());
        if (borders.threads.isKnown()) {
            figures.put(Figure.SWITCHES_PER_REQUEST, borders.threads.switches() / (double) load.answers());
        }
        addThreads(figures, borders.threads, sampler);
        return new Sample(figures, new Sample.Use(wall, borders.cpuNanos, orNaN(borders.threads, borders.threads.gcNanos()),
                orNaN(borders.threads, borders.threads.jitNanos()), orNaN(borders.threads, borders.threads.switches()), cores, load.metrics().getOrDefault("busy", Double.NaN)));
    }
}
