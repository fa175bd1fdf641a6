package dev.pinion.cpu;

/** Checks the CPUs that a user named against those that the machine has and the kernel lets this process use. */
public final class CpuChoice {
    private CpuChoice() {
    }

    /**
     * Reads a list and checks each CPU in it. The inherited affinity mask is no limit here: a process may leave its mask within its
     * cpuset, and that is how isolated CPUs are reached.
     *
     * @param what     what the value was given to, to begin the message with: {@code --cpus}
     * @param text     the list that the user gave
     * @param topology the machine
     * @param cpuset   the CPUs of this process's cpuset, or null if they are not known: then the kernel has the last word
     * @return the CPUs, at least one, each of them online
     * @throws BadCpuList one sentence, which tells a CPU that does not exist from one that is offline or outside the cpuset
     */
    public static CpuSet check(String what, String text, Topology topology, CpuSet cpuset) {
        CpuSet chosen = present(what, text, topology);
        int offline = chosen.minus(topology.online()).first();
        if (offline >= 0) {
            throw new BadCpuList(what + " " + text + ": CPU " + offline + " is offline, online are " + name(topology.online()) + ".");
        }
        if (cpuset != null) {
            int outside = chosen.minus(cpuset).first();
            if (outside >= 0) {
                throw new BadCpuList(what + " " + text + ": CPU " + outside + " is outside the cpuset of this process, which allows "
                        + name(cpuset) + ".");
            }
        }
        return chosen;
    }

    /**
     * Reads a list of CPUs that the machine has, online or not.
     *
     * @param what     as in {@link #check}
     * @param text     as in {@link #check}
     * @param topology the machine
     * @return the CPUs, at least one
     * @throws BadCpuList one sentence
     */
    public static CpuSet present(String what, String text, Topology topology) {
        CpuSet chosen = CpuSet.parse(what, text);
        int missing = chosen.minus(topology.present()).first();
        if (missing >= 0) {
            throw new BadCpuList(what + " " + text + ": CPU " + missing + " is not on this machine, which has " + name(topology.present()) + ".");
        }
        return chosen;
    }

    /** @param cpus a set that is not empty @return "CPU 3" or "CPUs 0-3" */
    static String name(CpuSet cpus) {
        return (cpus.size() == 1 ? "CPU " : "CPUs ") + cpus;
    }
}
