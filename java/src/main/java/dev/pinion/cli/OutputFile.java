package dev.pinion.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a command is to write when it has measured: whether it can is asked before, and not after a minute. */
public final class OutputFile {
    private final Path path;

    /** @param name null: nothing is to be written */
    OutputFile(String option, String name) {
        path = name == null ? null : Path.of(name);
        String problem = problem(option, path);
        if (problem != null) {
            throw new Commands.Failure(Commands.BAD_INPUT, problem);
        }
    }

    /**
     * @param option that names the file, for the sentence
     * @param path   may be null: nothing is to be written
     * @return why it cannot be written, in one sentence, or null if it can
     */
    public static String problem(String option, Path path) {
        if (path == null) {
            return null;
        }
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            return option + " " + path + ": there is no directory " + directory;
        }
        boolean can = !Files.isDirectory(path) && Files.isWritable(Files.exists(path) ? path : directory);
        return can ? null : option + " " + path + " cannot be written";
    }

    /** Writes over what is there, and says so on stderr. */
    void write(String content) {
        if (path == null) {
            return;
        }
        try {
            Files.writeString(path, content);
        } catch (IOException e) {
            throw new Commands.Failure(Commands.FAILED, path + " cannot be written: " + e.getMessage());
        }
        System.err.println("written: " + path);
    }

    boolean isWanted() {
        return path != null;
    }
}
