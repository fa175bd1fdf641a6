package dev.pinion.adapter;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.ThreadAffinity;
import net.openhft.affinity.impl.LinuxJNAAffinity;

/**
 * The current thread's mask through Java-Thread-Affinity and JNA, to verify what our own C code set.
 *
 * <p>It uses the Linux implementation itself: the library's front door answers with a dummy where that one cannot be loaded. Costs
 * 200 ms the first time and about 10 us a call, so it is nothing for the start-up path.
 */
public final class OpenHftAffinity implements ThreadAffinity {
    /**
     * @throws UnsupportedOperationException if the library cannot be used; the message is a reason for the user
     */
    public OpenHftAffinity() {
        boolean loaded;
        try {
            loaded = LinuxJNAAffinity.LOADED;
        } catch (LinkageError | RuntimeException e) {
            throw new UnsupportedOperationException("Java-Thread-Affinity cannot be loaded: " + e, e);
        }
        if (!loaded) {
            throw new UnsupportedOperationException("Java-Thread-Affinity cannot load JNA's native library");
        }
    }

    @Override
    public CpuSet get() {
        return CpuSet.ofBits(LinuxJNAAffinity.INSTANCE.getAffinity());
    }

    @Override
    public void set(CpuSet cpus) {
        LinuxJNAAffinity.INSTANCE.setAffinity(cpus.toBits());
    }
}
