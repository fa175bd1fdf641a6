package dev.pinion.sched;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.DefaultGomaxprocs;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is looked at about once a second while Gs run, on sysmon's thread: the Ms' masks, quota and cpuset, the reservation that is still to be
 * made. A check that fails, over a file of the kernel's that is not as expected, is said once and skipped: sysmon must go on.
 */
class Upkeep implements Runnable {
    /** Go re-reads its limits once a second at most; a container's quota changes by hand, if ever. */
    static final int LIMITS_EVERY = 5;

    private final Sched sched;
    private final boolean followsLimits;
    private final DefaultGomaxprocs limits;
    private final CpuSet usable;
    private final CoreReservation reservation;
    private final long[] mask = new long[1024 / 64];
    private final Set<String> failed = ConcurrentHashMap.newKeySet();
    private int seconds;
    private long lastRun = System.nanoTime();
    private volatile int lastDefault;
    private Thread resizer;
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
        try {
            FirstPass.run();
        } catch (Exception | Error e) {
            failed("the first pass through the scheduler's rare paths", e);
        }
        try {
            if (reservation != null) {
                reservation.takeInBackground();
            }
        } catch (Exception | Error e) {
            failed("the reservation of the cores", e);
        }
        try {
            checkMasks();
        } catch (Exception | Error e) {
            failed("the check whether Ms are still on their cores", e);
        }
        sched.plainThreads.tidyOutside();
        long now = System.nanoTime();
        boolean afterIdle = now - lastRun > LIMITS_EVERY * 1_000_000_000L;
        lastRun = now;
        if (followsLimits && !sched.procsSetByHand() && (++seconds % LIMITS_EVERY == 0 || afterIdle)) {
            try {
                followLimits();
            } catch (Exception | Error e) {
                failed("the check of quota and cpuset", e);
            }
        }
    }

    private void failed(String what, Throwable e) {
        if (failed.add(what)) {
            say(what + " failed (" + e + "); it is skipped until it works again.");
        }
    }

    void say(String sentence) {
        Warnings.say(sentence);
    }

    int allowedProcs() {
        return Math.max(1, limits.compute(usable));
    }

    private void followLimits() {
        int allowed = allowedProcs();
        if (allowed != lastDefault && (resizer == null || !resizer.isAlive())) {
            // Not here: a P that goes may wait for an M, and only sysmon makes one.
            Thread helper = Sysmon.helper(sched.threadPrefix + "-resize", () -> resize(allowed));
            helper.start();
            resizer = helper;
        }
    }

    private void resize(int procs) {
        try {
            if (!sched.procsSetByHand()) {
                sched.resize.set(procs);
                lastDefault = procs;
            }
        } catch (Exception | Error e) {
            failed("the change of GOMAXPROCS", e);
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
                    say(m.getName() + " had been bound to CPUs " + is + " by somebody else and is on CPU " + p.cpu
                            + " again; a G must not bind the thread under it, use cpus= or a Scheduler of its own for that.");
                }
            }
        }
    }
}
