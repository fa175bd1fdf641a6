package dev.pinion.bench;

import dev.pinion.bench.Workload.Shape;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the rounds. A round is A B C, and the next C B A, where C is B's side once more: neighbours in time are compared,
 * and neither side always comes first. A workload that fails on one side gives a line with the reason, and the rest goes on.
 */
final class Runner {

    private final Options options;
    private final Launch launch;
    private final PrintStream out;
    private final List<Integer> usable;
    private final JsonReport json = new JsonReport();
    private int failures;

    Runner(Options options, Launch launch, PrintStream out) throws IOException {
        this.options = options;
        this.launch = launch;
        this.out = out;
        this.usable = CpuSet.allowed(Path.of("/proc/self/status"));
    }

    /** Runs everything asked for and returns the number of rows that gave no figure. */
    int runAll() throws IOException, InterruptedException {
        out.print(Table.head(options.subject().label(), options.againstLabel()));
        if (!options.againstOptions().isEmpty()) {
            out.println("  " + options.againstLabel() + ": " + options.otherOptions());
        }
        for (Condition condition : options.conditions()) {
            for (int procs : options.procs()) {
                for (Workload workload : options.workloads()) {
                    row(workload, procs, condition);
                }
            }
        }
        out.print(Table.LEGEND);
        if (options.json() != null) {
            json.write(options.json());
        }
        return failures;
    }

    private void row(Workload workload, int procs, Condition condition) throws IOException, InterruptedException {
        String obstacle = obstacle(workload, procs, condition);
        if (obstacle != null) {
            missing(workload, procs, condition, obstacle);
            return;
        }
        List<Integer> cpus = cpus(workload, procs, condition);
        Hogs hogs = new Hogs(condition.hogs(), cpus.getFirst());
        try (Quota quota = condition == Condition.QUOTA ? Quota.create(Path.of("/proc/self")) : null) {
            measure(workload, procs, condition, cpus, quota);
        } catch (ChildProcess.Failed | IOException e) {
            failures++;
            missing(workload, procs, condition, e.getMessage());
        } finally {
            hogs.close();
        }
    }

    private void missing(Workload workload, int procs, Condition condition, String reason) {
        out.print(Table.missing(workload, procs, condition, reason));
        json.addMissing(workload, procs, condition, reason);
    }

    /** Why a combination makes no sense, or null. */
    private String obstacle(Workload workload, int procs, Condition condition) throws IOException {
        boolean jvmOnly = workload.shape() == Shape.EMPTY_AGENT || workload.shape() == Shape.WALL_TIME
                || workload.program().equals("parked-bytes");
        if (options.against().isGo() || options.subject().isGo()) {
            if (jvmOnly || workload.shape() == Shape.HOG_BESIDE || !GoPeer.PROGRAMS.contains(workload.program())) {
                return "there is no Go program for it";
            }
        }
        if ((options.against() == Side.FLOOR || options.subject() == Side.FLOOR) && !CPeer.PROGRAMS.contains(workload.program())) {
            return "there is no C program for it";
        }
        if (options.against() == Side.MINIMAL || options.subject() == Side.MINIMAL) {
            if (procs != 1) {
                return "the minimal scheduler has one thread";
            }
            if (jvmOnly || workload.shape() == Shape.CORE || workload.shape() == Shape.SERVED) {
                return "it says nothing about a minimal scheduler";
            }
        }
        if (workload.shape() == Shape.HOG_BESIDE) {
            if (condition != Condition.QUIET) {
                return "it brings its own hog";
            }
            if (cpus(workload, procs, condition).size() <= procs) {
                return "it needs one CPU more than Ps";
            }
        }
        if (workload.shape() == Shape.TWO_PS && procs < 2) {
            return "it needs two Ps: --procs 2";
        }
        if (workload.load() != null) {
            String reason = obstacleToLoad(workload.load(), cpus(workload, procs, condition));
            if (reason != null) {
                return reason;
            }
        }
        return cpus(workload, procs, condition).isEmpty() ? "no CPU is left" : null;
    }

