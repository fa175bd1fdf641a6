package dev.pinion.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What the kernel counts of another process, from {@code /proc/PID}.
 *
 * @param cpuMillis       user and system time, of threads that ended too
 * @param switchesOfTasks voluntary and involuntary context switches of each thread alive
 * @param pinionThreads   how many of those are Ms, by name
 */
record ProcessCounters(long cpuMillis, Map<String, Long> switchesOfTasks, int pinionThreads) {
    /** USER_HZ: 100 on every Linux that the JDK runs on, whatever the kernel's own tick is. */
    private static final long MILLIS_OF_A_TICK = 10;

    private static final int UTIME = 11;
    private static final int STIME = 12;

    /** @param directory {@code /proc/PID} */
    static ProcessCounters read(Path directory) throws IOException {
        Map<String, Long> switches = new HashMap<>();
        int ms = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(directory.resolve("task"))) {
            for (Path task : tasks) {
                String status;
                try {
                    status = text(task.resolve("status"));
                } catch (IOException e) {
                    continue; // it ended meanwhile
                }
                switches.put(task.getFileName().toString(),
                        number(status, "\nvoluntary_ctxt_switches:") + number(status, "\nnonvoluntary_ctxt_switches:"));
                if (status.startsWith("Name:\tpinion-P")) {
                    ms++;
                }
            }
        }
        String stat = text(directory.resolve("stat"));
        // The second field is the program's name in parentheses, which may have blanks and parentheses itself.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return new ProcessCounters((Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) * MILLIS_OF_A_TICK, switches, ms);
    }

    int threads() {
        return switchesOfTasks.size();
    }

    /** Of the threads alive at the end; the few that were born and ended in between are not in {@code /proc} any more. */
    long switchesSince(ProcessCounters earlier) {
        long sum = 0;
        for (Map.Entry<String, Long> task : switchesOfTasks.entrySet()) {
            sum += task.getValue() - earlier.switchesOfTasks.getOrDefault(task.getKey(), 0L);
        }
        return sum;
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    private static long number(String status, String label) throws IOException {
        int at = status.indexOf(label);
        if (at < 0) {
            throw new NoSuchFileException("no" + label.replace('\n', ' ') + " in /proc");
        }
        int end = status.indexOf('\n', at + 1);
        return Long.parseLong(status.substring(at + label.length(), end < 0 ? status.length() : end).strip());
    }
}
