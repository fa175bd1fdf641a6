package dev.pinion.compare;

import dev.pinion.bench.Invalid;
import dev.pinion.bench.OptionValue;
import dev.pinion.compare.Comparison.Pair;
import dev.pinion.terminal.Terminal;
import dev.pinion.terminal.TerminalWidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The command {@code pinion compare}. Exit codes: 0 all runs counted, 1 one failed, 2 bad command line. */
public final class Main {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    private Main() {}

    /**
     * Compares.
     *
     * @param arguments from the launcher: how many words the program's start on Pinion has, these, the same once more with a trace, then the user's
     */
    public static void main(String... arguments) throws InterruptedException {
        int code;
        try {
            code = run(List.of(arguments));
        } catch (Invalid e) {
            System.err.println("pinion compare: " + e.getMessage());
            code = BAD_INPUT;
        } catch (IOException e) {
            System.err.println("pinion compare: " + (e.getMessage() == null ? e : e.getMessage()));
            code = FAILED;
        }
        System.exit(code);
    }

    private static int run(List<String> words) throws IOException, InterruptedException {
        int measuredEnd = 1 + Integer.parseInt(words.getFirst());
        int tracedEnd = measuredEnd + 1 + Integer.parseInt(words.get(measuredEnd));
        Options options = Options.parse(words.subList(tracedEnd, words.size()));
        if (options.help()) {
            System.out.print(Options.HELP);
            return 0;
        }
        OptionValue.requireWritable("--json", options.json());
        if (measuredEnd == 1) {
            throw new Invalid("no program: after -- come the arguments of java");
        }
        List<String> jdk = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        jdk.addAll(options.javaArguments());
        Path scratch = Files.createTempDirectory("pinion-compare");
        AtomicBoolean logsStay = new AtomicBoolean();
        // Also after Ctrl-C.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(scratch, logsStay.get())));
        int code = compare(options, new Rounds.Commands(jdk, words.subList(1, measuredEnd), words.subList(measuredEnd + 1, tracedEnd)), scratch);
        logsStay.set(code == FAILED);
        return code;
    }

    private static int compare(Options options, Rounds.Commands commands, Path scratch) throws IOException, InterruptedException {
        Terminal err = Terminal.of(2);
        Consumer<String> progress = err.isOne() ? what -> System.err.print(err.restartLine() + what + " ...") : what -> { };
        Rounds rounds = new Rounds(options, commands, scratch, progress);
        List<Pair> pairs = rounds.run();
        System.err.print(err.restartLine());
        rounds.failures().forEach(failure -> System.err.println("pinion compare: " + failure));
        if (pairs.isEmpty()) {
            System.err.println("pinion compare: there is nothing to compare" + (rounds.failures().size() > 1
                    ? ", since the program fails on both schedulers" : ", since the program fails on one scheduler and not on the other"));
            return FAILED;
        }
        List<Comparison> all = Comparison.of(pairs);
        Report report = new Report(all, Reasons.of(pairs, rounds.trace(), Report.main(all)), rounds.failures(), rounds.load(), options.runs(),
                rounds.repeats());
        System.out.print(report.text(Terminal.of(1), TerminalWidth.columns()));
        if (options.json() != null) {
            report.write(options.json(), options.javaArguments());
        }
        return rounds.failures().isEmpty() ? 0 : FAILED;
    }

    private static void delete(Path directory, boolean logsStay) {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (!logsStay || !file.toString().endsWith(".log")) {
                    Files.delete(file);
                }
            }
            if (!logsStay) {
                Files.delete(directory);
            }
        } catch (IOException e) {
            System.err.println("pinion compare: " + directory + " cannot be removed: " + e.getMessage());
        }
    }
}
