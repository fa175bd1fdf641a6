package dev.pinion.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * How much CPU time the cgroup allows, in CPUs. Shares and weights are no limit and are not read.
 *
 * <p>Go reads the quota of the process's own group only. A quota on a parent (a Kubernetes pod's, a systemd slice's) limits the process
 * as well, and reading a parent costs one more file, so the smallest of them counts here.
 *
 * <p>The paths are found once; {@link #read} may be called every few seconds, by one thread at a time.
 */
public final class CpuQuota {
    /** What {@link #read} says where there is no quota. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private final HostFiles host;
    private final boolean v2;
    private final List<String> directories;

    private CpuQuota(HostFiles host, boolean v2, List<String> directories) {
        this.host = host;
        this.v2 = v2;
        this.directories = directories;
    }

    /**
     * @param host the files
     * @return this process's quota; where no cgroup is to be seen, one that is always unlimited
     */
    public static CpuQuota find(HostFiles host) {
        return find(host, new Cgroup(host));
    }

    static CpuQuota find(HostFiles host, Cgroup cgroup) {
        Cgroup.Place place = cgroup.find("cpu");
        if (place == null) {
            return new CpuQuota(host, true, List.of());
        }
        // Only levels that have the file at all: the v2 root has none, and a level without the controller gets none later.
        List<String> kept = new ArrayList<>();
        for (String directory : place.directories()) {
            if (host.read(directory.concat(place.v2() ? "cpu.max" : "cpu.cfs_quota_us")) != null) {
                kept.add(directory);
            }
        }
        return new CpuQuota(host, place.v2(), kept);
    }

    /** @return the quota in whole CPUs, rounded up, at least 1; {@link #UNLIMITED} if there is none */
    public int read() {
        int smallest = UNLIMITED;
        for (int i = 0; i < directories.size(); i++) {
            smallest = Math.min(smallest, v2 ? readMax(directories.get(i)) : readCfs(directories.get(i)));
        }
        return smallest;
    }

    /** {@code cpu.max} is {@code QUOTA PERIOD} in microseconds, or {@code max PERIOD}. */
    private int readMax(String directory) {
        String text = host.read(directory.concat("cpu.max"));
        return text == null ? UNLIMITED : cpus(Numbers.word(text, 0, text.length(), 0), Numbers.word(text, 0, text.length(), 1));
    }

    /** A v1 quota of -1 is none. */
    private int readCfs(String directory) {
        return cpus(host.readInt(directory.concat("cpu.cfs_quota_us")), host.readInt(directory.concat("cpu.cfs_period_us")));
    }

    private static int cpus(long quotaMicros, long periodMicros) {
        if (quotaMicros <= 0 || periodMicros <= 0) {
            return UNLIMITED;
        }
        return (int) Math.min(UNLIMITED, (quotaMicros - 1) / periodMicros + 1);
    }
}
