package dev.pinion.cpu;

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
        String text = host.read(host.proc("stat"));
        if (text == null || cpus.isEmpty()) {
            return null;
        }
        long stolen = 0;
        long all = 0;
        CpuSet left = cpus;
        for (int start = 0; text.startsWith("cpu", start);) {
            int end = text.indexOf('\n', start);
            if (end < 0) {
                end = text.length();
            }
            int blank = text.indexOf(' ', start);
            int cpu = blank < 0 ? -1 : (int) Numbers.parse(text, start + 3, blank, CpuSet.MAX_CPU); // -1 in the first line, the sum of all
            if (cpu >= 0 && left.contains(cpu)) {
                left = left.without(cpu);
                long steal = Numbers.word(text, blank, end, COLUMNS - 1);
                if (steal < 0) {
                    return null;
                }
                stolen += steal;
                for (int column = 0; column < COLUMNS; column++) {
                    all += Numbers.word(text, blank, end, column);
                }
            }
            start = end + 1;
        }
        return left.isEmpty() ? new StealTime(stolen, all) : null;
    }
}
