package dev.pinion.compare;

import dev.pinion.cpu.ThreadSort;
import java.util.Collection;

/**
 * Sums over threads, those that ended included as far as they were seen.
 *
 * @param isKnown    whether the kernel said anything; if not, the rest is nothing
 * @param gcNanos    CPU time of the collector and of the VM's own threads, one of which is the collector where that is serial
 * @param jitNanos   CPU time of the compilers
 * @param migrations or -1 where the kernel does not say
 */
record ThreadTotals(boolean isKnown, long cpuNanos, long gcNanos, long jitNanos, long switches, long migrations) {

    static final ThreadTotals UNKNOWN = new ThreadTotals(false, 0, 0, 0, 0, -1);

    static ThreadTotals of(Collection<ThreadCounts> threads) {
        long cpu = 0;
        long gc = 0;
        long jit = 0;
        long switches = 0;
        long migrations = 0;
        for (ThreadCounts thread : threads) {
            cpu += thread.cpuNanos();
            switches += thread.switches();
            migrations = migrations < 0 || thread.migrations() < 0 ? -1 : migrations + thread.migrations();
            switch (ThreadSort.of(thread.name())) {
                case GC, VM -> gc += thread.cpuNanos();
                case JIT -> jit += thread.cpuNanos();
                case OTHER -> { }
            }
        }
        return new ThreadTotals(true, cpu, gc, jit, switches, migrations);
    }

    ThreadTotals since(ThreadTotals earlier) {
        return !isKnown || !earlier.isKnown ? UNKNOWN : new ThreadTotals(true, cpuNanos - earlier.cpuNanos, gcNanos - earlier.gcNanos, jitNanos - earlier.jitNanos,
                switches - earlier.switches, migrations < 0 ? -1 : migrations - earlier.migrations);
    }
}
