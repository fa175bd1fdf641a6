package dev.pinion.bench.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** FIFOs in a directory of their own, removed with it. */
final class Fifos implements AutoCloseable {
    private final Path directory;
    private final List<String> paths = new ArrayList<>();

    Fifos(int count) throws IOException, InterruptedException {
        directory = Files.createTempDirectory("pinion-bench");
        List<String> command = new ArrayList<>(List.of("mkfifo"));
        for (int i = 0; i < count; i++) {
            paths.add(directory.resolve("fifo" + i).toString());
        }
        command.addAll(paths);
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            close();
            throw new IOException("mkfifo failed");
        }
    }

    String path(int i) {
        return paths.get(i);
    }

    @Override
    public void close() throws IOException {
        for (String path : paths) {
            Files.deleteIfExists(Path.of(path));
        }
        Files.delete(directory);
    }
}
