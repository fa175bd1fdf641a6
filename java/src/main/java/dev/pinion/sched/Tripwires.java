package dev.pinion.sched;

import dev.pinion.cpu.CpuSet;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import java.util.Arrays;

/**
 * The tripwires of the Ps: one C thread for each core ({@code native/tripwire.c}), which gets the CPU only when the core has nothing else to run,
 * and so notices within microseconds that the M with the P has gone to sleep. Made when a P is first seen at work, armed whenever it is
 * seen at work again; asleep by itself while it is idle.
 *
 * <p>None where it would be blind or do harm: unpinned, on a core that several Ps share, and on a core in {@code nohz_full}, where a
 * second runnable thread brings the tick back. There sysmon's looks are all there is ({@link Retake}).
 *
 * <p>By sysmon alone.
 */
final class Tripwires {
    private final Sched sched;
    private final CpuSet withoutTick;
    private long[] wires = {};
    private int[] cpus = {};
    private boolean refused;
    private boolean sharedSaid;

    /** @param withoutTick the CPUs in {@code nohz_full} */
    Tripwires(Sched sched, CpuSet withoutTick) {
        this.sched = sched;
        this.withoutTick = withoutTick;
    }

    /** A P is at work. */
    void arm(P p) {
        int cpu = p.cpu;
        if (refused || cpu < 0 || withoutTick.contains(cpu) || p.retired || sched.procs() > sched.places().length) {
            return;
        }
        if (p.id >= wires.length) {
            wires = Arrays.copyOf(wires, p.id + 1);
            cpus = Arrays.copyOf(cpus, p.id + 1);
        }
        long wire = wires[p.id];
        if (wire == 0) {
            make(p, cpu);
        } else if (cpus[p.id] != cpu) {
            follow(p, wire, cpu);
        } else if (SharedMemory.intAcquire(wire + SharedLayout.TRIPWIRE_ARMED) == 0) {
            Natives.tripwireArm(wire);
        }
    }

    private void make(P p, int cpu) {
        long wire = Natives.mapShared(SharedLayout.TRIPWIRE_SIZE);
        int r = wire < 0 ? (int) wire : Natives.tripwireStart(wire, p.word - SharedLayout.P_WORD, sched.sysmon.futex(), cpu);
        if (r < 0) {
            refused = true;
            Warnings.say("P" + p.id + " has no tripwire, because the kernel refused a thread of policy SCHED_IDLE on CPU " + cpu + " (errno " + -r
                    + "); blocks that nobody announced are found by sysmon alone, some hundred microseconds later.");
            return;
        }
        wires[p.id] = wire;
        cpus[p.id] = cpu;
        Natives.tripwireArm(wire);
    }

    /** Its P has been re-homed. If the kernel refuses, the P is about to be moved again. */
    private void follow(P p, long wire, int cpu) {
        int tid = SharedMemory.intAcquire(wire + SharedLayout.TRIPWIRE_TID);
        if (tid > 0 && Natives.setAffinity(tid, CpuSet.of(cpu).toMask()) >= 0) {
            cpus[p.id] = cpu;
        }
    }

    /** Turns of its loop so far: it has had the CPU when they grow. -1: there is none. */
    long beats(P p) {
        return p.id < wires.length && wires[p.id] != 0 ? SharedMemory.longAcquire(wires[p.id] + SharedLayout.TRIPWIRE_BEATS) : -1;
    }

    /** The scheduler ends. */
    void stop() {
        refused = true;
        for (long wire : wires) {
            if (wire != 0) {
                Natives.tripwireStop(wire);
            }
        }
        wires = new long[0];
    }
}
