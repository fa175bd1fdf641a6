package dev.pinion.sched;

import dev.pinion.nativelib.Natives;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Signals interrupted calls again until they are over: a signal that comes before the thread is in the kernel wakes nobody. A thread of its
 * own, so that whoever interrupts need not wait for a call that the kernel does not let go; it exists while there is such a call.
 */
final class Signaller {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Addresses of calls. Guarded by itself. */
    private static final List<Long> CALLS = new ArrayList<>();

    private static boolean running;

    private Signaller() {}

    static void repeat(long call) {
        synchronized (CALLS) {
            if (!CALLS.contains(call)) {
                CALLS.add(call);
            }
            if (running) {
                return;
            }
            Sysmon.helper("pinion-interrupts", Signaller::run).start();
            running = true;
        }
    }

    private static void run() {
        while (true) {
            LockSupport.parkNanos(PERIOD_NANOS);
            synchronized (CALLS) {
                CALLS.removeIf(call -> Natives.callSignal(call) == 0);
                if (CALLS.isEmpty()) {
                    running = false;
                    return;
                }
            }
        }
    }
}
