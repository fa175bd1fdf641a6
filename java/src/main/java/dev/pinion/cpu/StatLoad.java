package dev.pinion.cpu;

import java.util.Arrays;

/**
 * Load from the tick counters of {@code /proc/stat}: no privilege and no helper needed, but 10 ms ticks.
 *
 * <p>The constructor reads the counters, {@link #sample} reads them again. At start-up the agent makes one first thing and samples just
 * before it places its Ps: the tens of milliseconds between are there anyway, and a hog shows in them as one tick or more. Nothing
 * shorter is told per CPU: {@code loadavg} and {@code nr_running} are sums over the machine, the counters since boot are an average of
 * weeks, and run queues are in debugfs, for root. A first choice that was wrong is put right by re-homing. What it cannot tell is whose
 * load it is: the JVM's own start shows on the core where it happens to run.
 *
 * <p>Niced work gives way, so it counts as idle time in {@link #pressing}, unless this process is niced itself. How much it gives way is not
 * told: at nice 1 it still takes 44 % of a shared core, at 10 it takes 10 %, at 19 1.5 %. Batch jobs mostly have 10 or more.
 *
 * <p>For one thread at a time.
 */
public final class StatLoad implements CpuLoad {
    private static final long MIN_INTERVAL_NANOS = 10_000_000;

    /** Columns of a line of {@code /proc/stat}. */
    private static final int NICE = 1;
    private static final int IDLE = 3;
    private static final int IOWAIT = 4;
    private static final int STEAL = 7;

    private final HostFiles host;
    private final boolean niced;
    private long[] busyTicks = {};
    private long[] nicedTicks = {};
    private long[] idleTicks = {};
    private int[] permille = {};
    private int[] pressingPermille = {};
    private long takenNanos;

    /**
     * Reads the counters for the first time.
     *
     * @param host     the files
     * @param nowNanos {@code System.nanoTime()}
     */
    public StatLoad(HostFiles host, long nowNanos) {
        this.host = host;
        niced = isNiced(host);
        readCounters();
        takenNanos = nowNanos;
    }

    /**
     * Measures the time since the last sample, unless that is below 10 ms, in which no tick may have come.
     *
     * @param nowNanos {@code System.nanoTime()}
     * @return whether {@link #busyPermille} has new figures
     */
    public boolean sample(long nowNanos) {
        if (nowNanos - takenNanos < MIN_INTERVAL_NANOS) {
            return false;
        }
        long[] busyBefore = busyTicks;
        long[] idleBefore = idleTicks;
        long[] nicedBefore = nicedTicks;
        if (!readCounters()) {
            return false;
        }
        takenNanos = nowNanos;
        permille = new int[busyTicks.length];
        pressingPermille = new int[busyTicks.length];
        for (int cpu = 0; cpu < permille.length; cpu++) {
            permille[cpu] = UNKNOWN;
            pressingPermille[cpu] = UNKNOWN;
            if (cpu < busyBefore.length && busyBefore[cpu] >= 0 && busyTicks[cpu] >= 0) {
                long busy = Math.max(0, busyTicks[cpu] - busyBefore[cpu]);
                long idle = Math.max(0, idleTicks[cpu] - idleBefore[cpu]); // iowait can run backwards
                long pressing = niced ? busy : Math.max(0, busy - Math.max(0, nicedTicks[cpu] - nicedBefore[cpu]));
                if (busy + idle != 0) {
                    permille[cpu] = (int) (busy * 1000 / (busy + idle));
                    pressingPermille[cpu] = (int) (pressing * 1000 / (busy + idle));
                }
            }
        }
        return true;
    }

    @Override
    public int busyPermille(int cpu) {
        return cpu >= 0 && cpu < permille.length ? permille[cpu] : UNKNOWN;
    }

    /** @return the same measurement of that load alone which does not give way to this process; it changes with each {@link #sample} */
    public CpuLoad pressing() {
        return new CpuLoad() {
            @Override
            public int busyPermille(int cpu) {
                return cpu >= 0 && cpu < pressingPermille.length ? pressingPermille[cpu] : UNKNOWN;
            }
        };
    }

    /** The 17th word after the name, which stands in parentheses and may hold anything; below 0 it is no number to {@link Numbers}. */
    private static boolean isNiced(HostFiles host) {
        String text = host.read(host.proc("self/stat"));
        return text != null && Numbers.word(text, text.lastIndexOf(')') + 1, text.length(), 16) > 0;
    }

    /**
     * Lines are {@code cpu3 user nice system idle iowait irq softirq steal ...}; guest time is in user already. CPUs that are offline
     * have no line: their counters are -1.
     */
    private boolean readCounters() {
        String text = host.read(host.proc("stat"));
        if (text == null) {
            return false;
        }
        long[] busy = new long[Math.max(busyTicks.length, 8)];
        long[] idle = new long[busy.length];
        long[] nice = new long[busy.length];
        Arrays.fill(busy, -1);
        int start = 0;
        while (text.startsWith("cpu", start)) {
            int end = text.indexOf('\n', start);
            if (end < 0) {
                end = text.length();
            }
            int blank = text.indexOf(' ', start);
            long cpu = Numbers.parse(text, start + 3, blank, CpuSet.MAX_CPU); // -1 in the first line, the sum of all
            if (cpu >= 0) {
                if (cpu >= busy.length) {
                    int old = busy.length;
                    busy = Arrays.copyOf(busy, Math.max((int) cpu + 1, old * 2));
                    idle = Arrays.copyOf(idle, busy.length);
                    nice = Arrays.copyOf(nice, busy.length);
                    Arrays.fill(busy, old, busy.length, -1);
                }
                busy[(int) cpu] = 0;
                addTicks(text, blank, end, busy, idle, nice, (int) cpu);
            }
            start = end + 1;
        }
        busyTicks = busy;
        idleTicks = idle;
        nicedTicks = nice;
        return true;
    }

    /** In one pass over the line, since this is read at start-up and the line may be one of hundreds. Old kernels have fewer columns. */
    private static void addTicks(String text, int from, int to, long[] busy, long[] idle, long[] nice, int cpu) {
        int column = -1;
        long value = 0;
        for (int i = from; i <= to; i++) {
            char c = i < to ? text.charAt(i) : ' ';
            if (c >= '0' && c <= '9') {
                value = value * 10 + c - '0';
                continue;
            }
            if (column == IDLE || column == IOWAIT) {
                idle[cpu] += value;
            } else if (column >= 0 && column <= STEAL) {
                busy[cpu] += value;
                if (column == NICE) {
                    nice[cpu] = value;
                }
            }
            value = 0;
            column += i + 1 < to && text.charAt(i + 1) != ' ' ? 1 : 0;
        }
    }
}
