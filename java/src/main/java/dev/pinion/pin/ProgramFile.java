package dev.pinion.pin;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the file of a command as a shell does, to tell a command that does not exist from one that may not be run. */
public final class ProgramFile {
    /** A shell's exit code for a command that does not exist. */
    public static final int NOT_FOUND = 127;

    /** A shell's exit code for a command that cannot be run. */
    public static final int NOT_EXECUTABLE = 126;

    private ProgramFile() {}

    /**
     * @param command what the user called it: a path, if there is a slash in it
     * @param path    the directories to search, as in PATH; null: only the current one is known
     * @return 0, {@link #NOT_FOUND} or {@link #NOT_EXECUTABLE}
     */
    public static int check(String command, String path) {
        if (command.isEmpty()) {
            return NOT_FOUND;
        }
        if (command.contains("/")) {
            return of(Path.of(command));
        }
        int best = NOT_FOUND;
        for (String directory : (path == null ? "" : path).split(File.pathSeparator, -1)) {
            int found = of(Path.of(directory).resolve(command)); // an empty element is the current directory
            if (found == 0) {
                return 0;
            }
            best = Math.min(best, found);
        }
        return best;
    }

    private static int of(Path file) {
        if (!Files.exists(file)) {
            return NOT_FOUND;
        }
        return Files.isRegularFile(file) && Files.isExecutable(file) ? 0 : NOT_EXECUTABLE;
    }
}
