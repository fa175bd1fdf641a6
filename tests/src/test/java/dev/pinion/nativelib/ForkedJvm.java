package dev.pinion.nativelib;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with this one's class path, native access granted, and JNI checked. */
final class ForkedJvm {
    private ForkedJvm() {}

    static ProcessBuilder of(Class<?> program, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Xcheck:jni");
        command.addAll(List.of(options));
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(program.getName());
        ProcessBuilder builder = new ProcessBuilder(command);
        // The JVM announces them on stderr, which some tests want empty.
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().remove("JDK_JAVA_OPTIONS");
        return builder;
    }
}
