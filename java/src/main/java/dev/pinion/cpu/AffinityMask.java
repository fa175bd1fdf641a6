package dev.pinion.cpu;

/** Where a thread may run, from outside: the line {@code Cpus_allowed_list} of its {@code /proc} file. Any thread may use it. */
public final class AffinityMask {
    private static final String LINE = "Cpus_allowed_list:";

    private AffinityMask() {}

    /**
     * @param host the files
     * @param task a directory below {@code /proc}: {@code self}, a process id, {@code self/task/TID}
     * @return its CPUs; null if there is no such task, or if the file does not tell
     * @throws BadCpuList if what stands there is no list
     */
    public static CpuSet read(HostFiles host, String task) {
        String status = host.read(host.proc(task + "/status"));
        if (status != null) {
            for (String line : status.split("\n")) {
                if (line.startsWith(LINE)) {
                    return CpuSet.parseKernel(line.substring(LINE.length()));
                }
            }
        }
        return null;
    }

    /** As {@link #read}, and no CPU at all where it is null. */
    public static CpuSet readOrEmpty(HostFiles host, String task) {
        CpuSet cpus = read(host, task);
        return cpus == null ? CpuSet.EMPTY : cpus;
    }
}
