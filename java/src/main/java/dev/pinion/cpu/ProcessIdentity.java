package dev.pinion.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells processes apart by id and start time: a process id comes back after its owner's death, with another start time.
 */
final class ProcessIdentity {
    private ProcessIdentity() {
    }

    /**
     * @return the start time of a living process, in the kernel's ticks since boot; -1 if there is none, it is a zombie, or
     *         {@code /proc} hides it
     */
    static long startTime(HostFiles host, long pid) {
        String stat = host.read(host.proc(pid + "/stat"));
        // The name in parentheses may hold blanks and parentheses itself; the state follows the last one.
        int name = stat == null ? -1 : stat.lastIndexOf(')');
        if (name < 0 || name + 2 >= stat.length()) {
            return -1;
        }
        char state = stat.charAt(name + 2);
        if (state == 'Z' || state == 'X') {
            return -1;
        }
        return Numbers.word(stat, name + 2, stat.length(), 19);
    }

    /** @return the process's command name, or null */
    static String name(HostFiles host, long pid) {
        String name = host.read(host.proc(pid + "/comm"));
        return name == null || name.isEmpty() ? null : name;
    }

    /** @return the user that a living process runs as, -1 if that cannot be told */
    static int user(HostFiles host, long pid) {
        return owner(Path.of(host.proc(Long.toString(pid))));
    }

    /** @return this process; {@code ProcessHandle}, which starts a thread pool, is asked only where {@code /proc} does not tell */
    static long pid(HostFiles host) {
        String stat = host.read(host.proc("self/stat"));
        long pid = stat == null ? -1 : Numbers.word(stat, 0, stat.length(), 0);
        return pid > 0 ? pid : ProcessHandle.current().pid();
    }

    /** @return the user that files made by this process belong to; not the owner of /proc/self, which is root for some programs */
    static int self(HostFiles host) {
        String status = host.read(host.proc("self/status"));
        int line = status == null ? -1 : status.indexOf("\nUid:");
        if (line < 0) {
            return -1;
        }
        int end = status.indexOf('\n', line + 1);
        return (int) Numbers.word(status, line + 5, end < 0 ? status.length() : end, 3);
    }

    private static int owner(Path path) {
        try {
            return (Integer) Files.getAttribute(path, "unix:uid");
        } catch (IOException e) {
            return -1;
        }
    }
}
