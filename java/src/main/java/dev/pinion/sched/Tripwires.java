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
    /** Threads may be short, or the CPU may just have left the cpuset. */
    private static final long RETRY_NANOS = 1_000_000_000;

    /** The patience of the JVM's end with them: a core with 16 hogs lets them run after half of that. */
    static final long END_NANOS = 1_000_000_000;

    private static final long END_LOOK_NANOS = 200_000;

    private final Sched sched;
    private final CpuSet withoutTick;
    private long[] wires = {};
    private int[] cpus = {};
    private long[] late = {};
    private long retryNanos;
    private boolean said;

    /** @param withoutTick the CPUs in {@code nohz_full} */
    Tripwires(Sched sched, CpuSet withoutTick) {
        this.sched = sched;
        this.withoutTick = withoutTick;
    }

    /** A P is at work. @param expected it may well block at once: a rest of its tripwire is ended, too */
    void arm(P p, boolean expected) {
        int cpu = p.cpu;
        if (p.id >= wires.length) {
            wires = Arrays.copyOf(wires, p.id + 1);
            cpus = Arrays.copyOf(cpus, p.id + 1);
            late = Arrays.copyOf(late, p.id + 1);
        }
        long wire = wires[p.id];
        if (cpu < 0 || withoutTick.contains(cpu) || p.retired || sched.procs() > sched.places().length) {
            if (wire != 0) {
                drop(p, wire);
            }
        } else if (wire == 0) {
            make(p, cpu);
        } else if (cpus[p.id] != cpu) {
            follow(p, wire, cpu);
        } else {
            sched.fence(); // the P was seen at work before
            int armed = SharedMemory.intAcquire(wire + SharedLayout.TRIPWIRE_ARMED);
            if (armed == SharedLayout.TRIPWIRE_ASLEEP || expected && armed == SharedLayout.TRIPWIRE_RESTING) {
                Natives.tripwireArm(wire);
            }
        }
    }

    /** Whether since the last call a block was seen that had begun while the P's tripwire slept or rested. */
    boolean sawLate(P p) {
        long wire = p.id < wires.length ? wires[p.id] : 0;
        if (wire == 0) {
            return false;
        }
        long before = late[p.id];
        late[p.id] = SharedMemory.longAcquire(wire + SharedLayout.TRIPWIRE_LATE);
        return late[p.id] != before;
    }

    /** Left where it is it would turn all the time, on a core where there is nothing to see. */
    private void drop(P p, long wire) {
        wires[p.id] = 0;
        Natives.tripwireStop(wire);
    }

    private void make(P p, int cpu) {
        if (retryNanos != 0 && System.nanoTime() - retryNanos < 0) {
            return;
        }
        long wire = Natives.mapShared(SharedLayout.TRIPWIRE_SIZE);
        int r = wire < 0 ? (int) wire : Natives.tripwireStart(wire, p.word - SharedLayout.P_WORD, sched.sysmon.futex(), cpu);
        if (r < 0) {
            retryNanos = System.nanoTime() + RETRY_NANOS;
            if (!said) {
                said = true;
                Warnings.say("P" + p.id + " has no tripwire, because a thread of policy SCHED_IDLE could not be made on CPU " + cpu + " (errno " + -r
                        + "); until it can, blocks that nobody announced are found by sysmon alone, some hundred microseconds later.");
            }
            return;
        }
        wires[p.id] = wire;
        cpus[p.id] = cpu;
        late[p.id] = 0;
        Natives.tripwireArm(wire);
    }

    /** Its P has been re-homed. If the kernel refuses, the P is about to be moved again. */
    private void follow(P p, long wire, int cpu) {
        int tid = SharedMemory.intAcquire(wire + SharedLayout.TRIPWIRE_TID);
        if (tid > 0 && Natives.setAffinity(tid, CpuSet.of(cpu).toMask()) >= 0) {
            cpus[p.id] = cpu;
        }
    }

    /**
     * The JVM ends: beside hogs the process would take seconds to die with them ({@code native/tripwire.c}), and so they go first. Not waited
     * for for ever, since a real-time thread may have the core.
     */
    void end() {
        int[] tids = new int[wires.length];
        for (int i = 0; i < wires.length; i++) {
            tids[i] = wires[i] == 0 ? 0 : SharedMemory.intAcquire(wires[i] + SharedLayout.TRIPWIRE_TID);
        }
        stop();
        long start = System.nanoTime();
        for (int tid : tids) {
            while (tid > 0 && Natives.threadExists(tid) && System.nanoTime() - start < END_NANOS) {
                Natives.futexWait(sched.sysmon.nap(), 0, END_LOOK_NANOS);
            }
        }
    }

    /** The scheduler ends. */
    void stop() {
        for (long wire : wires) {
            if (wire != 0) {
                Natives.tripwireStop(wire);
            }
        }
        wires = new long[0];
    }
}
