package dev.pinion.cli;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.ThreadSort;
import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.NativeCallException;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.UnsupportedHost;
import dev.pinion.pin.PinnedProcess;
import dev.pinion.pin.ProgramFile;
import dev.pinion.pin.ThreadMover;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pinion pin}: any command on CPUs of its own; of a JVM, collector and compilers elsewhere. */
@Command(
        name = "pin",
        description = "Run any command on CPUs of its own; of a JVM, collector and compilers elsewhere.",
        customSynopsis = "pinion pin --cpus LIST [--gc LIST] [--jit LIST] [--verbose] -- COMMAND [ARGUMENTS]",
        footer = {"", "The command's exit code is this one's; 127: there is no such command, 126: it cannot be run, 2: wrong options.",
            "HUP, INT, TERM, USR1 and CONT are passed on to it; the JVM keeps the others for itself. --gc and --jit know the threads of HotSpot by their names,",
            "in the command and in its children, and find them within some milliseconds at first, within 200 later."})
final class PinCommand implements Callable<Integer> {
    @Option(names = "--cpus", paramLabel = "LIST", required = true, description = "The CPUs of the command, as in 2-5,8")
    private String cpus;

    @Option(names = "--gc", paramLabel = "LIST", description = "The CPUs of the collector's threads")
    private String gc;

    @Option(names = "--jit", paramLabel = "LIST", description = "The CPUs of the compilers' threads")
    private String jit;

    @Option(names = "--verbose", description = "Say each thread that is moved, when it is")
    private boolean verbose;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Print this")
    private boolean help;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "The command and its arguments")
    private List<String> command = List.of();

    @Override
    public Integer call() throws InterruptedException {
        GivenCpus given = new GivenCpus(HostFiles.ofThisMachine());
        CpuSet main = given.named("--cpus", cpus);
        Map<ThreadSort, CpuSet> where = new EnumMap<>(ThreadSort.class);
        if (gc != null) {
            where.put(ThreadSort.GC, given.named("--gc", gc));
        }
        if (jit != null) {
            where.put(ThreadSort.JIT, given.named("--jit", jit));
        }
        if (command.isEmpty()) {
            throw new Commands.Failure(Commands.BAD_INPUT, "no command: pinion pin --cpus 2-3 -- java -jar server.jar");
        }
        PinnedProcess process = start(given.host(), main);
        CpuSet others = given.allowed().minus(main);
        if (!others.isEmpty()) {
            Natives.setAffinity(0, others.toMask()); // the thread that looks is no part of what is measured; where it may not leave, it stays
        }
        if (where.isEmpty()) {
            return process.await();
        }
        ThreadMover mover = new ThreadMover(given.host(), (tid, set) -> Natives.setAffinity(tid, set.toMask()), where, verbose ? PinCommand::say : line -> { });
        int code = process.await(mover);
        mover.summary().forEach(PinCommand::say);
        mover.refused().forEach((sort, result) -> say(sort.label() + " threads could not be moved to CPUs " + where.get(sort) + ": "
                + NativeCallException.describe(-result)));
        return code;
    }

    private PinnedProcess start(HostFiles host, CpuSet main) {
        String program = command.getFirst();
        int problem = ProgramFile.check(program, System.getenv("PATH"));
        if (problem != 0) {
            throw new Commands.Failure(problem, problem == ProgramFile.NOT_FOUND ? "there is no command '" + program + "'"
                    : "'" + program + "' is no file that this user may execute");
        }
        try {
            Boot.withLibrary();
            return PinnedProcess.start(host, command, main);
        } catch (IOException e) {
            throw new Commands.Failure(ProgramFile.NOT_EXECUTABLE, "'" + program + "' cannot be run: " + e.getMessage());
        } catch (NativeCallException e) {
            throw new Commands.Failure(Commands.BAD_INPUT, "--cpus " + cpus + ": the kernel does not let this process run there: " + e.getMessage());
        } catch (UnsupportedHost e) {
            throw new Commands.Failure(Commands.FAILED, e.getMessage());
        }
    }

    private static void say(String line) {
        System.err.println("pinion pin: " + line);
    }
}
