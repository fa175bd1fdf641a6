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

    /**
     * The call of an interrupted thread that most likely need not wait: it does its work, and is ended if it waits all the same. By its
     * thread, before the call; {@link #forget} must follow.
     *
     * @return false: there is no thread to do it, nor memory for one
     */
    static boolean endLate(BlockedCall call) {
        if (!add(call, true)) {
            return true;
        }
        try {
            start();
            return true;
        } catch (OutOfMemoryError e) {
            forget(call);
            run(); // for those that others have added meanwhile
            return false;
        }
    }

    /** The call is over. */
    static void forget(BlockedCall call) {
        synchronized (LOCK) {
            call.endsLate = false;
        }
    }

    /** Any thread, also one that holds a lock which the call's thread wants once the call is over. */
    static void repeat(BlockedCall call) {
        if (!add(call, false)) {
            return;
        }
        try {
            start();
        } catch (OutOfMemoryError e) {
            run(); // of threads, or of the heap
        }
    }

    /** @return whether the caller must see to it that somebody runs */
    private static boolean add(BlockedCall call, boolean endsLate) {
        synchronized (LOCK) {
            call.endsLate |= endsLate;
            if (!call.repeated) {
                call.repeated = true;
                call.nextRepeated = first;
                first = call;
            }
            boolean must = !running;
            running = true;
            return must;
        }
    }

    private static void start() {
        Sysmon.helper("pinion-interrupts", Signaller::run).start();
    }

    private static void run() {
        do {
            LockSupport.parkNanos(PERIOD_NANOS);
        } while (!signalAll());
    }

    /** @return whether the call goes on */
    private static boolean signal(BlockedCall call) {
        if (call.endsLate) {
            call.endsLate = false;
            call.interrupted();
        }
        return Natives.callSignal(call.address()) != 0;
    }

    /** @return whether all are over */
    private static boolean signalAll() {
        synchronized (LOCK) {
            BlockedCall call = first;
            first = null;
            while (call != null) {
                BlockedCall next = call.nextRepeated;
                boolean goesOn = call.endsLate && !call.isMade() || signal(call);
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
