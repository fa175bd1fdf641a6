package dev.pinion.cpu;

/**
 * Which of the CPUs that Ps may have can be used at this moment: those in the cpuset and online. Both change while a program runs, by a
 * container's limits and by hot-plugging; {@link Topology} is how the machine was at the start.
 *
 * <p>Each method reads two small files. For one thread at a time.
 */
public final class AllowedCpus {
    private final HostFiles host;
    private final Cpuset cpuset;
    private final CpuSet usable;

    /**
     * @param host   the files
     * @param cpuset this process's cpuset
     * @param usable the CPUs that Ps may have as long as the kernel allows it
     */
    public AllowedCpus(HostFiles host, Cpuset cpuset, CpuSet usable) {
        this.host = host;
        this.cpuset = cpuset;
        this.usable = usable;
    }

    /** @return those of the usable CPUs that are in the cpuset and online as far as the files tell; it can be empty */
    public CpuSet read() {
        CpuSet now = usable;
        CpuSet online = online();
        if (online != null) {
            now = now.intersect(online);
        }
        CpuSet inside = cpuset.read();
        if (inside != null && !inside.intersect(usable).isEmpty()) { // numbers that do not overlap are a container's own count
            now = now.intersect(inside);
        }
        return now;
    }

    /** @param cpu a CPU that the kernel no longer binds to @return what became of it, to follow its name in a sentence */
    public String fateOf(int cpu) {
        CpuSet online = online();
        return online != null && !online.contains(cpu) ? "went offline" : "left the cpuset of this process";
    }

    private CpuSet online() {
        String text = host.read(host.sys("devices/system/cpu/online"));
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return CpuSet.parseKernel(text);
        } catch (BadCpuList e) {
            return null; // half a line is no fact
        }
    }
}
