package dev.pinion.jitter;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.ThreadCounters;
import dev.pinion.nativelib.NativeCallException;
import dev.pinion.nativelib.Natives;

/**
 * Reads the clock as fast as it can, and notes where it jumped: what happened in between was not ours. The loop allocates nothing; between two gaps it
 * calls nothing but the clock.
 */
final class Reader {
    /** To note a gap takes some 100 ns, at first, while it is not compiled, some 10 us. What takes longer is another gap; what is shorter is none. */
    private static final long NOT_OURS_NANOS = 100_000;

    private final HostFiles host;
    private final int cpu;
    private final CpuSet home;
    private int seenOn = -1;

    /** @param cpu where it is when bound @param home where it may be when not */
    Reader(HostFiles host, int cpu, CpuSet home) {
        this.host = host;
        this.cpu = cpu;
        this.home = home;
    }

    /** On the reader's thread. @throws NativeCallException if the kernel does not let it there */
    void place(boolean bound) {
        CpuSet where = bound ? CpuSet.of(cpu) : home;
        NativeCallException.check("sched_setaffinity to CPUs " + where, Natives.setAffinity(0, where.toMask()));
        seenOn = Natives.schedGetcpu();
    }

    /** On the reader's thread: one stretch, with the kernel's counters of the thread around it. */
    void read(long nanos, Gaps gaps) {
        ThreadCounters before = counters();
        stretch(nanos, gaps);
        ThreadCounters had = counters().since(before);
        gaps.involuntary = add(gaps.involuntary, had.involuntary());
        gaps.waitNanos = add(gaps.waitNanos, had.waitedNanos());
    }

    private void stretch(long nanos, Gaps gaps) {
        long offset = gaps.readNanos();
        long count = 0;
        long begin = System.nanoTime();
        long last = begin;
        while (last - begin < nanos) {
            long now = System.nanoTime();
            count++;
            if (now - last >= Gaps.LEAST_NANOS) {
                gaps.add(offset + last - begin, now - last);
                int on = Natives.schedGetcpu();
                gaps.moves += on == seenOn ? 0 : 1;
                seenOn = on;
                long noted = System.nanoTime();
                if (noted - now >= NOT_OURS_NANOS) {
                    gaps.add(offset + now - begin, noted - now);
                }
                now = noted;
            }
            last = now;
        }
        gaps.wasRead(last - begin, count);
    }

    private ThreadCounters counters() {
        return ThreadCounters.read(host, Natives.gettid());
    }

    private static long add(long sum, long more) {
        return sum == ThreadCounters.UNKNOWN || more == ThreadCounters.UNKNOWN ? ThreadCounters.UNKNOWN : sum + more;
    }
}
