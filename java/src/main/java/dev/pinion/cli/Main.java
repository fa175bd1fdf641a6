package dev.pinion.cli;

import dev.pinion.nativelib.IsolatedLibraries;
import java.util.function.ToIntFunction;

/**
 * The main class of the jar. It only steps over into the loader that sees the command-line library: {@link Commands} is
 * named by a string, because the class of that name that <i>this</i> loader would find could not be linked.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        @SuppressWarnings("unchecked")
        ToIntFunction<String[]> commands = IsolatedLibraries.create(ToIntFunction.class, "dev.pinion.cli.Commands");
        int code = commands.applyAsInt(arguments);
        System.out.flush();
        System.exit(code);
    }
}
