package dev.pinion.cli;

import dev.pinion.agent.NearestName;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root of the commands, and how each of them says that its input is wrong: in one sentence. */
@Command(
        name = "pinion",
        description = "Runs Java programs on Go's G/M/P scheduler, every P pinned to a core.",
        subcommands = {
            RunCommand.class,
            TopologyCommand.class,
            DoctorCommand.class,
            PinCommand.class,
            C2cCommand.class,
            JitterCommand.class,
            AttachCommand.class,
            JarCommand.class,
            VersionCommand.class,
            HelpCommand.class
        },
        footer = {"", "The launcher in a checkout of the sources has four more: demo, test, bench, compare."})
public final class Commands implements ToIntFunction<String[]> {
    static final int FAILED = 1;
    static final int BAD_INPUT = 2;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Print this")
    private boolean help;

    /** A command that works, but not on this input. The message is the sentence, without the command's name. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final int code;

        Failure(int code, String sentence) {
            super(sentence);
            this.code = code;
        }
    }

    @Override
    public int applyAsInt(String[] arguments) {
        CommandLine line = new CommandLine(this);
        line.getSubcommands().get("run").setStopAtPositional(true);
        line.getSubcommands().get("pin").setStopAtPositional(true);
        line.setExpandAtFiles(false); // java's arguments may begin with @, and they are java's
        line.setUsageHelpAutoWidth(true);
        line.setParameterExceptionHandler((e, given) -> say(e.getCommandLine(), BAD_INPUT, sentence(e, given)));
        line.setExecutionExceptionHandler((e, command, result) -> {
            if (e instanceof Failure failure) {
                return say(command, failure.code, failure.getMessage());
            }
            throw e;
        });
        if (arguments.length == 0) {
            return say(line, BAD_INPUT, "no command: one of " + names(line) + " is wanted");
        }
        return line.execute(arguments);
    }

    private static int say(CommandLine command, int code, String sentence) {
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + sentence.replace('\n', ' ').replace('\r', ' '));
        err.flush();
        return code;
    }

    private static String sentence(ParameterException e, String[] given) {
        boolean run = e.getCommandLine().getCommandName().equals("run");
        if (run && !List.of(given).contains("--")) {
            return RunCommand.NO_SEPARATOR;
        }
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unknown(e.getCommandLine(), unmatched);
        }
        if (e instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
            return missing.getMissing().getFirst() instanceof OptionSpec option
                    ? "option " + option.longestName() + " needs a value, " + option.paramLabel()
                    : "the " + missing.getMissing().getFirst().paramLabel() + " is missing";
        }
        String message = e.getMessage();
        return message.isEmpty() ? e.toString() : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }

    private static String unknown(CommandLine command, UnmatchedArgumentException e) {
        String first = e.getUnmatched().getFirst();
        boolean option = first.startsWith("-");
        List<String> names = option
                ? command.getCommandSpec().options().stream().map(OptionSpec::longestName).toList()
                : List.copyOf(command.getSubcommands().keySet());
        String name = option && first.contains("=") ? first.substring(0, first.indexOf('=')) : first;
        String nearest = NearestName.of(name, names);
        if (!option && names.isEmpty()) {
            return "argument '" + first + "' is one too many";
        }
        return "unknown " + (option ? "option " : "command ") + name
                + (nearest == null
                        ? "; there " + (names.size() == 1 ? "is " : "are ") + String.join(", ", names)
                        : "; did you mean " + nearest + "?");
    }

    private static String names(CommandLine line) {
        return String.join(", ", line.getSubcommands().keySet());
    }
}
