package dev.pinion.jitter;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.CpuTable;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.StealTime;
import dev.pinion.cpu.ThreadCounters;
import java.util.Map;

/** What the kernel counts of each CPU at one moment: interrupts, softirqs, and the time that the hypervisor has stolen. */
final class Counts {
    private final CpuTable interrupts;
    private final CpuTable softirqs;
    private final Map<Integer, StealTime> steal;

    Counts(HostFiles host) {
        interrupts = new CpuTable(host.read(host.proc("interrupts")));
        softirqs = new CpuTable(host.read(host.proc("softirqs")));
        steal = StealTime.readEach(host);
    }

    /** Adds what a CPU has had since an earlier moment; what either of the two did not tell is unknown. */
    void since(Counts earlier, int cpu, Causes to) {
        interrupts.since(earlier.interrupts, CpuSet.of(cpu)).forEach((name, count) -> to.count(false, name.matches("\\d+") ? interrupts.describe(name) : name, count));
        softirqs.since(earlier.softirqs, CpuSet.of(cpu)).forEach((name, count) -> to.count(true, name, count));
        to.interruptsTold &= !interrupts.isEmpty() && !earlier.interrupts.isEmpty();
        to.softirqsTold &= !softirqs.isEmpty() && !earlier.softirqs.isEmpty();
        StealTime before = earlier.steal.get(cpu);
        StealTime now = steal.get(cpu);
        to.stolen(before == null || now == null ? ThreadCounters.UNKNOWN : now.stolen() - before.stolen());
    }
}
