package dev.pinion.sched;

import dev.pinion.cpu.CpuSet;
import dev.pinion.nativelib.Natives;

/**
 * Where sysmon runs, and with it the short-lived threads that it starts: on CPUs without a P where there are any, else anywhere, never
 * bound to a P's core. By sysmon, about itself. GC, JIT and VM threads are the JVM's and keep the process's CPUs.
 *
 * <p>CPUs that a P fled from are no CPUs to spare: bound there, sysmon would wait where a P did not want to. If there are no others, it
 * floats over the process's CPUs, and the kernel finds it an idle one at each wake-up.
 */
final class Housekeeping {
    private final CpuSet named;
    private final CpuSet process;
    private CpuSet current;

    /** @param named what the user said, or null @param process the process's CPUs */
    Housekeeping(CpuSet named, CpuSet process) {
        this.named = named;
        this.process = process;
    }

    /** @return where to run beside Ps on {@code claimed}, given that others keep {@code fled} busy */
    static CpuSet choose(CpuSet named, CpuSet process, CpuSet claimed, CpuSet fled) {
        if (named != null) {
            return named;
        }
        CpuSet spare = process.minus(claimed).minus(fled);
        return spare.isEmpty() ? process : spare;
    }

    /** Binds the calling thread. Where the kernel refuses, as for CPUs that have left the cpuset, to all the process's CPUs. */
    void settle(CpuSet claimed, CpuSet fled) {
        CpuSet wanted = choose(named, process, claimed, fled);
        if (!wanted.equals(current)) {
            current = wanted;
            if (Natives.setAffinity(0, wanted.toMask()) < 0) {
                Natives.setAffinity(0, process.toMask());
            }
        }
    }
}
