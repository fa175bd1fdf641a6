package dev.pinion.takeover;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The kernel's word on where a thread may run. Used by the tests and, in another JVM, by their programs. */
final class Cpus {
    private Cpus() {}

    /** As the kernel writes it: {@code 0-3,8}. */
    static String listOf(Path statusFile) {
        try {
            for (String line : Files.readAllLines(statusFile)) {
                if (line.startsWith("Cpus_allowed_list:")) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no Cpus_allowed_list in " + statusFile);
    }

    /** Those of the main thread, which nobody pins. */
    static String listOfThisProcess() {
        return listOf(Path.of("/proc/self/status"));
    }

    /** Those of the calling thread, or of the carrier under it. */
    static String listOfThisThread() {
        return listOf(Path.of("/proc/thread-self/status"));
    }

    static List<Integer> ofThisProcess() {
        return of(Path.of("/proc/self/status"));
    }

    static List<Integer> of(Path statusFile) {
        List<Integer> cpus = new ArrayList<>();
        for (String range : listOf(statusFile).split(",")) {
            String[] ends = range.split("-");
            for (int cpu = Integer.parseInt(ends[0]); cpu <= Integer.parseInt(ends[ends.length - 1]); cpu++) {
                cpus.add(cpu);
            }
        }
        return cpus;
    }
}
