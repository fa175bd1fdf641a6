package dev.pinion.cpu;

/**
 * How many Ps there are when nobody says: the CPUs that this process may run on, or fewer under a cgroup quota, by Go 1.25's rule: rounded up, and
 * not below 2. In one thing we differ: Go reads the quota of the process's own group only ({@link CpuQuota} says why we read its parents' too).
 *
 * <p>Made once; {@link #compute(CpuSet)} reads the quota and the cpuset again, a few small files, and may be called every few seconds by
 * one thread at a time.
 */
public final class DefaultGomaxprocs {
    /** Below this a quota does not push the Ps: with a single P nothing could run beside a G that computes (Go 1.25). */
    private static final int LEAST_UNDER_QUOTA = 2;

    private final CpuQuota quota;
    private final Cpuset cpuset;

    /** @param host the files */
    public DefaultGomaxprocs(HostFiles host) {
        Cgroup cgroup = new Cgroup(host);
        this.quota = CpuQuota.find(host, cgroup);
        this.cpuset = Cpuset.find(host, cgroup);
    }

    /** @return this process's quota */
    public CpuQuota quota() {
        return quota;
    }

    /** @return this process's cpuset */
    public Cpuset cpuset() {
        return cpuset;
    }

    /**
     * @param affinity the process's affinity mask now, not that of a pinned M
     * @return the number of Ps by the mask and the files as they are now, at least 1
     */
    public int compute(CpuSet affinity) {
        return compute(affinity, cpuset.read(), quota.read());
    }

    /**
     * The rule itself.
     *
     * @param affinity the process's affinity mask
     * @param cpuset   the cpuset's CPUs, null if not known
     * @param quota    the quota in whole CPUs, rounded up, or {@link CpuQuota#UNLIMITED}
     * @return the number of CPUs in both sets, lowered to the quota but not by it below 2; at least 1
     */
    public static int compute(CpuSet affinity, CpuSet cpuset, int quota) {
        int cpus = affinity.size();
        if (cpuset != null) {
            // Numbers that do not overlap are a container's own count: then the mask alone is meant.
            int both = affinity.intersect(cpuset).size();
            cpus = both == 0 ? cpus : both;
        }
        return Math.max(1, Math.min(cpus, Math.max(quota, LEAST_UNDER_QUOTA)));
    }
}
