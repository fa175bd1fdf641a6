package dev.pinion.cli;

import dev.pinion.nativelib.IsolatedLibraries;
import java.util.function.ToIntFunction;

/**
 * The main class of the jar. It only steps over into the loader that sees the command-line library: {@link Commands} is
 * named by a string, because the class of that name that <i>this</i> loader would find could not be linked.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        @SuppressWarnings("unchecked")
        ToIntFunction<String[]> commands = (ToIntFunction<String[]>)
                IsolatedLibraries.load("dev.pinion.cli.Commands").getDeclaredConstructor().newInstance();
        int code = commands.applyAsInt(arguments);
        System.out.flush();
        System.exit(code);
    }
}
