package dev.pinion.cli;

import dev.pinion.adapter.OpenHftReservations;
import dev.pinion.cpu.AffinityMask;
import dev.pinion.cpu.CorePlacement;
import dev.pinion.cpu.CpuLoad;
import dev.pinion.cpu.CpuLocks;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.DefaultGomaxprocs;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.LeaseDirectory;
import dev.pinion.cpu.StatLoad;
import dev.pinion.cpu.Topology;
import dev.pinion.cpu.TopologyDrawing;
import dev.pinion.cpu.TopologyJson;
import dev.pinion.cpu.TopologyReport;
import dev.pinion.terminal.Terminal;
import dev.pinion.terminal.TerminalWidth;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pinion topology}: the machine, and who has which of its CPUs. */
@Command(
        name = "topology",
        description = "Draw the machine: sockets, caches, cores; who uses and reserves which.",
        footer = {"", "Without --pid the Ps are shown where a program started now would get them by the load of this moment;",
            "among cores that are equally idle each process begins at another one."})
final class TopologyCommand implements Callable<Integer> {
    /** Ten of the kernel's ticks, and nobody has to wait for it. */
    private static final int LOAD_MILLIS = 100;

    @Option(names = "--json", description = "Print JSON")
    private boolean json;

    @Option(names = "--pid", paramLabel = "PID", description = "Show where the threads of this JVM may run")
    private Long pid;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Print this")
    private boolean help;

    @Override
    public Integer call() throws InterruptedException {
        HostFiles host = HostFiles.ofThisMachine();
        StatLoad load = new StatLoad(host, System.nanoTime());
        String process = pid == null ? "self" : Long.toString(pid);
        CpuSet allowed = AffinityMask.read(host, process);
        if (allowed == null) {
            throw new Commands.Failure(Commands.BAD_INPUT, "there is no process " + process + " whose threads can be read");
        }
        DefaultGomaxprocs gomaxprocs = new DefaultGomaxprocs(host);
        Topology topology = Topology.read(host, allowed);
        TopologyReport report = new TopologyReport(topology, allowed)
                .quota(gomaxprocs.quota().read())
                .version(Runtime.version())
                .waitsAreTold(new File(host.proc("self/schedstat")).exists());
        ThreadSorts threads = ThreadSorts.read(host, process);
        threads.forEach(report::threads);
        if (pid == null) {
            CorePlacement placement = CorePlacement.choose(
                    topology, allowed, null, null, gomaxprocs.compute(allowed), measured(load), 0);
            report.ps(placement.cpuOfP());
            PinCheck.run(report, placement.cpuOfP());
            sysmon(report, placement.housekeeping(), allowed);
        } else {
            report.ps(threads.cpuOfP());
            sysmon(report, threads.ofSysmon(), allowed);
        }
        reservations(report, topology.present(), host);
        System.out.print(json ? TopologyJson.write(report) : TopologyDrawing.draw(report, TerminalWidth.columns(), Terminal.of(1).isOne()));
        return 0;
    }

    /** Sysmon floats over the process's CPUs where none is without a P; then none is kept for housekeeping. */
    private static void sysmon(TopologyReport report, CpuSet cpus, CpuSet allowed) {
        if (!cpus.isEmpty()) {
            report.threads(ThreadSorts.SYSMON, cpus).housekeeping(cpus.equals(allowed) ? CpuSet.EMPTY : cpus);
        }
    }

    private static CpuLoad measured(StatLoad load) throws InterruptedException {
        Thread.sleep(LOAD_MILLIS);
        return load.sample(System.nanoTime()) ? load.pressing() : CpuLoad.NONE;
    }

    private static void reservations(TopologyReport report, CpuSet cpus, HostFiles host) {
        CpuLocks leases = new LeaseDirectory(host, Path.of(System.getProperty("java.io.tmpdir")));
        for (int cpu = cpus.first(); cpu >= 0; cpu = cpus.next(cpu + 1)) {
            long holder = OpenHftReservations.holder(cpu);
            report.reserved(cpu, holder == CpuLocks.NOBODY ? holder(leases, cpu) : holder);
        }
    }

    /** A lease that cannot be read is shown as one that nobody has: the drawing is no reservation. */
    private static long holder(CpuLocks leases, int cpu) {
        try {
            return leases.holder(cpu);
        } catch (IOException e) {
            return CpuLocks.NOBODY;
        }
    }
}
