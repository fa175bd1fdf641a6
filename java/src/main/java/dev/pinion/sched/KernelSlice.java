package dev.pinion.sched;

import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The slice the kernel gives a thread (EEVDF, from Linux 6.12; no privilege needed). An M that may hold a P asks for the shortest: it then runs
 * at once when it has something to do, before threads with the usual slice, and gets no larger share of the core by it. Who computes on
 * without a P goes back to the usual slice. Not by nice values, which an ordinary user can raise and never lower again.
 */
final class KernelSlice {
    /** The shortest the kernel grants, nanoseconds. */
    private static final long SHORT_NANOS = 100_000;

    private static final long USUAL = 0;

    private static final AtomicBoolean SAID = new AtomicBoolean();

    private static volatile boolean refused;

    private KernelSlice() {}

    /** The calling M's. It is about to hold a P. */
    static void shorten() {
        if (refused) {
            return;
        }
        int r = Natives.setSlice(0, SHORT_NANOS);
        if (r < 0) {
            refused = true;
            if (SAID.compareAndSet(false, true)) {
                Warnings.say("the kernel gives Ms no slice of their own (errno " + -r + "; Linux 6.12 and later do, to threads of the normal policy): "
                        + "beside threads that compute on the same core, Gs that wake up run some milliseconds later than they could.");
            }
        }
    }

    /** Of an M that has lost its P and goes on. Any thread. @param machine the address of its {@code struct pinion_m} */
    static void lengthen(long machine) {
        if (!refused) {
            int tid = SharedMemory.intAcquire(machine + SharedLayout.M_TID);
            if (tid > 0) {
                Natives.setSlice(tid, USUAL); // -ESRCH: it has ended
            }
        }
    }
}
