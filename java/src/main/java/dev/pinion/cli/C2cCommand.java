package dev.pinion.cli;

import dev.pinion.c2c.HeatMap;
import dev.pinion.c2c.Latencies;
import dev.pinion.c2c.LatencyCsv;
import dev.pinion.c2c.LatencyPage;
import dev.pinion.c2c.Matrix;
import dev.pinion.c2c.PingPong;
import dev.pinion.c2c.Relations;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.NativeCallException;
import dev.pinion.nativelib.UnsupportedHost;
import dev.pinion.terminal.Prose;
import dev.pinion.terminal.Terminal;
import dev.pinion.terminal.TerminalWidth;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pinion c2c}: how long a word takes from core to core. */
@Command(
        name = "c2c",
        description = "Measure how long a word takes from each core to each other one.",
        footer = {"", "Some 20 ms a pair, so 64 CPUs take 40 s; what runs on them meanwhile is in the figures, and those of a pair where they vary are marked with ~.",
            "Where the figures do not fit the terminal, a digit stands for a pair, and ~ for one that is not to be trusted."})
final class C2cCommand implements Callable<Integer> {
    @Option(names = "--cpus", paramLabel = "LIST", description = "The CPUs, as in 2-5,8; without it all that this process may run on")
    private String cpus;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page, too")
    private String html;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write a line for each pair, too")
    private String csv;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Print this")
    private boolean help;

    @Override
    public Integer call() throws InterruptedException {
        GivenCpus given = new GivenCpus(HostFiles.ofThisMachine());
        CpuSet set = given.measured(cpus);
        if (set.size() < 2) {
            throw new Commands.Failure(Commands.BAD_INPUT, "from core to core there must be two CPUs, and CPU " + set + " is one"
                    + (cpus == null ? ", the only one that this process may run on" : ""));
        }
        OutputFile page = new OutputFile("--html", html);
        OutputFile table = new OutputFile("--csv", csv);
        Latencies found = measure(set, given);
        print("One line, nanoseconds one way:", found.oneLine(), given);
        print("Two lines:", found.twoLines(), given);
        int noisy = found.oneLine().noisyPairs() + found.twoLines().noisyPairs();
        if (noisy > 0) {
            prose("~ " + noisy + (noisy == 1 ? " figure is" : " figures are")
                    + " not to be trusted: the quartiles lie more than a quarter of the median apart, so something else ran there.");
        }
        prose(found.machine());
        if (page.isWanted()) {
            page.write(LatencyPage.html(found, given.topology()::distance));
        }
        table.write(LatencyCsv.write(found));
        return 0;
    }

    private static Latencies measure(CpuSet set, GivenCpus given) throws InterruptedException {
        Terminal err = Terminal.of(2);
        int pairs = set.size() * (set.size() - 1) / 2;
        IntConsumer progress = done -> {
            if (err.isOne()) {
                System.err.print(err.restartLine() + (done < pairs ? "pair " + done + " of " + pairs : ""));
                System.err.flush();
            }
        };
        try {
            Boot.withLibrary();
            return PingPong.measure(set, given.describe(), progress);
        } catch (NativeCallException e) {
            throw new Commands.Failure(Commands.BAD_INPUT, "the kernel does not let this process run there: " + e.getMessage());
        } catch (UnsupportedHost e) {
            throw new Commands.Failure(Commands.FAILED, e.getMessage());
        }
    }

    private static void print(String title, Matrix matrix, GivenCpus given) {
        System.out.println(title);
        System.out.print(HeatMap.draw(matrix, TerminalWidth.columns(), Terminal.of(1).isOne()));
        for (Relations.Row row : Relations.of(matrix, given.topology()::distance)) {
            prose(String.format(Locale.ROOT, "  %-22s %5d %-5s  %.0f ns (%.0f to %.0f)", row.name() + ":", row.pairs(), row.pairs() == 1 ? "pair" : "pairs", row.median(),
                    row.least(), row.most()));
        }
        System.out.println();
    }

    private static void prose(String text) {
        StringBuilder out = new StringBuilder();
        Prose.append(out, 0, Math.max(TerminalWidth.LEAST, TerminalWidth.columns()), "    ", text);
        System.out.print(out);
    }
}
