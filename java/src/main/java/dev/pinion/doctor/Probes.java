package dev.pinion.doctor;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.Topology;
import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.NativeCallException;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.UnsupportedHost;
import java.util.Arrays;

/**
 * The live probes: each runs for less than half a second on threads of its own, bound to the CPUs asked for. What cannot be measured is
 * named in {@link Measured#whyNot}, with the reason.
 */
public final class Probes {
    private static final int BATCHES = 200;
    private static final int BATCH = 200;
    private static final int WARM_UP = 20_000;

    private final CpuSet cpus;
    private final Topology topology;
    private final CpuSet usable;
    private final Measured measured = new Measured();

    private Probes(CpuSet cpus, Topology topology, CpuSet usable) {
        this.cpus = cpus;
        this.topology = topology;
        this.usable = usable;
    }

    /**
     * @param cpus     the CPUs of the Ps, online
     * @param topology the machine
     * @param usable   the CPUs that this process may use
     * @return what was measured
     */
    public static Measured run(CpuSet cpus, Topology topology, CpuSet usable) throws InterruptedException {
        return new Probes(cpus, topology, usable).run();
    }

    private Measured run() throws InterruptedException {
        try {
            Boot.withLibrary();
        } catch (UnsupportedHost e) {
            for (String probe : new String[] {Measured.LIBRARY, Measured.CLOCK, Measured.EPOLL, Measured.EVENTFD, Measured.FUTEX, Measured.JITTER}) {
                measured.whyNot.put(probe, e.getMessage());
            }
            return measured;
        }
        if (cpus.isEmpty()) {
            return measured;
        }
        onCpu(cpus.first(), Measured.CLOCK, this::clock);
        onCpu(cpus.first(), Measured.EPOLL, this::epoll);
        wakes();
        JitterProbe.run(cpus, measured);
        return measured;
    }

    /** Runs it in a thread bound to the CPU, and notes why that did not work. */
    private void onCpu(int cpu, String probe, Runnable action) throws InterruptedException {
        Thread thread = new Thread(() -> {
            try {
                bind(cpu);
                action.run();
            } catch (NativeCallException e) {
                measured.whyNot.put(probe, e.getMessage());
            }
        }, "doctor-" + probe);
        thread.setDaemon(true);
        thread.start();
        thread.join();
    }

    /** Binds the calling thread. */
    static void bind(int cpu) {
        NativeCallException.check("sched_setaffinity to CPU " + cpu, Natives.setAffinity(0, CpuSet.of(cpu).toMask()));
    }

    private void clock() {
        measured.clockNanos = nanosOf(System::nanoTime);
    }

    private void epoll() {
        long pair = NativeCallException.check("epoll_create1", Natives.netpollCreate());
        long ready = NativeCallException.check("mmap", Natives.mapShared((long) SharedLayout.READY_MAX * SharedLayout.READY_SIZE));
        int epoll = (int) pair;
        measured.epollNanos = nanosOf(() -> Natives.netpollWait(epoll, ready, 0));
        Natives.unmapShared(ready, (long) SharedLayout.READY_MAX * SharedLayout.READY_SIZE);
        Natives.netpollClose(epoll);
        Natives.netpollClose((int) (pair >>> 32));
    }

    /** A call whose result is of no interest, and may not be dropped by the compiler either. */
    private interface Call {
        long make();
    }

    /** The median of batches: what others on the CPU take is in the longer ones. */
    private static double nanosOf(Call call) {
        long sum = 0;
        for (int i = 0; i < WARM_UP; i++) {
            sum += call.make();
        }
        long[] batches = new long[BATCHES];
        for (int b = 0; b < BATCHES; b++) {
            long begun = System.nanoTime();
            for (int i = 0; i < BATCH; i++) {
                sum += call.make();
            }
            batches[b] = System.nanoTime() - begun;
        }
        Arrays.sort(batches);
        return sum == 0x5eed ? Double.NaN : (double) batches[BATCHES / 2] / BATCH;
    }

    private void wakes() throws InterruptedException {
        int to = cpus.first();
        int from = partner(to);
        if (from < 0) {
            String reason = "a wake goes from one CPU to another, and this process has only CPU " + to;
            measured.whyNot.put(Measured.EVENTFD, reason);
            measured.whyNot.put(Measured.FUTEX, reason);
            return;
        }
        try (Bell bell = Bell.eventfd()) {
            measured.eventfd = new WakeProbe(bell, from, to).run();
        } catch (NativeCallException | WakeProbe.Failed e) {
            measured.whyNot.put(Measured.EVENTFD, e.getMessage());
        }
        try (Bell bell = Bell.futex()) {
            measured.futex = new WakeProbe(bell, from, to).run();
        } catch (NativeCallException | WakeProbe.Failed e) {
            measured.whyNot.put(Measured.FUTEX, e.getMessage());
        }
    }

    /** The farthest of the Ps' CPUs, or, where there is one only, another that may be used; -1 without any. */
    private int partner(int cpu) {
        CpuSet candidates = cpus.size() > 1 ? cpus : usable.intersect(topology.online());
        int farthest = -1;
        for (int other : candidates.without(cpu).toArray()) {
            if (farthest < 0 || topology.distance(cpu, other) > topology.distance(cpu, farthest)) {
                farthest = other;
            }
        }
        return farthest;
    }
}
