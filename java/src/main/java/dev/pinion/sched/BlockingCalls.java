package dev.pinion.sched;

import static dev.pinion.nativelib.SharedLayout.CALL_TRY;
import static dev.pinion.nativelib.SharedLayout.CALL_UNINTERRUPTIBLE;
import static dev.pinion.nativelib.SharedLayout.MAY_BLOCK;
import static dev.pinion.nativelib.SharedLayout.MAY_WAIT;
import static dev.pinion.nativelib.SharedLayout.WOULD_BLOCK;

import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.NativeCallException;
import dev.pinion.nativelib.Natives;

/**
 * Calls that are known to block (Go: entersyscall, entersyscallblock, exitsyscall). On a G: the call is tried without waiting; only if it
 * would wait the P is handed over, then the call is made, and on return the G takes its own P if that is idle, or else unmounts and is
 * queued ({@code native/syscalls.c}). On any other thread: the same call, and nothing to hand over.
 *
 * <p>C says that the call would block, and Java hands over: two JNI calls more than if C did both. Tried side by side on one core, from the
 * try to the first instruction of the other M: 5.8 to 7.4 us in Java, 5.5 to 7.0 in C (medians of three runs of 5,000; p99 14 to 29 and 14
 * to 23). For that twentieth C would need the run queues, the idle tickets and the spares' slots in shared memory, and every
 * hand-over would exist twice, where {@link HandOff} is one, checked by the model.
 */
public final class BlockingCalls {
    static {
        Boot.withLibrary();
    }

    private BlockingCalls() {}

    /** Who wants to end calls from outside hears of each that waits, and of its end. On the calling thread. */
    public interface Watcher {
        /** @return false: it shall not wait, and ends with {@code -EINTR} */
        boolean waits(BlockedCall call);

        /** After {@link #waits}, whatever came of that, or without it. */
        void ended(BlockedCall call);
    }

    /**
     * A call that an interrupt ends.
     *
     * @param op one of {@code SharedLayout.OP_...}, with its arguments
     * @param watcher may be null
     * @return its result or {@code -errno}; {@code -EINTR} if the thread was interrupted, whose status stays set, or the watcher ended it
     */
    public static long call(int op, Watcher watcher, long a, long b, long c, long d) {
        long result = Natives.blockingCall(op, CALL_TRY, a, b, c, d);
        if (result == WOULD_BLOCK || result == MAY_WAIT) {
            return wait(result == MAY_WAIT, op, watcher, a, b, c, d);
        }
        return result == MAY_BLOCK ? seldomBlocks(op, null, a, b, c, d) : result;
    }

    /** A call that nothing ends but itself. */
    public static long uninterruptible(int op, long a, long b, long c, long d) {
        long result = Natives.blockingCall(op, CALL_TRY, a, b, c, d);
        if (result == WOULD_BLOCK) {
            boolean announced = begin();
            result = Natives.blockingCall(op, CALL_UNINTERRUPTIBLE, a, b, c, d);
            end(announced);
            return result;
        }
        return result == MAY_BLOCK ? seldomBlocks(op, null, a, b, c, d) : result;
    }

    private static long wait(boolean seldom, int op, Watcher watcher, long a, long b, long c, long d) {
        BlockedCall call = BlockedCall.acquire();
        boolean endsLate = false;
        try {
            call.install();
            try {
                if (Thread.currentThread().isInterrupted()) {
                    endsLate = seldom && Signaller.endLate(call);
                    if (!endsLate) {
                        return -NativeCallException.EINTR;
                    }
                }
                if (watcher != null && !watcher.waits(call)) {
                    return -NativeCallException.EINTR;
                }
                if (seldom) {
                    return seldomBlocks(op, call, a, b, c, d);
                }
                boolean announced = begin();
                long result = Natives.blockingCall(op, call.address(), a, b, c, d);
                call.ended();
                end(announced);
                return result;
            } finally {
                if (watcher != null) {
                    watcher.ended(call);
                }
            }
        } finally {
            call.ended();
            if (endsLate) {
                Signaller.forget(call);
            }
            call.uninstall();
            call.release();
        }
    }

    /** The P stays, in SYSCALL, where sysmon takes it when the call does block: a hand-over costs several times what the call does. */
    private static long seldomBlocks(int op, BlockedCall call, long a, long b, long c, long d) {
        long address = call == null ? CALL_UNINTERRUPTIBLE : call.address();
        M m = mounted();
        P p = m == null || m.announced ? null : m.p;
        if (p != null) {
            p.syscallTick++; // first: else sysmon could take this call for the one before
        }
        if (p == null || !PWord.transitionBlock(p.word, m.epoch)) {
            return Natives.blockingCall(op, address, a, b, c, d);
        }
        long result = Natives.blockingCall(op, address, a, b, c, d);
        if (call != null) {
            call.ended();
        }
        if (!PWord.transitionUnblock(p.word, m.epoch)) {
            m.lostInCall();
            unmount();
        }
        return result;
    }

    /**
     * The calling thread is about to block: gives its P away if it has one.
     *
     * @return true: {@link #end} must follow, with this
     */
    public static boolean begin() {
        M m = mounted();
        return m != null && HandOff.beforeBlock(m);
    }

    /**
     * The block is over. Its G may run on only with a P (Go: exitsyscall): without its own it unmounts, to be queued behind others, with an
     * idle P woken if there is one. A G that cannot unmount, over a native frame, runs on without.
     */
    public static void end(boolean announced) {
        M m = announced ? mounted() : null;
        if (m == null || !m.announced) {
            return; // it parked meanwhile, and has run with a P since
        }
        Object event = m.blocks.end();
        HandOff.afterBlock(m);
        if (m.p == null) {
            unmount();
        }
        m.blocks.tell(event);
    }

    /** With no memory for the G's stack it runs on without a P, as over a native frame: what the call has done must not be lost. */
    private static void unmount() {
        try {
            Thread.yield();
        } catch (OutOfMemoryError e) {
            // until it parks, or ends
        }
    }

    /** The M under the calling G; null on other threads, and in the scheduler's own code. */
    private static M mounted() {
        M m = M.underG();
        return m != null && !m.inSched ? m : null;
    }
}
