package dev.pinion.jmh;

import dev.pinion.cpu.AffinityMask;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.StealTime;
import dev.pinion.cpu.ThreadCounters;
import dev.pinion.cpu.Throttling;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;

/**
 * {@code -prof dev.pinion.jmh.CoreProfiler}: whether the workers had their cores. For each iteration, from files in {@code /proc} and the
 * cgroup that are read before and after it:
 *
 * <ul>
 * <li>{@code core.migrations}, {@code core.switches.voluntary}, {@code core.switches.involuntary}: of all workers together
 * <li>{@code core.runDelay}: percent of the iteration for which the worst-off worker could have run and had no CPU
 * <li>{@code core.throttles}, {@code core.throttled}: how often a CPU quota stopped the cgroup or a parent, and how many milliseconds of CPU
 *     time it withheld, all CPUs together
 * <li>{@code core.steal}: percent of the workers' CPUs' time that the hypervisor kept; all CPUs of the process, if workers are not pinned
 * <li>{@code core.trusted}: {@code yes}; or {@code WARNING} and why the figure is not to be trusted: a worker was kept from its core for
 * more than 1 % of the iteration, a pinned one migrated, a quota throttled, more than 1 % was stolen; or {@code unknown} and what cannot
 * be read
 * </ul>
 *
 * <p>What cannot be read is {@code unknown} ({@code NaN} in JMH's last table), never 0. A few voluntary switches are JMH's: workers wait
 * for each other where an iteration begins and ends.
 */
public final class CoreProfiler implements InternalProfiler {
    private final HostFiles host = HostFiles.ofThisMachine();
    private final Throttling throttling = Throttling.find(host);
    private final WorkerThreads threads = new WorkerThreads();
    private IterationFigures.Snapshot before;

    /** Made by JMH, in each JVM that it forks. */
    public CoreProfiler() {}

    @Override
    public String getDescription() {
        return "Whether the threads of the benchmark had their cores: migrations, switches, run delay, throttling, steal time";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        before = snapshot();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        IterationFigures figures = IterationFigures.between(before, snapshot());
        return List.of(
                new Figure("core.migrations", figures.migrations(), "#"),
                new Figure("core.switches.voluntary", figures.voluntary(), "#"),
                new Figure("core.switches.involuntary", figures.involuntary(), "#"),
                new Figure("core.runDelay", figures.runDelayPercent(), "%"),
                new Figure("core.throttles", figures.throttles(), "#"),
                new Figure("core.throttled", figures.throttledMillis(), "ms"),
                new Figure("core.steal", figures.stealPercent(), "%"),
                new Trust(figures));
    }

    private IterationFigures.Snapshot snapshot() {
        long begun = System.nanoTime();
        Map<Worker, ThreadCounters> workers = new HashMap<>();
        for (Worker worker : threads.now()) {
            workers.put(worker, ThreadCounters.read(host, worker.tid()));
        }
        CpuSet cpus = PinnedExecutor.cpus();
        // The workers have the main thread's mask, too.
        StealTime steal = StealTime.read(host, cpus.isEmpty() ? AffinityMask.readOrEmpty(host, "self") : cpus);
        Throttling.Reading throttled = throttling.read();
        return new IterationFigures.Snapshot(begun, System.nanoTime(), workers, throttled, steal);
    }
}
