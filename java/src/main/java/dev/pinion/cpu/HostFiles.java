package dev.pinion.cpu;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Where the facts about the host are read: the roots of {@code /proc}, {@code /sys} and of the paths that {@code mountinfo} names.
 *
 * <p>Tests give directories of their own. Any thread may use it.
 */
public final class HostFiles {
    private final String proc;
    private final String sys;
    private final String root;

    /**
     * @param proc the directory that stands for {@code /proc}
     * @param sys  the directory that stands for {@code /sys}
     * @param root the directory that mount points of cgroups are below, {@code /} on a real machine
     */
    public HostFiles(Path proc, Path sys, Path root) {
        this(withSlash(proc.toString()), withSlash(sys.toString()), root.toString().equals("/") ? "" : root.toString());
    }

    private HostFiles(String proc, String sys, String root) {
        this.proc = proc;
        this.sys = sys;
        this.root = root;
    }

    private static String withSlash(String directory) {
        return directory.endsWith("/") ? directory : directory.concat("/");
    }

    /** @return this machine's own files */
    public static HostFiles ofThisMachine() {
        return new HostFiles("/proc/", "/sys/", "");
    }

    /** @param name a path below {@code /proc} @return the file's path on this host */
    public String proc(String name) {
        return proc.concat(name);
    }

    /** @param name a path below {@code /sys} @return the file's path on this host */
    public String sys(String name) {
        return sys.concat(name);
    }

    /** @param absolute a path as the kernel names it @return the file's path on this host */
    public String mounted(String absolute) {
        return root.concat(absolute);
    }

    /**
     * Reads a whole small file. The kernel's files do not tell their length, so it is read to the end.
     *
     * @param path a path that one of the other methods gave
     * @return its content without white space at the ends, or null if it cannot be read, for whatever reason: on a host's files a
     *         missing fact is a fact, and the caller says what it means
     */
    public String read(String path) {
        if (!new File(path).exists()) {
            return null; // an exception would cost ten times the question, and on many hosts many files are missing
        }
        try (FileInputStream in = new FileInputStream(path)) {
            byte[] content = new byte[4096];
            int length = 0;
            while (true) {
                int n = in.read(content, length, content.length - length);
                if (n <= 0) {
                    return new String(content, 0, length).trim();
                }
                length += n;
                if (length == content.length) {
                    content = Arrays.copyOf(content, length * 2);
                }
            }
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * @param path a path that one of the other methods gave
     * @return the number in the file, or -1 if the file cannot be read or holds none that is 0 or more
     */
    public int readInt(String path) {
        String text = read(path);
        if (text == null) {
            return -1;
        }
        return (int) Numbers.parse(text, 0, text.length(), Integer.MAX_VALUE);
    }
}
