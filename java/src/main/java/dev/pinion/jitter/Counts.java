package dev.pinion.jitter;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.CpuTable;
import dev.pinion.cpu.HostFiles;
import java.util.HashMap;
import java.util.Map;

/** What the kernel counts of each CPU at one moment: interrupts, softirqs, and the time that the hypervisor has stolen. */
final class Counts {
    /** USER_HZ: 100 on every Linux that the JDK runs on. */
    private static final long MILLIS_OF_A_TICK = 10;

    private static final int STEAL = 8;

    private final CpuTable interrupts;
    private final CpuTable softirqs;
    private final Map<Integer, Long> steal = new HashMap<>();

    Counts(HostFiles host) {
        interrupts = new CpuTable(host.read(host.proc("interrupts")));
        softirqs = new CpuTable(host.read(host.proc("softirqs")));
        String stat = host.read(host.proc("stat"));
        for (String line : stat == null ? new String[0] : stat.split("\n")) {
            String[] words = line.split(" +");
            if (words.length > STEAL && words[0].matches("cpu\\d+")) {
                steal.put(Integer.parseInt(words[0].substring(3)), Long.parseLong(words[STEAL]));
            }
        }
    }

    /** Adds what a CPU has had since an earlier moment. */
    void since(Counts earlier, int cpu, Causes to) {
        interrupts.since(earlier.interrupts, CpuSet.of(cpu)).forEach((name, count) -> to.count(false, name.matches("\\d+") ? interrupts.describe(name) : name, count));
        softirqs.since(earlier.softirqs, CpuSet.of(cpu)).forEach((name, count) -> to.count(true, name, count));
        to.stealMillis += (steal.getOrDefault(cpu, 0L) - earlier.steal.getOrDefault(cpu, 0L)) * MILLIS_OF_A_TICK;
    }
}
