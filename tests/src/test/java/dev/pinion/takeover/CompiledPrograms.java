package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Programs from source text, for what this tree cannot hold: preview features, and classes that have names of others. */
final class CompiledPrograms {
    private CompiledPrograms() {}

    /** @return the directory to put on a class path, which is {@code directory} itself */
    static Path compile(Path directory, String className, String source, String... options) throws IOException {
        return compile(directory, Map.of(className, source), Stream.concat(Stream.of("-cp", directory.toString()), Stream.of(options)).toList());
    }

    /** @return the directory to put on a module path, which is {@code directory} itself; its class {@code module-info} is among the sources */
    static Path compileModule(Path directory, Path modulePath, Map<String, String> sources) throws IOException {
        return compile(directory, sources, List.of("--module-path", modulePath.toString()));
    }

    private static Path compile(Path directory, Map<String, String> sources, List<String> options) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = directory.resolve(source.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            files.add(Files.writeString(file, source.getValue()));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> all = Stream.concat(options.stream(), Stream.of("-d", directory.toString(), "-Xlint:-preview")).toList();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            assertTrue(compiler.getTask(null, manager, null, all, null, manager.getJavaFileObjectsFromPaths(files)).call(), "see stderr");
        }
        return directory;
    }
}
