package dev.pinion.jitter;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;

/**
 * What the system takes from the threads of each CPU: a reader for each, all at once, in turn bound and not, so that both see the same machine.
 * {@link dev.pinion.nativelib.Boot} must have succeeded. One thread calls {@link #run}.
 */
public final class Jitter {
    /** So often each way has its turn. */
    private static final int TURNS = 5;

    private static final long WARM_UP_NANOS = 100_000_000;

    private final HostFiles host;
    private final int[] cpus;
    private final CpuSet home;
    private final long stretchNanos;
    private final CyclicBarrier barrier;
    private final List<Gaps> bound = new ArrayList<>();
    private final List<Gaps> free = new ArrayList<>();
    private volatile RuntimeException failure;

    private Jitter(HostFiles host, CpuSet cpus, CpuSet home, long nanos) {
        this.host = host;
        this.cpus = cpus.toArray();
        this.home = home;
        stretchNanos = Math.max(1, nanos / (2 * TURNS));
        barrier = new CyclicBarrier(this.cpus.length + 1);
    }

    /**
     * @param pinned   readers that were bound
     * @param unpinned readers that were not
     * @param machine  a sentence on the machine
     */
    public record Result(Side pinned, Side unpinned, String machine) {}

    /**
     * @param home  where the readers may be when they are not bound
     * @param nanos how long it takes, both ways together
     * @throws dev.pinion.nativelib.NativeCallException if the kernel does not let a thread on one of the CPUs
     */
    public static Result run(HostFiles host, CpuSet cpus, CpuSet home, long nanos, String machine) throws InterruptedException {
        return new Jitter(host, cpus, home, nanos).run(machine);
    }

    private Result run(String machine) throws InterruptedException {
        List<Causes> boundCauses = new ArrayList<>();
        List<Causes> freeCauses = new ArrayList<>();
        for (int cpu : cpus) {
            boundCauses.add(new Causes(cpu));
            freeCauses.add(new Causes(cpu));
            bound.add(new Gaps(stretchNanos * TURNS));
            free.add(new Gaps(stretchNanos * TURNS));
        }
        for (int i = 0; i < cpus.length; i++) {
            int reader = i;
            Thread.ofPlatform().daemon().name("jitter-" + cpus[i]).start(() -> read(reader));
        }
        try {
            for (int turn = 0; turn < 2 * TURNS; turn++) {
                barrier.await(); // they are in their places
                Counts before = new Counts(host);
                barrier.await(); // and begin
                barrier.await(); // and are done
                Counts after = new Counts(host);
                for (Causes causes : turn % 2 == 0 ? boundCauses : freeCauses) {
                    after.since(before, causes.cpu, causes);
                }
            }
        } catch (BrokenBarrierException e) {
            throw failure == null ? new IllegalStateException("a reader of the clock was interrupted", e) : failure;
        }
        return new Result(new Side("pinned", bound, boundCauses), new Side("unpinned", free, freeCauses), machine);
    }

    private void read(int i) {
        Reader reader = new Reader(host, cpus[i], home);
        try {
            reader.place(true);
            reader.read(WARM_UP_NANOS, new Gaps(WARM_UP_NANOS));
            reader.read(WARM_UP_NANOS, new Gaps(WARM_UP_NANOS));
            for (int turn = 0; turn < 2 * TURNS; turn++) {
                reader.place(turn % 2 == 0);
                barrier.await();
                barrier.await();
                reader.read(stretchNanos, (turn % 2 == 0 ? bound : free).get(i));
                barrier.await();
            }
        } catch (RuntimeException e) {
            failure = e;
            leave();
        } catch (InterruptedException | BrokenBarrierException e) {
            return; // another reader has failed, and is who tells
        }
    }

    /** Breaks the barrier: who waits interrupted does not wait. */
    private void leave() {
        Thread.currentThread().interrupt();
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            return; // so it was meant
        }
    }
}
