package dev.pinion.sched;

import dev.pinion.cpu.CpuSet;
import java.util.IdentityHashMap;
import java.util.Map;

/** The CPUs that the schedulers of this process have for their Ps, so that each keeps off the others'. Any thread. */
final class CoreClaims {
    private static final Map<Object, CpuSet> CLAIMS = new IdentityHashMap<>();

    private CoreClaims() {}

    /** @param owner a scheduler @param cpus all that its Ps have now, instead of what it claimed before */
    static synchronized void claim(Object owner, CpuSet cpus) {
        CLAIMS.put(owner, cpus);
    }

    static synchronized void drop(Object owner) {
        CLAIMS.remove(owner);
    }

    static synchronized CpuSet all() {
        CpuSet all = CpuSet.EMPTY;
        for (CpuSet cpus : CLAIMS.values()) {
            all = all.union(cpus);
        }
        return all;
    }
}
