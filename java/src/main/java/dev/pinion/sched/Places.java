package dev.pinion.sched;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.Topology;
import dev.pinion.nativelib.Natives;

/**
 * Where the Ps are, and how they come elsewhere. P n has the CPU of place n modulo the number of places, for good: what moves is the place,
 * with all its Ps, and each P with all its Ms.
 *
 * <p>An M is re-bound from outside and at once, also while it runs a G: the kernel moves the thread, so there is no need to wait for a point
 * between two Gs. For some microseconds one M of a P is here and another there; nothing relies on the kernel to keep two Ms of a P apart,
 * the P's word does that. The races with an M's birth and end are told in {@code native/binding.c}. No M is born during a move: births are
 * sysmon's too, and so no M's memory gets a new owner while its address is used here.
 *
 * <p>By sysmon alone, except {@link #claim} before the start.
 */
final class Places {
    private final Sched sched;
    private final Topology topology;
    private final Housekeeping housekeeping;
    private CpuSet claimed = CpuSet.EMPTY;
    private CpuSet fled = CpuSet.EMPTY;

    Places(Sched sched, Topology topology, Housekeeping housekeeping) {
        this.sched = sched;
        this.topology = topology;
        this.housekeeping = housekeeping;
    }

    /** The CPUs of the Ps that GOMAXPROCS allows now. */
    CpuSet live() {
        P[] ps = sched.allPs();
        CpuSet cpus = CpuSet.EMPTY;
        for (int i = 0; i < Math.min(sched.procs(), ps.length); i++) {
            cpus = cpus.with(ps[i].cpu);
        }
        return cpus;
    }

    /** Tells the other schedulers of this process which CPUs the live Ps have. */
    void claim() {
        CpuSet now = live();
        if (!now.equals(claimed)) {
            claimed = now;
            CoreClaims.claim(sched, now);
            if (sched.closed) {
                CoreClaims.drop(sched); // it was closed meanwhile, and dropped them first
            }
        }
    }

    /** Claims, and puts sysmon where it should be. After every change of places, and now and then because of GOMAXPROCS. */
    void settle() {
        claim();
        housekeeping.settle(CoreClaims.all(), fled);
    }

    /** A CPU that others keep busy is none to put sysmon on. */
    void fled(int from, int to) {
        fled = fled.with(from).without(to);
    }

    /**
     * Moves the Ps whose place has another CPU than before. All or nothing.
     *
     * @param to the CPU of each place
     * @return false: GOMAXPROCS is being changed just now, or the kernel refused one of the CPUs; try again later
     */
    boolean move(int[] to) {
        return sched.resize.unlessChanging(() -> rebindAll(to)) && settled(to);
    }

    private boolean settled(int[] to) {
        for (P p : sched.allPs()) {
            if (p.cpu != to[p.id % to.length]) {
                return false;
            }
        }
        settle();
        return true;
    }

    private void rebindAll(int[] to) {
        int[] before = sched.places();
        for (P p : sched.allPs()) {
            int cpu = to[p.id % to.length];
            if (cpu != p.cpu && !rebind(p, cpu)) {
                for (P moved : sched.allPs()) {
                    rebind(moved, before[moved.id % before.length]);
                }
                return;
            }
        }
        boolean known = topology.online().containsAll(CpuSet.of(to)); // a CPU that came up after the start has no place in the topology
        sched.setPlaces(to, known ? SchedSetup.stealOrder(topology, to) : null);
    }

    /** An M that is being born or has ended says {@code -ESRCH}, which is right: the one looks for its P's CPU itself. */
    private boolean rebind(P p, int cpu) {
        if (p.cpu != cpu) {
            p.moveTo(cpu); // before any M: the order that an M's birth relies on
        }
        for (M m : p.idleSlots) {
            if (m != null && Natives.rebind(m.memory, cpu) == -Sched.EINVAL) {
                return false;
            }
        }
        for (M m : sched.machines.withoutSlot()) {
            if (m.home == p && Natives.rebind(m.memory, cpu) == -Sched.EINVAL) {
                return false;
            }
        }
        return true;
    }
}
