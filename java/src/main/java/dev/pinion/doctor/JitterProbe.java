package dev.pinion.doctor;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.ThreadCounters;
import dev.pinion.nativelib.NativeCallException;
import dev.pinion.nativelib.Natives;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * What is stolen from each CPU, on all of them at once: a bound thread reads the clock for half a second and notes where it jumped. The
 * loop allocates nothing and calls nothing but the clock, so what interrupts it is not its own doing; it runs for a tenth of a
 * second before it counts, in which the JIT mostly compiles it.
 */
final class JitterProbe implements Runnable {
    /** Pinion promises wakes within this, so a gap that is longer is one too many. */
    static final long GAP_NANOS = 10_000;

    private static final long FOR_NANOS = 500_000_000;
    private static final long WARM_UP_NANOS = 100_000_000;

    private final int cpu;
    private final CountDownLatch ready;
    private final HostFiles files = HostFiles.ofThisMachine();
    private int count;
    private long worst;
    private long sum;
    private double waitMicros = Double.NaN;
    private String problem;

    private JitterProbe(int cpu, CountDownLatch ready) {
        this.cpu = cpu;
        this.ready = ready;
    }

    static void run(CpuSet cpus, Measured measured) throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(cpus.size());
        List<JitterProbe> probes = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int cpu : cpus.toArray()) {
            JitterProbe probe = new JitterProbe(cpu, ready);
            Thread thread = new Thread(probe, "doctor-jitter-" + cpu);
            thread.setDaemon(true);
            thread.start();
            probes.add(probe);
            threads.add(thread);
        }
        for (int i = 0; i < threads.size(); i++) {
            threads.get(i).join();
            JitterProbe probe = probes.get(i);
            if (probe.problem != null) {
                measured.whyNot.putIfAbsent(Measured.JITTER, probe.problem);
            } else {
                measured.gaps.put(probe.cpu,
                        new Measured.Gaps(FOR_NANOS / 1e9, probe.count, probe.worst / 1e3, probe.sum / 1e3, probe.waitMicros));
            }
        }
    }

    @Override
    public void run() {
        try {
            Probes.bind(cpu);
            read(WARM_UP_NANOS / 2, 0);
            read(WARM_UP_NANOS / 2, GAP_NANOS);
        } catch (NativeCallException e) {
            problem = e.getMessage();
            return;
        } finally {
            ready.countDown();
        }
        try {
            ready.await();
        } catch (InterruptedException e) {
            problem = "it was interrupted";
            return;
        }
        ThreadCounters before = ThreadCounters.read(files, Natives.gettid());
        read(FOR_NANOS, GAP_NANOS);
        long waited = ThreadCounters.read(files, Natives.gettid()).since(before).waitedNanos();
        if (waited != ThreadCounters.UNKNOWN) {
            waitMicros = waited / 1e3;
        }
    }

    private void read(long nanos, long least) {
        int gaps = 0;
        long longest = 0;
        long total = 0;
        long last = System.nanoTime();
        long end = last + nanos;
        while (last < end) {
            long now = System.nanoTime();
            long gap = now - last;
            if (gap > least) {
                gaps++;
                total += gap;
                longest = Math.max(longest, gap);
            }
            last = now;
        }
        count = gaps;
        worst = longest;
        sum = total;
    }
}
