package dev.pinion.cpu;

/**
 * The CPUs that the cgroup's cpuset leaves this process, beyond which {@code sched_setaffinity} cannot reach.
 *
 * <p>The path is found once; {@link #read} may be called every few seconds.
 */
public final class Cpuset {
    private final HostFiles host;
    private final String file;

    private Cpuset(HostFiles host, String file) {
        this.host = host;
        this.file = file;
    }

    /**
     * @param host the files
     * @return this process's cpuset, also where none is to be seen
     */
    public static Cpuset find(HostFiles host) {
        return find(host, new Cgroup(host));
    }

    static Cpuset find(HostFiles host, Cgroup cgroup) {
        Cgroup.Place place = cgroup.find("cpuset");
        if (place != null) {
            String[] names = place.v2() ? new String[] {"cpuset.cpus.effective"}
                    : new String[] {"cpuset.effective_cpus", "cpuset.cpus"};
            // A v2 group without the controller has its nearest parent's CPUs.
            for (String directory : place.directories()) {
                for (String name : names) {
                    String text = host.read(directory.concat(name));
                    if (text != null && !text.isEmpty()) {
                        return new Cpuset(host, directory.concat(name));
                    }
                }
            }
        }
        return new Cpuset(host, null);
    }

    /** @return the CPUs as they are now, or null if they are not to be seen */
    public CpuSet read() {
        String text = file == null ? null : host.read(file);
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return CpuSet.parseKernel(text);
        } catch (BadCpuList e) {
            return null; // a line that was cut short is as good as no line; the affinity mask still holds
        }
    }
}
