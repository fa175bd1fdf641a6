package dev.pinion.sched;

import dev.pinion.cpu.AllowedCpus;
import dev.pinion.cpu.CpuLoad;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.Rehoming;
import dev.pinion.cpu.Topology;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;

/**
 * Each M is still bound where its P is? Once a second, on sysmon's thread. If not, it is bound there again, and the kernel's answer tells
 * who did it: if it agrees, a G has bound "its" thread, which is an M; if it refuses, the CPU is gone, out of the cpuset or offline, and the
 * kernel has moved the M already. Then all Ps of that CPU go where they do least harm: to a CPU without a P, else to share one.
 */
final class MaskCheck {
    private final Sched sched;
    private final Places places;
    private final Topology topology;
    private final AllowedCpus allowed;
    private final CpuSet usable;
    private final CpuSet process;
    private final CoreReservation reservation;
    private final long[] mask = new long[1024 / 64];
    private boolean rebindingSaid;

    /** @param usable the CPUs that Ps may have @param process the process's @param reservation null: cores are not reserved */
    MaskCheck(Sched sched, Places places, Topology topology, AllowedCpus allowed, CpuSet usable, CpuSet process,
            CoreReservation reservation) {
        this.sched = sched;
        this.places = places;
        this.topology = topology;
        this.allowed = allowed;
        this.usable = usable;
        this.process = process;
        this.reservation = reservation;
    }

    void check() {
        for (P p : sched.allPs()) {
            for (M m : p.idleSlots) {
                LockedG locked = m == null ? null : m.locked;
                int tid = m == null || locked != null && locked.lodges ? 0 : SharedMemory.intAcquire(m.memory + SharedLayout.M_TID);
                if (tid <= 0 || Natives.getAffinity(tid, mask) < 0) {
                    continue;
                }
                CpuSet is = CpuSet.ofMask(mask);
                boolean knows = SharedMemory.intAcquire(m.memory + SharedLayout.M_CPU) == p.cpu;
                if (knows && is.size() == 1 && is.contains(p.cpu)) {
                    continue;
                }
                int r = Natives.rebind(m.memory, p.cpu);
                if (r == -Sched.EINVAL) {
                    cpuGone(p.cpu, is);
                    break;
                }
                // An M that is starting a thread has the process's CPUs for a moment, and re-binds itself.
                if (r == 0 && knows && !is.equals(process) && !rebindingSaid) {
                    rebindingSaid = true;
                    Warnings.say(m.getName() + " had been bound to CPUs " + is + " by somebody else and is on CPU " + p.cpu
                            + " again; a G must not bind the thread under it, use cpus= or a Scheduler of its own for that.");
                }
            }
        }
    }

    /** @param left where the kernel lets an M run that was bound to {@code cpu} */
    private void cpuGone(int cpu, CpuSet left) {
        CpuSet candidates = usable.intersect(left);
        if (candidates.isEmpty()) {
            candidates = left.isEmpty() ? allowed.read() : left; // asleep on a CPU that went offline: the kernel moves it when it wakes
        }
        if (!left.isEmpty() && process.intersect(left).isEmpty()) {
            Natives.setProcessMask(left.toMask());
        }
        int[] before = sched.places();
        int[] to = refuges(before, cpu, candidates);
        if (to == null || !places.move(to)) {
            return; // the next second has another look
        }
        CpuSet moved = CpuSet.EMPTY;
        CpuSet homes = CpuSet.EMPTY;
        boolean alone = true;
        int live = Math.min(sched.procs(), sched.allPs().length);
        for (int id = 0; id < live; id++) {
            if (before[id % to.length] == cpu) {
                moved = moved.with(id);
                homes = homes.with(to[id % to.length]);
            }
        }
        for (int id = 0; id < live; id++) {
            alone &= moved.contains(id) || !homes.contains(to[id % to.length]);
        }
        if (!moved.isEmpty()) {
            Warnings.say(sentence(cpu, allowed.fateOf(cpu), moved, homes, alone && homes.size() == moved.size()));
        }
        if (reservation != null) {
            CpuSet now = places.live();
            for (int home = homes.first(); home >= 0; home = homes.next(home + 1)) {
                reservation.follow(cpu, home, now);
            }
        }
    }

    /** Where each place is when those on {@code gone} have gone elsewhere; null: nowhere to go. */
    private int[] refuges(int[] before, int gone, CpuSet candidates) {
        int[] to = before.clone();
        CpuSet others = CoreClaims.all().minus(places.live());
        int live = Math.min(sched.procs(), sched.allPs().length);
        for (int i = 0; i < to.length; i++) {
            if (to[i] != gone) {
                continue;
            }
            int[] taken = new int[Math.min(live, to.length) + others.size()];
            System.arraycopy(to, 0, taken, 0, Math.min(live, to.length));
            System.arraycopy(others.toArray(), 0, taken, Math.min(live, to.length), others.size());
            to[i] = Rehoming.refuge(topology, gone, candidates, taken, CpuLoad.NONE);
            if (to[i] < 0) {
                return null;
            }
        }
        return to;
    }

    static String sentence(int cpu, String fate, CpuSet ps, CpuSet homes, boolean alone) {
        return "CPU " + cpu + " " + fate + "; " + (ps.size() == 1 ? "P" + ps + " is" : "Ps " + ps + " are") + " on CPU"
                + (homes.size() == 1 ? " " : "s ") + homes + " now"
                + (alone ? "." : ", beside other Ps.");
    }
}
