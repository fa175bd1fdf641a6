package dev.pinion.adapter;

import dev.pinion.cpu.CpuLocks;
import java.io.IOException;
import net.openhft.affinity.LockCheck;
import net.openhft.affinity.impl.VanillaCpuLayout;

/**
 * Who has reserved a CPU in the eyes of Java-Thread-Affinity: what its own {@code AffinityLock} would see. For a process that holds no such
 * lock itself, because looking at a file gives up the POSIX locks that the process has on it; and as the library does when it looks, it
 * deletes the file that a dead process left behind.
 *
 * <p>Loading the library takes 200 ms: nothing for a scheduler, which has {@link dev.pinion.cpu.LockFiles}.
 */
public final class OpenHftReservations {
    private OpenHftReservations() {}

    /** @return the process that has the CPU, {@link CpuLocks#NOBODY}, or {@link CpuLocks#UNNAMED} */
    public static long holder(int cpu) {
        if (cpu >= VanillaCpuLayout.MAX_CPUS_SUPPORTED || LockCheck.isCpuFree(cpu)) {
            return CpuLocks.NOBODY;
        }
        try {
            int pid = LockCheck.getProcessForCpu(cpu);
            return pid > 0 ? pid : CpuLocks.UNNAMED;
        } catch (IOException | StringIndexOutOfBoundsException e) {
            return CpuLocks.UNNAMED; // not the library's format, gone by now, or not to be read
        }
    }
}
