package dev.pinion.bench;

import dev.pinion.cpu.HostFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Rows run one time for a moment, some at once, which is no measurement: whether they run at all, and as the bench wants it. */
final class ShortRuns {

    /** They sleep most of the time. */
    private static final int AT_ONCE = 3;

    private static final double SHARE = 0.01;

    private final Launch launch;
    private final Side side;
    private final Options options;
    private final Map<String, Future<Sample>> runs = new LinkedHashMap<>();

    ShortRuns(Launch launch, Side side, Options options) {
        this.launch = launch;
        this.side = side;
        this.options = options;
    }

    /** Runs each program of these rows once, where there are CPUs for it, and says what became of those that gave no sample. */
    List<String> failures(List<Workload> rows) throws Exception {
        List<Integer> usable = CpuSet.allowed(HostFiles.ofThisMachine());
        try (ExecutorService children = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Workload workload : rows) {
                int procs = workload.shape() == Workload.Shape.TWO_PS ? 2 : 1;
                if (usable.size() >= procs && !runs.containsKey(workload.program())) {
                    runs.put(workload.program(), children.submit(run(workload, procs, CpuSet.choose(usable, procs, Condition.QUIET))));
                }
            }
        }
        List<String> failures = new ArrayList<>();
        runs.forEach((program, run) -> {
            if (run.state() == Future.State.FAILED) {
                failures.add(program + ": " + run.exceptionNow());
            }
        });
        return failures;
    }

    private Callable<Sample> run(Workload workload, int procs, List<Integer> cpus) {
        List<String> command = launch.command(side, workload, procs, cpus, List.of(), "", options);
        return () -> ChildProcess.run(side, workload, command, List.of(), SHARE);
    }

    /** The programs that were run. */
    Set<String> programs() {
        return runs.keySet();
    }
}
