package dev.pinion.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A cgroup of our own that may use one CPU: 100 ms of every 100 ms. Version 2 where its {@code cpu} controller can be
 * had, else version 1. Which hierarchies exist is read from files, so that a test can hand in others.
 */
final class Quota implements AutoCloseable {

    private static final long PERIOD_MICROS = 100_000;

    private final Path group;
    private final AtExit.Held held;

    private Quota(Path group) {
        this.group = group;
        this.held = AtExit.hold(() -> Files.deleteIfExists(group));
    }

    /**
     * Makes the group below the one this process is in.
     *
     * @param proc {@code /proc/self}, for {@code mountinfo} and {@code cgroup}
     * @throws IOException saying in one sentence why there is none
     */
    static Quota create(Path proc) throws IOException {
        List<String> groups = Files.readAllLines(proc.resolve("cgroup"));
        String name = "pinion-bench-" + ProcessHandle.current().pid();
        String reason = "no cgroup hierarchy with the cpu controller is mounted";
        for (String line : Files.readAllLines(proc.resolve("mountinfo"))) {
            // "... root mountpoint options [tags] - type source superoptions"
            String[] halves = line.split(" - ", 2);
            String[] words = halves[0].split(" ");
            String[] tail = halves.length == 2 ? halves[1].split(" ") : new String[0];
            if (words.length < 5 || tail.length < 3) {
                continue;
            }
            boolean unified = tail[0].equals("cgroup2");
            if (!unified && !(tail[0].equals("cgroup") && List.of(tail[2].split(",")).contains("cpu"))) {
                continue;
            }
            Path group = parent(Path.of(words[4]), words[3], groups, unified).resolve(name);
            try {
                Files.createDirectory(group);
                try {
                    limit(group, unified);
                    return new Quota(group);
                } catch (IOException e) {
                    Files.deleteIfExists(group);
                    throw e;
                }
            } catch (IOException e) {
                reason = "the cgroup " + group + " cannot be had (" + e.getClass().getSimpleName() + ": " + e.getMessage() + ")";
            }
        }
        throw new IOException(reason);
    }

    private static void limit(Path group, boolean unified) throws IOException {
        if (unified) {
            Files.writeString(group.resolve("cpu.max"), PERIOD_MICROS + " " + PERIOD_MICROS);
        } else {
            Files.writeString(group.resolve("cpu.cfs_period_us"), Long.toString(PERIOD_MICROS));
            Files.writeString(group.resolve("cpu.cfs_quota_us"), Long.toString(PERIOD_MICROS));
        }
    }

    /** Where this process's own group appears under the mount point. */
    private static Path parent(Path mountPoint, String mountRoot, List<String> groups, boolean unified) {
        for (String line : groups) {
            String[] fields = line.split(":", 3);
            boolean ours = unified ? fields[0].equals("0") : List.of(fields[1].split(",")).contains("cpu");
            if (ours && fields[2].startsWith(mountRoot)) {
                Path own = mountPoint.resolve(fields[2].substring(mountRoot.length()).replaceFirst("^/+", ""));
                // A version 2 group that has processes cannot hand controllers down; its parent can.
                return unified && !own.equals(mountPoint) ? own.getParent() : own;
            }
        }
        return mountPoint;
    }

    /** The command that runs {@code command} inside the group: a shell enters first, so the child never runs outside. */
    List<String> enter(List<String> command) {
        List<String> wrapped = new java.util.ArrayList<>(List.of("/bin/sh", "-c", "echo $$ > \"$0\" && exec \"$@\"",
                group.resolve("cgroup.procs").toString()));
        wrapped.addAll(command);
        return wrapped;
    }

    /** Removes the group; its processes must have ended. */
    @Override
    public void close() throws IOException {
        held.close();
    }
}
