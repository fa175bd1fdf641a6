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
        out.print(Table.head(options.subject(), options.against()));
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
    private String obstacle(Workload workload, int procs, Condition condition) {
        boolean jvmOnly = workload.shape() == Shape.EMPTY_AGENT || workload.shape() == Shape.WALL_TIME
                || workload.program().equals("parked-bytes");
        if (options.against().isGo() || options.subject().isGo()) {
            if (jvmOnly || workload.shape() == Shape.HOG_BESIDE || !GoPeer.PROGRAMS.contains(workload.program())) {
                return "there is no Go program for it";
            }
        }
        if (options.against() == Side.MINIMAL || options.subject() == Side.MINIMAL) {
            if (procs != 1) {
                return "the minimal scheduler has one thread";
            }
            if (jvmOnly || workload.shape() == Shape.CORE) {
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
        return cpus(workload, procs, condition).isEmpty() ? "no CPU is left" : null;
    }

    private List<Integer> cpus(Workload workload, int procs, Condition condition) {
        return options.cpus().isEmpty() ? CpuSet.choose(usable, procs, condition) : options.cpus();
    }

    private void measure(Workload workload, int procs, Condition condition, List<Integer> cpus, Quota quota)
            throws IOException, InterruptedException, ChildProcess.Failed {
        int pairs = options.named() ? options.pairs() : Math.min(options.pairs(), workload.maxPairs());
        List<Sample> a = new ArrayList<>();
        List<Sample> b = new ArrayList<>();
        List<Sample> again = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            boolean forth = pair % 2 == 0;
            if (forth) {
                a.add(child(options.subject(), workload, procs, condition, cpus, quota));
            } else if (options.noise()) {
                again.add(child(options.against(), workload, procs, condition, cpus, quota));
            }
            b.add(child(options.against(), workload, procs, condition, cpus, quota));
            if (!forth) {
                a.add(child(options.subject(), workload, procs, condition, cpus, quota));
            } else if (options.noise()) {
                again.add(child(options.against(), workload, procs, condition, cpus, quota));
            }
        }
        for (Workload.Figure figure : workload.figures()) {
            Row row = new Row(workload, figure, procs, condition, options.subject(), options.against(), a, b, again);
            out.print(Table.line(row));
            json.add(row);
        }
        out.flush();
    }

    private Sample child(Side side, Workload workload, int procs, Condition condition, List<Integer> cpus, Quota quota)
            throws IOException, InterruptedException, ChildProcess.Failed {
        boolean pinned = side == Side.PINION && workload.shape() == Shape.CORE && condition.hogs() > 0;
        List<Integer> pins = pinned ? cpus.subList(0, Math.min(procs, cpus.size())) : List.of();
        List<Integer> own = pinned && options.cpus().isEmpty() ? CpuSet.choose(usable, procs, Condition.QUIET) : cpus;
        List<String> command = launch.command(side, workload, procs, own, pins, options);
        Sample sample = ChildProcess.run(side, workload, procs, quota == null ? command : quota.enter(command));
        if (options.verbose()) {
            out.println("  " + side.label() + " " + sample);
        }
        return sample;
    }
}
