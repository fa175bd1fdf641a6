package dev.pinion.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code pinion bench --jmh}: JMH's own program over the rows of {@link dev.pinion.bench.jmh}, with everything behind {@code --jmh} as its
 * arguments. It is forked for its flags, which its own forks inherit.
 */
final class JmhRows {
    private JmhRows() {}

    /** @return JMH's exit code */
    static int run(List<String> arguments) throws IOException, InterruptedException {
        return new ProcessBuilder(command(List.of(), arguments)).inheritIO().start().waitFor();
    }

    static List<String> command(List<String> jvmFlags, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // JMH 1.37 finds the distance of fields by sun.misc.Unsafe, for which JDK 24 and later print four lines of warning.
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(jvmFlags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("org.openjdk.jmh.Main");
        command.addAll(arguments);
        return command;
    }
}
