package dev.pinion.cli;

import dev.pinion.cpu.CorePlacement;
import dev.pinion.cpu.CpuLoad;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.DefaultGomaxprocs;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.StatLoad;
import dev.pinion.cpu.Topology;
import dev.pinion.doctor.Doctor;
import dev.pinion.doctor.JvmFacts;
import dev.pinion.doctor.Patient;
import dev.pinion.doctor.Probes;
import dev.pinion.doctor.Report;
import dev.pinion.doctor.ReportJson;
import dev.pinion.doctor.ReportText;
import dev.pinion.doctor.Sample;
import dev.pinion.terminal.Terminal;
import dev.pinion.terminal.TerminalWidth;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pinion doctor}: whether this machine is fit for pinned Ps, and what would mend it. */
@Command(
        name = "doctor",
        description = "Examine this machine: what keeps Ps from their cores, what it costs, which line mends it.",
        footer = {"", "It changes nothing, takes some three seconds, and needs no root, with which it can see more.",
            "Exit code 1: something fails; 0: nothing does. What is unknown is no pass."})
final class DoctorCommand implements Callable<Integer> {
    private static final int WINDOW_MILLIS = 1000;

    @Option(names = "--cpus", paramLabel = "LIST", description = "The CPUs for Ps, as in 2-5,8; without it those where a program started now gets its Ps")
    private String cpus;

    @Option(names = "--json", description = "Print JSON")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Print this")
    private boolean help;

    @Override
    public Integer call() throws InterruptedException {
        GivenCpus given = new GivenCpus(HostFiles.ofThisMachine());
        HostFiles host = given.host();
        CpuSet allowed = given.allowed();
        Topology topology = given.topology();
        CpuSet named = cpus == null ? null : given.present("--cpus", cpus); // those that are offline or out of reach are findings
        StatLoad load = new StatLoad(host, System.nanoTime());
        Sample first = Sample.read(host, System.nanoTime());
        Thread.sleep(WINDOW_MILLIS);
        Sample second = Sample.read(host, System.nanoTime());
        CpuSet asked = named != null ? named : placed(host, topology, allowed, load.sample(System.nanoTime()) ? load.pressing() : CpuLoad.NONE);
        Patient patient = new Patient(host, topology, allowed, asked, named != null, Path.of(System.getProperty("java.io.tmpdir")), first, second,
                Probes.run(asked.intersect(topology.online()), topology, given.reachable()), JvmFacts.ofThisJvm());
        Report report = Doctor.examine(patient);
        System.out.print(json ? ReportJson.write(report) : ReportText.write(report, TerminalWidth.columns(), Terminal.of(1).isOne()));
        return report.exitCode();
    }

    private static CpuSet placed(HostFiles host, Topology topology, CpuSet allowed, CpuLoad load) {
        int gomaxprocs = new DefaultGomaxprocs(host).compute(allowed);
        return CpuSet.of(CorePlacement.choose(topology, allowed, null, null, gomaxprocs, load, 0).cpuOfP());
    }
}
