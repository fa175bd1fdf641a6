package dev.pinion.cpu;

import java.util.List;

/**
 * How often and for how long the kernel has stopped this process's cgroup, or one of its parents, because its CPU quota was used up.
 *
 * <p>The paths are found once. For one thread at a time.
 */
public final class Throttling {
    private static final long NANOS_PER_MICRO = 1000;

    private final HostFiles host;
    private final boolean v2;
    private final List<String> directories;

    /**
     * @param times  periods of the quota in which a group was stopped, since the group was made; a group and its parents are added up
     * @param micros the time for which its CPUs were, added up likewise
     */
    public record Reading(long times, long micros) {
    }

    private Throttling(HostFiles host, boolean v2, List<String> directories) {
        this.host = host;
        this.v2 = v2;
        this.directories = directories;
    }

    /** @param host the files @return what tells of this process's cgroup; where none is to be seen, one that knows nothing */
    public static Throttling find(HostFiles host) {
        Cgroup.Place place = new Cgroup(host).find("cpu");
        return place == null ? new Throttling(host, true, List.of()) : new Throttling(host, place.v2(), place.directories());
    }

    /** @return the counters now; null if they cannot be read, which is not the same as 0 */
    public Reading read() {
        long times = 0;
        long micros = 0;
        boolean known = false;
        for (String directory : directories) {
            String text = host.read(directory.concat("cpu.stat"));
            if (text == null && directory.equals(directories.getLast())) {
                continue; // of the root of all groups some kernels tell nothing, and it has no quota
            }
            if (text == null) {
                return null;
            }
            known = true;
            long periods = value(text, "nr_throttled ");
            if (periods < 0) {
                continue; // without the controller, or a root: such a group can have no quota
            }
            long time = value(text, v2 ? "throttled_usec " : "throttled_time ");
            if (time < 0) {
                return null;
            }
            times += periods;
            micros += v2 ? time : time / NANOS_PER_MICRO;
        }
        return known ? new Reading(times, micros) : null;
    }

    private static long value(String text, String name) {
        for (int start = 0; start < text.length();) {
            int end = text.indexOf('\n', start);
            if (end < 0) {
                end = text.length();
            }
            if (text.startsWith(name, start)) {
                return Numbers.word(text, start, end, 1);
            }
            start = end + 1;
        }
        return -1;
    }
}
