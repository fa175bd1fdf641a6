package dev.pinion.cli;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.jitter.Jitter;
import dev.pinion.jitter.JitterPage;
import dev.pinion.jitter.JitterText;
import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.NativeCallException;
import dev.pinion.nativelib.UnsupportedHost;
import dev.pinion.terminal.Terminal;
import dev.pinion.terminal.TerminalWidth;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pinion jitter}: what the system takes from each CPU. */
@Command(
        name = "jitter",
        description = "Measure what the system takes from a thread on each CPU, bound and not.",
        footer = {"", "The threads compute all the time, so with all CPUs in the list they also disturb each other's interrupts and everybody else.",
            "moves: it was seen on another CPU after a gap; switches: it lost the CPU to another thread; steal: time the hypervisor took."})
final class JitterCommand implements Callable<Integer> {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");
    private static final long LEAST_MILLIS = 100;
    private static final long MOST_MILLIS = 3_600_000;

    @Option(names = "--cpus", paramLabel = "LIST", description = "The CPUs, as in 2-5,8; without it all that this process may run on")
    private String cpus;

    @Option(names = "--for", paramLabel = "DURATION", defaultValue = "30s", description = "How long, as in 500ms, 30s, 2m; 30s without it")
    private String duration;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page, too")
    private String html;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Print this")
    private boolean help;

    @Override
    public Integer call() throws InterruptedException {
        long nanos = nanos();
        GivenCpus given = new GivenCpus(HostFiles.ofThisMachine());
        CpuSet set = given.measured(cpus);
        OutputFile page = new OutputFile("--html", html);
        Jitter.Result result;
        try {
            Boot.withLibrary();
            result = Jitter.run(given.host(), set, given.allowed(), nanos, given.describe());
        } catch (NativeCallException e) {
            throw new Commands.Failure(Commands.BAD_INPUT, "the kernel does not let this process run there: " + e.getMessage());
        } catch (UnsupportedHost e) {
            throw new Commands.Failure(Commands.FAILED, e.getMessage());
        }
        System.out.print(JitterText.draw(result, TerminalWidth.columns(), Terminal.of(1).isOne()));
        if (page.isWanted()) {
            page.write(JitterPage.html(result));
        }
        return 0;
    }

    private long nanos() {
        Matcher given = DURATION.matcher(duration);
        long millis = given.matches() ? Long.parseLong(given.group(1)) * switch (given.group(2)) {
            case "ms" -> 1;
            case "s" -> 1_000;
            default -> 60_000;
        } : 0;
        if (millis < LEAST_MILLIS || millis > MOST_MILLIS) {
            throw new Commands.Failure(Commands.BAD_INPUT, "--for " + duration + ": give a duration from 100ms to 60m, as in 30s");
        }
        return millis * 1_000_000;
    }
}
