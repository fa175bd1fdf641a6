package dev.pinion.demo;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A JVM like this one for a program of this package, on the JDK's scheduler or on Pinion; all else is the same. */
final class ChildJvm {
    /** Variables that would change one side only. */
    private static final Set<String> REMOVED = Set.of("PINION", "PINION_OPTS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS");

    /** The way in of {@code pinion run}, by name: the room is none of the demo's. */
    private static final String RUN_MAIN = "dev.pinion.agent.RunMain";

    private ChildJvm() {}

    /** Its errors go where this JVM's go. */
    static ProcessBuilder of(Class<?> program, boolean onPinion, File jar, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        if (onPinion) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", jar + File.pathSeparator + jar, RUN_MAIN, "", "class"));
        } else {
            command.addAll(List.of("-cp", jar.getPath()));
        }
        command.add(program.getName());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().keySet().removeAll(REMOVED);
        return builder;
    }

    /**
     * The jar that this class came from.
     *
     * @throws IOException in one sentence, if it came from elsewhere, or if java could not be told the path
     */
    static File jar() throws IOException {
        File jar;
        try {
            jar = new File(ChildJvm.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IOException("Pinion's jar is not a file", e);
        }
        if (!jar.isFile()) {
            throw new IOException("the demo must be started from Pinion's jar, not from " + jar);
        }
        if (jar.getPath().indexOf('=') >= 0 || jar.getPath().indexOf(File.pathSeparatorChar) >= 0) {
            throw new IOException("java cannot load an agent from a path with = or : in it: " + jar);
        }
        return jar;
    }
}
