package dev.pinion.cli;

import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root command. Exit codes: 0, 1 (the work failed), 2 (the user's input is wrong; one sentence on stderr). */
@Command(name = "pinion", subcommands = VersionCommand.class)
public final class Commands implements ToIntFunction<String[]> {
    @Override
    public int applyAsInt(String[] arguments) {
        return new CommandLine(this).execute(arguments);
    }
}
