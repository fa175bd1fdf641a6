package dev.pinion.sched;

import dev.pinion.cpu.CpuQuota;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.DefaultGomaxprocs;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is looked at about once a second while Gs run, on sysmon's thread: the Ms' masks, quota and cpuset, the reservation that is still to be
 * made, the lists of threads. A check that fails, over a file of the kernel's that is not as expected, is said once and skipped: sysmon must go on.
 */
class Upkeep implements Runnable {
    /** Go re-reads its limits once a second at most; a container's quota changes by hand, if ever. */
    static final int LIMITS_EVERY = 5;

    private final Sched sched;
    private final boolean followsLimits;
    private final DefaultGomaxprocs limits;
    private final CpuSet usable;
    private final Places places;
    private final MaskCheck masks;
    private final CoreReservation reservation;
    private final Set<String> failed = ConcurrentHashMap.newKeySet();
    private int seconds;
    private long lastRun = System.nanoTime();
    private volatile int lastDefault;
    private Thread resizer;

    /**
     * @param followsLimits GOMAXPROCS was not set by hand, so it follows quota and cpuset
     * @param places null: unpinned; then {@code masks} is null too
     * @param reservation null: cores are not reserved
     */
    Upkeep(Sched sched, boolean followsLimits, DefaultGomaxprocs limits, CpuSet usable, Places places, MaskCheck masks,
            CoreReservation reservation) {
        this.sched = sched;
        this.followsLimits = followsLimits;
        this.limits = limits;
        this.usable = usable;
        this.places = places;
        this.masks = masks;
        this.reservation = reservation;
        lastDefault = sched.procs();
    }

    @Override
    public void run() {
        try {
            FirstPass.once();
        } catch (Exception | Error e) {
            failed("the first pass through the scheduler's rare paths", e);
        }
        try {
            if (places != null) {
                masks.check();
                places.settle();
            }
        } catch (Exception | Error e) {
            failed("the check whether Ms are still on their cores", e);
        }
        try {
            if (places != null && reservation != null) {
                reservation.takeInBackground(places.live());
            }
        } catch (Exception | Error e) {
            failed("the reservation of the cores", e);
        }
        sched.plainThreads.sweep();
        long now = System.nanoTime();
        boolean afterIdle = now - lastRun > LIMITS_EVERY * 1_000_000_000L;
        lastRun = now;
        if (++seconds % LIMITS_EVERY == 0 || afterIdle) {
            try {
                sched.quota = hasQuota();
                if (followsLimits && !sched.procsSetByHand()) {
                    followLimits();
                }
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

    boolean hasQuota() {
        return limits.quota().read() != CpuQuota.UNLIMITED;
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
}
