package dev.pinion.sched;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.DefaultGomaxprocs;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;

/**
 * What is looked at about once a second while Gs run, on sysmon's thread: the Ms' masks, quota and cpuset, the reservation that is still to be
 * made.
 */
final class Upkeep implements Runnable {
    /** Go re-reads its limits once a second at most; a container's quota changes by hand, if ever. */
    private static final int LIMITS_EVERY = 5;

    private final Sched sched;
    private final boolean followsLimits;
    private final DefaultGomaxprocs limits;
    private final CpuSet usable;
    private final CoreReservation reservation;
    private final long[] mask = new long[1024 / 64];
    private int seconds;
    private long lastRun = System.nanoTime();
    private int lastDefault;
    private boolean rebindingSaid;

    /** @param followsLimits GOMAXPROCS was not set by hand, so it follows quota and cpuset */
    Upkeep(Sched sched, boolean followsLimits, DefaultGomaxprocs limits, CpuSet usable, CoreReservation reservation) {
        this.sched = sched;
        this.followsLimits = followsLimits;
        this.limits = limits;
        this.usable = usable;
        this.reservation = reservation;
        lastDefault = sched.procs();
    }

    @Override
    public void run() {
        if (reservation != null) {
            reservation.takeInBackground();
        }
        checkMasks();
        sched.plainThreads.tidyOutside();
        long now = System.nanoTime();
        boolean afterIdle = now - lastRun > LIMITS_EVERY * 1_000_000_000L;
        lastRun = now;
        if (followsLimits && !sched.procsSetByHand() && (++seconds % LIMITS_EVERY == 0 || afterIdle)) {
            int allowed = Math.max(1, limits.compute(usable));
            if (allowed != lastDefault) {
                lastDefault = allowed;
                sched.setParallelism(allowed);
            }
        }
    }

    /** A G may bind "its" thread, which is an M: that is put right, and said once. */
    private void checkMasks() {
        for (P p : sched.allPs()) {
            if (p.cpu < 0) {
                continue;
            }
            for (M m : p.idleSlots) {
                int tid = m == null ? 0 : SharedMemory.intAcquire(m.memory + SharedLayout.M_TID);
                if (tid <= 0 || SharedMemory.intAcquire(m.memory + SharedLayout.M_CPU) != p.cpu || Natives.getAffinity(tid, mask) < 0) {
                    continue;
                }
                CpuSet is = CpuSet.ofMask(mask);
                // An M that starts a thread has the process's whole mask for a moment: only one that stays elsewhere was re-bound.
                if (is.size() == usable.size() && is.containsAll(usable) || is.size() == 1 && is.contains(p.cpu)) {
                    continue;
                }
                Natives.rebind(m.memory, p.cpu);
                if (!rebindingSaid) {
                    rebindingSaid = true;
                    Warnings.say(m.getName() + " had been bound to CPUs " + is + " by somebody else and is on CPU " + p.cpu
                            + " again; a G must not bind the thread under it, use cpus= or a Scheduler of its own for that.");
                }
            }
        }
    }
}
