package dev.pinion.cpu;

/** A second opinion on pinning: reads and sets the current thread's affinity mask through a library that is not our own C code. */
public interface ThreadAffinity {
    /**
     * @return the CPUs that the kernel lets the current platform thread run on
     * @throws IllegalStateException if the kernel refuses
     */
    CpuSet get();

    /**
     * @param cpus where the current platform thread may run from now on
     * @throws IllegalStateException if the kernel refuses
     */
    void set(CpuSet cpus);
}
