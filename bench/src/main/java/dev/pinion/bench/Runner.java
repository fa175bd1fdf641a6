package dev.pinion.bench;

import dev.pinion.bench.Workload.Shape;
import dev.pinion.cpu.HostFiles;
import dev.pinion.terminal.Terminal;
import dev.pinion.terminal.TerminalWidth;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the rounds. A round is A B C D, and the next D C B A: A is the subject, B the first other side, C that once more, D the next other side.
 * After two rounds the other sides change places: no side always comes first, and each is the subject's neighbour in time as often as the others,
 * but for what is left over. A side that fails gives a line with the reason, and the rest goes on.
 */
final class Runner {

    /** Repeats may take so much of what the session takes without them. */
    private static final double REPEATS = 0.15;

    private final Options options;
    private final Launch launch;
    private final Contestant subject;
    private final List<Contestant> others;
    private final PrintStream out;
    private final Progress progress;
    private final Table table;
    private final NoiseCheck noise;
    private final List<Integer> usable;
    private final double expectedSeconds;
    private final List<Results.Entry> entries = new ArrayList<>();
    private int failures;

    /**
     * @param out      where each line goes as soon as there is one
     * @param progress where the progress goes, as {@code terminal} allows
     */
    Runner(Options options, Launch launch, Calibration calibration, PrintStream out, Terminal outTerminal, PrintStream progress, Terminal terminal)
            throws IOException {
        this.options = options;
        this.launch = launch;
        this.subject = Contestant.subject(options);
        this.others = Contestant.others(options);
        this.out = out;
        this.usable = CpuSet.allowed(HostFiles.ofThisMachine());
        this.table = new Table(subject.label(), others.stream().map(Contestant::label).toList(), options.wide(), outTerminal, TerminalWidth.columns());
        this.expectedSeconds = expectedSeconds();
        this.progress = new Progress(progress, terminal, TerminalWidth.columns(), expectedSeconds, System::nanoTime);
        this.noise = new NoiseCheck(calibration, expectedSeconds * REPEATS, System::nanoTime);
    }

    private double expectedSeconds() throws IOException {
        double seconds = 0;
        for (Condition condition : options.conditions()) {
            for (int procs : options.procs()) {
                for (Workload workload : options.workloads()) {
                    seconds += expectedSeconds(workload, procs, condition);
                }
            }
        }
        return seconds;
    }

    /** About how long a workload takes, or 0 where it cannot run. */
    private double expectedSeconds(Workload workload, int procs, Condition condition) throws IOException {
        if (obstacle(workload, procs, condition) != null) {
            return 0;
        }
        Plan plan = Plan.of(workload, options);
        int able = (int) others.stream().filter(other -> obstacle(other.side(), workload, procs) == null).count();
        return plan.seconds() * plan.runs(able);
    }

    /** How many rows gave no figure although they should have. */
    int failures() {
        return failures;
    }

    /**
     * Runs everything asked for.
     *
     * @param machine where this is
     * @param command the command line
     */
    Results runAll(Machine machine, String command) throws IOException, InterruptedException {
        try (AtExit.Held _ = AtExit.hold(progress::clear)) {
            return all(machine, command);
        }
    }

    private Results all(Machine machine, String command) throws IOException, InterruptedException {
        out.print(table.head());
        for (Contestant other : others) {
            if (other.side() == Side.PINION && !options.againstOptions().isEmpty()) {
                out.println("  " + other.label() + ": " + other.pinionOptions());
            }
        }
        for (Condition condition : options.conditions()) {
            for (int procs : options.procs()) {
                for (Workload workload : options.workloads()) {
                    row(workload, procs, condition);
                }
            }
        }
        progress.clear();
        Results results = new Results(machine, command, List.copyOf(entries));
        out.print(table.foot(results));
        return results;
    }

    private void row(Workload workload, int procs, Condition condition) throws IOException, InterruptedException {
        String obstacle = obstacle(workload, procs, condition);
        if (obstacle != null) {
            missing(workload, null, procs, condition, obstacle);
            return;
        }
        progress.begin(workload.name());
        List<Integer> cpus = cpus(workload, procs, condition);
        Hogs hogs = new Hogs(condition.hogs(), cpus.getFirst());
        try (Quota quota = condition == Condition.QUOTA ? Quota.create(Path.of("/proc/self")) : null) {
            measure(workload, procs, condition, cpus, quota);
        } catch (ChildProcess.Failed | IOException e) {
            failures++;
            noise.takeRepeats();
            missing(workload, null, procs, condition, e.getMessage());
        } finally {
            hogs.close();
        }
    }

    private void missing(Workload workload, String side, int procs, Condition condition, String reason) {
        Results.Missing missing = new Results.Missing(workload.name(), side, procs, condition, reason);
        progress.clear();
        out.print(table.missing(missing));
        entries.add(missing);
    }

