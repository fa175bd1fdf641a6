package dev.pinion.cli;

import java.io.File;
import java.util.List;
import java.util.Set;

/** What java would make of its arguments, as far as it takes to see that nothing would run. */
public final class JavaArguments {
    /** Options of java whose value is the next argument. */
    private static final Set<String> WITH_VALUE = Set.of(
            "-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path", "--add-modules",
            "--limit-modules", "--add-exports", "--add-opens", "--add-reads", "--patch-module", "--enable-native-access",
            "--illegal-native-access", "--sun-misc-unsafe-memory-access", "--finalization", "--source");

    /** Options after which java prints something and ends. */
    private static final Set<String> NO_PROGRAM_NEEDED = Set.of(
            "-version", "--version", "-showversion", "--show-version", "-fullversion", "--full-version", "-help", "--help",
            "-h", "-?", "-X", "--help-extra", "--list-modules", "-d", "--describe-module", "--validate-modules");

    private JavaArguments() {}

    /** One sentence, or null if there is a program, or might be one in an argument file. */
    public static String problem(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            boolean last = i + 1 == arguments.size();
            if (argument.equals("-jar")) {
                return last ? "java's option -jar needs a file after it" : absent(arguments.get(i + 1));
            }
            if (argument.equals("-m") || argument.equals("--module")) {
                return last ? "java's option " + argument + " needs a module after it" : null;
            }
            if (WITH_VALUE.contains(argument)) {
                i++;
            } else if (NO_PROGRAM_NEEDED.contains(argument) || !argument.startsWith("-") || argument.startsWith("--module=")) {
                return null;
            }
        }
        return "no program: after -- come the arguments of java, with a main class, a -jar FILE or a -m MODULE among them";
    }

    private static String absent(String jar) {
        return new File(jar).isFile() ? null : "no such jar: " + jar;
    }
}