    private String obstacleToLoad(Load load, List<Integer> servers) throws IOException {
        if (launch.floor().program() == null) {
            return "no load generator: " + launch.floor().missing();
        }
        if (generatorsCpu(servers) < 0) {
            return "its load generator needs one CPU more than Ps";
        }
        long limit = FileLimit.hard(Path.of("/proc/self/limits"));
        return limit >= load.descriptors() ? null : load.connections() + " connections need " + load.descriptors()
                + " file descriptors in one process, and the hard limit here is " + limit + " (ulimit -Hn)";
    }

    /** The first usable CPU that the server does not have, or -1. */
    private int generatorsCpu(List<Integer> servers) {
        return usable.stream().filter(cpu -> !servers.contains(cpu)).findFirst().orElse(-1);
    }

    private List<Integer> cpus(Workload workload, int procs, Condition condition) {
        if (!options.cpus().isEmpty()) {
            return options.cpus();
        }
        List<Integer> chosen = CpuSet.choose(usable, procs, condition);
        return workload.shape() == Shape.SERVED ? chosen.subList(0, Math.min(procs, chosen.size())) : chosen;
    }

    private void measure(Workload workload, int procs, Condition condition, List<Integer> cpus, Quota quota)
            throws IOException, InterruptedException, ChildProcess.Failed {
        Trial trial = new Trial(workload, procs, condition, cpus, quota, rate(workload, procs, condition, cpus, quota));
        int pairs = options.named() ? options.pairs() : Math.min(options.pairs(), workload.maxPairs());
        List<Sample> a = new ArrayList<>();
        List<Sample> b = new ArrayList<>();
        List<Sample> again = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            boolean forth = pair % 2 == 0;
            if (forth) {
                a.add(subject(trial));
            } else if (options.noise()) {
                again.add(other(trial));
            }
            b.add(other(trial));
            if (!forth) {
                a.add(subject(trial));
            } else if (options.noise()) {
                again.add(other(trial));
            }
        }
        for (Workload.Figure figure : workload.figures()) {
            Row row = new Row(workload, figure, procs, condition, options.subject(), options.against(), a, b, again);
            out.print(Table.line(row));
            json.add(row);
        }
        out.flush();
    }

    /**
     * What is the same for both sides of a row.
     *
     * @param rate requests a second at half load, or 0 where the workload has its own or none
     */
    private record Trial(Workload workload, int procs, Condition condition, List<Integer> cpus, Quota quota, double rate) {
    }

    /** Half of what the other side reached under a closed loop, in a run that does not count. */
    private double rate(Workload workload, int procs, Condition condition, List<Integer> cpus, Quota quota)
            throws IOException, InterruptedException, ChildProcess.Failed {
        if (workload.load() == null || !workload.load().wantsRate()) {
            return 0;
        }
        Sample first = other(new Trial(workload, procs, condition, cpus, quota, 0));
        return Load.halfOf(first.metrics().get(Load.CLOSED_LOOP));
    }

    private Sample subject(Trial trial) throws IOException, InterruptedException, ChildProcess.Failed {
        return child(options.subject(), options.subject().label(), options.subjectOptions(), trial);
    }

    private Sample other(Trial trial) throws IOException, InterruptedException, ChildProcess.Failed {
        return child(options.against(), options.againstLabel(), options.otherOptions(), trial);
    }

    private Sample child(Side side, String label, String pinionOptions, Trial trial)
            throws IOException, InterruptedException, ChildProcess.Failed {
        Workload workload = trial.workload;
        int procs = trial.procs;
        boolean pinned = side == Side.PINION && workload.shape() == Shape.CORE && trial.condition.hogs() > 0;
        List<Integer> pins = pinned ? trial.cpus.subList(0, Math.min(procs, trial.cpus.size())) : List.of();
        List<Integer> own = pinned && options.cpus().isEmpty() ? CpuSet.choose(usable, procs, Condition.QUIET) : trial.cpus;
        List<String> command = launch.command(side, workload, procs, own, pins, pinionOptions, options);
        Sample sample = ChildProcess.run(side, workload, procs, trial.quota == null ? command : trial.quota.enter(command),
                load(workload, trial));
        if (options.verbose()) {
            out.println("  " + label + " " + sample);
        }
        return sample;
    }

    private List<String> load(Workload workload, Trial trial) {
        if (workload.load() == null) {
            return List.of();
        }
        double rate = workload.load().wantsRate() ? trial.rate : workload.load().ratePerSecond();
        return workload.load().command(launch.floor().program(), generatorsCpu(trial.cpus), rate);
    }
}
