package dev.pinion.cpu;

import java.util.HashMap;
import java.util.Map;

/**
 * The time that a hypervisor kept CPUs from this machine, from {@code /proc/stat}, in the kernel's ticks of mostly 10 ms.
 *
 * @param stolen ticks in which a CPU had work and was not given
 * @param all    all ticks
 */
public record StealTime(long stolen, long all) {
    /** Columns of a line, from {@code user} to {@code steal}; guest time is in user already. */
    private static final int COLUMNS = 8;

    /**
     * Any thread may call.
     *
     * @param host the files
     * @param cpus whose ticks are added up
     * @return the counters since boot; null if a CPU has none, or if the kernel counts no steal time
     */
    public static StealTime read(HostFiles host, CpuSet cpus) {
        Map<Integer, StealTime> each = cpus.isEmpty() ? Map.of() : readEach(host);
        long stolen = 0;
        long all = 0;
        for (int cpu : cpus.toArray()) {
            StealTime of = each.get(cpu);
            if (of == null) {
                return null;
            }
            stolen += of.stolen;
            all += of.all;
        }
        return cpus.isEmpty() ? null : new StealTime(stolen, all);
    }

    /**
     * Any thread may call.
     *
     * @param host the files
     * @return the counters of each CPU since boot; those that are offline are absent, and all where the kernel counts no steal time
     */
    public static Map<Integer, StealTime> readEach(HostFiles host) {
        Map<Integer, StealTime> each = new HashMap<>();
        String text = host.read(host.proc("stat"));
        for (int start = 0; text != null && text.startsWith("cpu", start);) {
            int end = text.indexOf('\n', start);
            if (end < 0) {
                end = text.length();
            }
            int blank = text.indexOf(' ', start);
            int cpu = blank < 0 ? -1 : (int) Numbers.parse(text, start + 3, blank, CpuSet.MAX_CPU); // -1 in the first line, the sum of all
            long steal = cpu < 0 ? -1 : Numbers.word(text, blank, end, COLUMNS - 1);
            if (steal >= 0) {
                long all = 0;
                for (int column = 0; column < COLUMNS; column++) {
                    all += Numbers.word(text, blank, end, column);
                }
                each.put(cpu, new StealTime(steal, all));
            }
            start = end + 1;
        }
        return each;
    }
}