    /** Why a combination makes no sense, or null. */
    private String obstacle(Workload workload, int procs, Condition condition) throws IOException {
        String subjects = obstacle(subject.side(), workload, procs);
        if (subjects != null) {
            return subjects;
        }
        if (others.stream().allMatch(other -> obstacle(other.side(), workload, procs) != null)) {
            return obstacle(others.getFirst().side(), workload, procs);
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

    /** Why a side has nothing for a workload, or null. */
    private static String obstacle(Side side, Workload workload, int procs) {
        boolean jvmOnly = workload.shape() == Shape.EMPTY_AGENT || workload.shape() == Shape.WALL_TIME;
        if (side.peer() != null) {
            boolean none = jvmOnly || workload.shape() == Shape.HOG_BESIDE || !side.peer().programs().contains(workload.program());
            return none ? side.label() + " has no program for it" : null;
        }
        if (side == Side.PLATFORM) {
            return PlatformThreads.obstacle(workload);
        }
        if (side != Side.MINIMAL) {
            return null;
        }
        if (procs != 1) {
            return "the minimal scheduler has one thread";
        }
        boolean silent = jvmOnly || workload.shape() == Shape.CORE || workload.shape() == Shape.SERVED
                || workload.program().equals("parked-bytes");
        return silent ? "it says nothing about a minimal scheduler" : null;
    }

    private String obstacleToLoad(Load load, List<Integer> servers) throws IOException {
        Peer.Built generator = launch.built().get(CPeer.PEER);
        if (generator.program() == null) {
            return "no load generator: " + generator.missing();
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
        Plan plan = Plan.of(workload, options);
        Map<Contestant, String> failed = new LinkedHashMap<>();
        List<Contestant> running = new ArrayList<>(others);
        running.removeIf(other -> obstacle(other.side(), workload, procs) != null);
        Trial trial = new Trial(workload, plan, procs, condition, cpus, quota, rate(workload, plan, procs, condition, cpus, quota, running.getFirst()));
        List<Sample> a = new ArrayList<>();
        Map<Contestant, List<Sample>> b = new HashMap<>();
        List<Sample> again = new ArrayList<>();
        Contestant first = running.getFirst();
        for (int round = 0; round < plan.pairs(); round++) {
            for (int place : places(running.size(), plan.noise(), round)) {
                Contestant contestant = place == SUBJECT ? subject : place == AGAIN ? first : running.get(place);
                if (failed.containsKey(contestant)) {
                    continue;
                }
                try {
                    Sample sample = child(contestant, trial);
                    (place == SUBJECT ? a : place == AGAIN ? again : b.computeIfAbsent(contestant, c -> new ArrayList<>())).add(sample);
                } catch (ChildProcess.Failed | IOException e) {
                    failed.put(contestant, e.getMessage());
                    if (contestant == subject || failed.size() == running.size()) {
                        throw e;
                    }
                }
            }
        }
        NoiseCheck.Repeats repeats = noise.takeRepeats();
        failed.forEach((other, reason) -> {
            failures++;
            missing(workload, other.label(), procs, condition, reason);
        });
        running.removeAll(failed.keySet());
        progress.clear();
        for (Workload.Figure figure : workload.figures()) {
            Line line = new Line(running.stream().map(other -> new Row(workload, figure, procs, condition, subject.side(), other.side(), a,
                    b.get(other), other == first ? again : List.of())).toList(), repeats, plan.share());
            out.print(table.line(line));
            entries.add(line);
        }
        out.flush();
    }

    private static final int SUBJECT = -1;
    private static final int AGAIN = -2;

    /** Who runs after whom in a round: numbers of other sides, and the two above. */
    static List<Integer> places(int others, boolean noise, int round) {
        List<Integer> places = new ArrayList<>(List.of(SUBJECT));
        for (int place = 0; place < others; place++) {
            int other = (place + round / 2) % others;
            places.add(other);
            if (other == 0 && noise) {
                places.add(AGAIN);
            }
        }
        return round % 2 == 0 ? places : places.reversed();
    }

    /**
     * What is the same for all sides of a row.
     *
     * @param rate requests a second at half load, or 0 where the workload has its own or none
     */
    private record Trial(Workload workload, Plan plan, int procs, Condition condition, List<Integer> cpus, Quota quota, double rate) {
    }

    /** Half of what the first other side reached under a closed loop, in a run that does not count. */
    private double rate(Workload workload, Plan plan, int procs, Condition condition, List<Integer> cpus, Quota quota, Contestant other)
            throws IOException, InterruptedException, ChildProcess.Failed {
        if (workload.load() == null || !workload.load().wantsRate()) {
            return 0;
        }
        Sample first = child(other, new Trial(workload, plan, procs, condition, cpus, quota, 0));
        return Load.halfOf(first.metrics().get(Load.CLOSED_LOOP));
    }

    private Sample child(Contestant contestant, Trial trial) throws IOException, InterruptedException, ChildProcess.Failed {
        Workload workload = trial.workload;
        int procs = trial.procs;
        boolean pinned = contestant.side() == Side.PINION && workload.shape() == Shape.CORE && trial.condition.hogs() > 0;
        List<Integer> pins = pinned ? trial.cpus.subList(0, Math.min(procs, trial.cpus.size())) : List.of();
        List<Integer> own = pinned && options.cpus().isEmpty() ? CpuSet.choose(usable, procs, Condition.QUIET) : trial.cpus;
        List<String> bare = launch.command(contestant.side(), workload, procs, own, pins, contestant.pinionOptions(), options);
        List<String> command = trial.quota == null ? bare : trial.quota.enter(bare);
        // Where a hog of ours is, the loop would time the hog.
        List<Integer> checked = trial.condition.hogs() > 0 ? trial.cpus.subList(1, trial.cpus.size()) : trial.cpus;
        progress.run(contestant.label());
        Sample sample = noise.run(checked,
                () -> ChildProcess.run(contestant.side(), workload, command, load(workload, trial), trial.plan.share()));
        progress.done(trial.plan.seconds());
        if (options.verbose()) {
            progress.clear();
            out.println("  " + contestant.label() + " " + sample);
        }
        return sample;
    }

    private List<String> load(Workload workload, Trial trial) {
        if (workload.load() == null) {
            return List.of();
        }
        double rate = workload.load().wantsRate() ? trial.rate : workload.load().ratePerSecond();
        return workload.load().command(launch.built().get(CPeer.PEER).program(), generatorsCpu(trial.cpus), rate, trial.plan.share());
    }
}
