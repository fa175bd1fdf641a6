package dev.pinion.sched;

import dev.pinion.nativelib.Natives;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Signals interrupted calls again until they are over: a signal that comes before the thread is in the kernel wakes nobody. A thread of its
 * own, so that whoever interrupts need not wait for a call that the kernel does not let go; it exists while there is such a call. Where no
 * thread can be made, whoever interrupts waits after all.
 */
final class Signaller {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final Object LOCK = new Object();

    /** Linked through themselves, as an interrupt needs no memory. Guarded by LOCK, as the next. */
    private static BlockedCall first;

    private static boolean running;

    private Signaller() {}

    /** Any thread, also one that holds a lock which the call's thread wants once the call is over. */
    static void repeat(BlockedCall call) {
        synchronized (LOCK) {
            if (!call.repeated) {
                call.repeated = true;
                call.nextRepeated = first;
                first = call;
            }
            if (running) {
                return;
            }
            running = true;
        }
        try {
            Sysmon.helper("pinion-interrupts", Signaller::run).start();
        } catch (OutOfMemoryError e) {
            run(); // of threads, or of the heap
        }
    }

    private static void run() {
        do {
            LockSupport.parkNanos(PERIOD_NANOS);
        } while (!signalAll());
    }

    /** @return whether all are over */
    private static boolean signalAll() {
        synchronized (LOCK) {
            BlockedCall call = first;
            first = null;
            while (call != null) {
                BlockedCall next = call.nextRepeated;
                boolean goesOn = Natives.callSignal(call.address()) != 0;
                call.repeated = goesOn;
                call.nextRepeated = goesOn ? first : null;
                first = goesOn ? call : first;
                call = next;
            }
            running = first != null;
            return !running;
        }
    }
}
