package dev.pinion.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the files of this process's cgroup are, found by {@code /proc/self/cgroup} (which group) and {@code mountinfo} (where the
 * hierarchy is mounted), as Go 1.25 finds them. A controller in a v1 hierarchy is looked for there, else in the v2 one.
 */
public final class Cgroup {
    private final HostFiles host;
    private final String groups;
    private final String mounts;

    /** @param host the files; two of them are read at once */
    public Cgroup(HostFiles host) {
        this.host = host;
        this.groups = host.read(host.proc("self/cgroup"));
        this.mounts = host.read(host.proc("self/mountinfo"));
    }

    /**
     * @param controller {@code cpu}, {@code cpuset} or {@code pids}
     * @return where its files are, null where there is no cgroup to be seen
     */
    public Place find(String controller) {
        if (groups == null || mounts == null) {
            return null;
        }
        String group = groupOf(controller);
        boolean v2 = group == null;
        if (v2) {
            group = groupOf("");
        }
        if (group == null) {
            return null;
        }
        int start = 0;
        while (start < mounts.length()) {
            int end = endOfLine(mounts, start);
            Place place = mount(mounts.substring(start, end), v2, controller, group);
            if (place != null) {
                return place;
            }
            start = end + 1;
        }
        return null;
    }

    /** Lines are {@code 4:cpu,cpuacct:/path}; the v2 hierarchy's has no controllers: {@code 0::/path}. */
    private String groupOf(String controller) {
        int start = 0;
        while (start < groups.length()) {
            int end = endOfLine(groups, start);
            int first = groups.indexOf(':', start);
            int second = groups.indexOf(':', first + 1);
            if (first > 0 && second > 0 && second < end && names(groups.substring(first + 1, second), controller)) {
                return groups.substring(second + 1, end);
            }
            start = end + 1;
        }
        return null;
    }

    /** A line is {@code 31 23 0:28 ROOT MOUNTPOINT options [tags] - TYPE SOURCE OPTIONS}. */
    private Place mount(String line, boolean v2, String controller, String group) {
        int dash = line.indexOf(" - ");
        if (dash < 0) {
            return null;
        }
        String type = field(line, dash + 3, 0);
        boolean wanted = v2 ? "cgroup2".equals(type) : "cgroup".equals(type) && names(field(line, dash + 3, 2), controller);
        if (!wanted) {
            return null;
        }
        String root = unescape(field(line, 0, 3));
        String point = unescape(field(line, 0, 4));
        String below;
        if (root.equals("/")) {
            below = group;
        } else if (group.equals(root) || group.startsWith(root.concat("/"))) {
            below = group.substring(root.length());
        } else {
            below = ""; // a container that sees only its own part mounted: that part's top is its group
        }
        if (below.equals("/") || below.startsWith("/..")) {
            below = "";
        }
        List<String> directories = new ArrayList<>();
        while (!below.isEmpty()) {
            directories.add(host.mounted(point.concat(below)).concat("/"));
            below = below.substring(0, below.lastIndexOf('/'));
        }
        directories.add(host.mounted(point).concat("/"));
        return new Place(v2, directories);
    }

    /** Whether a list with commas has a name; the empty list has the empty name. */
    private static boolean names(String list, String name) {
        if (list == null || list.isEmpty()) {
            return name.isEmpty();
        }
        int start = 0;
        while (start <= list.length()) {
            int comma = list.indexOf(',', start);
            int end = comma < 0 ? list.length() : comma;
            if (end - start == name.length() && list.startsWith(name, start)) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }

    private static String field(String line, int from, int index) {
        int start = from;
        for (int i = 0; i < index; i++) {
            start = line.indexOf(' ', start) + 1;
            if (start == 0) {
                return null;
            }
        }
        int end = line.indexOf(' ', start);
        return line.substring(start, end < 0 ? line.length() : end);
    }

    /** The kernel writes blanks and backslashes of a path as three octal digits. */
    private static String unescape(String path) {
        if (path.indexOf('\\') < 0) {
            return path;
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '\\' && i + 3 < path.length()) {
                plain.append((char) ((path.charAt(i + 1) - '0') * 64 + (path.charAt(i + 2) - '0') * 8 + path.charAt(i + 3) - '0'));
                i += 3;
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    private static int endOfLine(String text, int start) {
        int end = text.indexOf('\n', start);
        return end < 0 ? text.length() : end;
    }

    /**
     * A controller's directories for this process.
     *
     * @param v2          which format the files have
     * @param directories the group's own first, then its parents as far as they are mounted; each ends with a slash
     */
    public record Place(boolean v2, List<String> directories) {
    }
}
