package dev.pinion.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What the kernel counts of one thread, from {@code /proc/PID/task/TID}.
 *
 * @param name       as the kernel has it: 15 bytes of Java's
 * @param cpuNanos   user and system time
 * @param switches   voluntary and involuntary
 * @param migrations from one CPU to another, or -1 where the kernel does not say
 */
record ThreadCounts(String name, long cpuNanos, long switches, long migrations) {

    /** A thread is alive, and the kernel does not say what is asked of it. */
    static final class Untold extends Exception {
        private static final long serialVersionUID = 1L;

        Untold(IOException cause) {
            super(cause);
        }
    }

    /**
     * All threads alive, by id. One that ends meanwhile is left out.
     *
     * @param task {@code /proc/PID/task}
     * @throws IOException when the process is gone
     * @throws Untold      of any thread alive
     */
    static Map<String, ThreadCounts> readAll(Path task) throws IOException, Untold {
        Map<String, ThreadCounts> all = new HashMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(task)) {
            for (Path thread : threads) {
                try {
                    all.put(thread.getFileName().toString(), read(thread));
                } catch (IOException e) {
                    if (isAlive(thread)) {
                        throw new Untold(e);
                    }
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return all;
    }

    /** Everyone may read the name, on every kernel. */
    private static boolean isAlive(Path thread) {
        try {
            text(thread.resolve("comm"));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** @param thread {@code /proc/PID/task/TID} */
    static ThreadCounts read(Path thread) throws IOException {
        String name = text(thread.resolve("comm")).strip();
        // The one file that has migrations too; kernels without CONFIG_SCHED_DEBUG lack it.
        if (Files.exists(thread.resolve("sched"))) {
            String sched = text(thread.resolve("sched"));
            return new ThreadCounts(name, Math.round(number(sched, "\nse.sum_exec_runtime") * 1e6), (long) number(sched, "\nnr_switches"),
                    (long) number(sched, "\nse.nr_migrations"));
        }
        String status = text(thread.resolve("status"));
        String schedstat = text(thread.resolve("schedstat"));
        return new ThreadCounts(name, Long.parseLong(schedstat.substring(0, schedstat.indexOf(' '))),
                (long) number(status, "\nvoluntary_ctxt_switches") + (long) number(status, "\nnonvoluntary_ctxt_switches"), -1);
    }

    private static double number(String text, String label) throws IOException {
        int at = text.indexOf(label);
        int colon = at < 0 ? -1 : text.indexOf(':', at);
        if (colon < 0) {
            throw new IOException("no " + label.strip());
        }
        int end = text.indexOf('\n', colon);
        return Double.parseDouble(text.substring(colon + 1, end < 0 ? text.length() : end).strip());
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
