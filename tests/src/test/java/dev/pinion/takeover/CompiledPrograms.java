package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Programs from source text, for what this tree cannot hold: preview features, and classes that have names of others. */
final class CompiledPrograms {
    private CompiledPrograms() {}

    /** @return the directory to put on a class path, which is {@code directory} itself */
    static Path compile(Path directory, String className, String source, String... options) throws IOException {
        Path file = directory.resolve(className.replace('.', '/') + ".java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> all = Stream.concat(Stream.of(options), Stream.of("-d", directory.toString(), "-cp", directory.toString(), "-Xlint:-preview"))
                .toList();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            assertTrue(compiler.getTask(null, manager, null, all, null, manager.getJavaFileObjects(file)).call(), "see stderr");
        }
        return directory;
    }
}
