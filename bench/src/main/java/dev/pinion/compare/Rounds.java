package dev.pinion.compare;

import dev.pinion.bench.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.compare.Comparison.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs the pairs: A B, then B A, so that neighbours in time are compared and neither side always comes first. A pair of which a run failed
 * does not count; when that is the first one, there will be no other.
 */
final class Rounds {
    private static final int MOST_REPEATS = 3;

    private final Options options;
    private final Commands commands;
    private final Path scratch;
    private final Consumer<String> progress;
    private final int cores;
    private final String programsCpus;
    private final String generatorsCpu;
    private final Generator generator;
    private final List<String> failures = new ArrayList<>();
    private Trace trace;
    private int repeats;

    /**
     * How the sides are started.
     *
     * @param traced Pinion's, with a trace
     */
    record Commands(List<String> jdk, List<String> pinion, List<String> traced) {}

    /** @param progress gets what is being done, before each run */
    Rounds(Options options, Commands commands, Path scratch, Consumer<String> progress) throws IOException {
        this.options = options;
        this.commands = commands;
        this.scratch = scratch;
        this.progress = progress;
        List<Integer> allowed = CpuSet.allowed(HostFiles.ofThisMachine());
        boolean split = options.load() != null && allowed.size() > 1;
        cores = split ? allowed.size() - 1 : allowed.size();
        programsCpus = split ? CpuSet.format(allowed.subList(0, cores)) : null;
        generatorsCpu = split ? CpuSet.format(allowed.subList(cores, allowed.size())) : null;
        generator = options.load() == null ? null : new Generator(options, scratch, generatorsCpu);
    }

    /** Runs all, and returns the pairs that count. */
    List<Pair> run() throws IOException, InterruptedException {
        List<Pair> pairs = new ArrayList<>();
        for (int i = -options.warmUps(); i < options.runs(); i++) {
            String number = i < 0 ? "warm-up" : "run " + (i + 1) + " of " + options.runs();
            Map<Side, Sample> samples = new EnumMap<>(Side.class);
            for (Side side : Math.floorMod(i, 2) == 0 ? List.of(Side.JDK, Side.PINION) : List.of(Side.PINION, Side.JDK)) {
                progress.accept(number + ", " + side.label());
                Sample sample = one(side, i, number);
                if (sample != null) {
                    samples.put(side, sample);
                }
            }
            if (samples.size() < 2 && pairs.isEmpty()) {
                break; // whatever else is tried, the user will want to know this first
            }
            if (i >= 0 && samples.size() == 2) {
                pairs.add(new Pair(samples.get(Side.JDK), samples.get(Side.PINION)));
            }
        }
        return pairs;
    }

    private Sample one(Side side, int i, String number) throws IOException, InterruptedException {
        Path output = scratch.resolve((i < 0 ? "warm-up" : "run-" + (i + 1)) + "-" + side.fileName() + ".log");
        boolean traced = i < 0 && side == Side.PINION;
        List<String> command = new ArrayList<>(programsCpus == null ? List.of() : List.of("taskset", "-c", programsCpus));
        command.addAll(side == Side.JDK ? commands.jdk() : traced ? commands.traced() : commands.pinion());
        for (int repeat = 0;; repeat++) {
            try {
                return once(output, command, traced);
            } catch (RunFailed.Disturbed e) {
                if (repeat < MOST_REPEATS) {
                    repeats++;
                    continue;
                }
                fail(number, side, e, output);
            } catch (RunFailed e) {
                fail(number, side, e, output);
            }
            return null;
        }
    }

    private Sample once(Path output, List<String> command, boolean traced) throws IOException, InterruptedException, RunFailed {
        if (options.load() != null && FirstAnswer.isTaken(options.load())) {
            throw new RunFailed("not started, since something answers at " + options.load() + " already");
        }
        Sample sample = new ProgramRun(options, generator, cores, output).run(command);
        if (traced) {
            trace = Trace.last(output);
        }
        return sample;
    }

    private void fail(String number, Side side, RunFailed e, Path output) throws IOException {
        String said = Files.exists(output) ? "; its last lines: " + Output.lastLines(output) + " (all in " + output + ")" : "";
        failures.add(number + ", on " + side.label() + ": " + e.getMessage() + said);
    }

    /** How many runs were made again, because others disturbed the load. */
    int repeats() {
        return repeats;
    }

    /** One sentence for each run that failed. */
    List<String> failures() {
        return failures;
    }

    /** What Pinion said of the last warm-up, or null. */
    Trace trace() {
        return trace;
    }

    /** Where the load comes from, or null when there is none. */
    String load() {
        if (generator == null || generator.description() == null) {
            return null;
        }
        return options.connections() + " connections by " + generator.description() + (generatorsCpu == null
                ? "; it shares the only CPU with the program"
                : "; it has CPU " + generatorsCpu + ", the program CPU " + programsCpus);
    }
}
