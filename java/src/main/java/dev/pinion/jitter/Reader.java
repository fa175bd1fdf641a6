package dev.pinion.jitter;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.nativelib.NativeCallException;
import dev.pinion.nativelib.Natives;

/**
 * Reads the clock as fast as it can, and notes where it jumped: what happened in between was not ours. The loop allocates nothing; between two gaps it
 * calls nothing but the clock.
 */
final class Reader {
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
        long[] before = counters();
        stretch(nanos, gaps);
        long[] after = counters();
        gaps.voluntary += after[0] - before[0];
        gaps.involuntary += after[1] - before[1];
        gaps.waitNanos = before[2] < 0 || after[2] < 0 || gaps.waitNanos < 0 ? -1 : gaps.waitNanos + after[2] - before[2];
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
                now = System.nanoTime(); // what we did about the gap is none
            }
            last = now;
        }
        gaps.wasRead(last - begin, count);
    }

    /** Switches that it wanted, those it did not, and its time in the run queue, -1 where it is not told. */
    private long[] counters() {
        String task = host.proc("self/task/" + Natives.gettid());
        String status = host.read(task + "/status");
        String schedstat = host.read(task + "/schedstat");
        String[] words = schedstat == null ? new String[0] : schedstat.split(" ");
        return new long[] {line(status, "voluntary_ctxt_switches:"), line(status, "nonvoluntary_ctxt_switches:"),
            words.length < 2 ? -1 : Long.parseLong(words[1])};
    }

    private static long line(String status, String label) {
        return status == null ? 0 : status.lines().filter(line -> line.startsWith(label)).mapToLong(line -> Long.parseLong(line.substring(label.length()).strip()))
                .findFirst().orElse(0);
    }
}
