package dev.pinion.sched;

import dev.pinion.nativelib.NativeCallException;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import dev.pinion.queue.SpinLock;
import dev.pinion.vthread.CallBlocker;

/**
 * A call that blocks and can be interrupted: the handle on it that other threads have ({@code native/interrupt.c}). Used again and again;
 * its memory is never given back, so that a signaller that comes late looks at a call that is over, or at another one, and no further.
 */
public final class BlockedCall extends CallBlocker {
    private static final int PER_BLOCK = 64;

    private static final SpinLock LOCK = new SpinLock(Sched.RELAX);
    private static BlockedCall free;

    private final long address;
    private BlockedCall next;

    /** {@link Signaller}'s. */
    boolean repeated;

    boolean endsLate;

    BlockedCall nextRepeated;

    private BlockedCall(long address) {
        this.address = address;
    }

    /** For the calling thread, from here to {@link #release}. */
    static BlockedCall acquire() {
        while (true) {
            LOCK.lock();
            BlockedCall call = free;
            if (call != null) {
                free = call.next;
            }
            LOCK.unlock();
            if (call != null) {
                SharedMemory.getAndSetInt(call.address + SharedLayout.CALL_STATE, SharedLayout.CALL_WAITING);
                return call;
            }
            makeMore();
        }
    }

    private static void makeMore() {
        NativeCallException.check("the search for a signal to interrupt calls with", Natives.interruptPrepare());
        long block = NativeCallException.check("mapShared", Natives.mapShared((long) PER_BLOCK * SharedLayout.CALL_SIZE));
        for (int i = 0; i < PER_BLOCK; i++) {
            new BlockedCall(block + (long) i * SharedLayout.CALL_SIZE).release();
        }
    }

    void release() {
        LOCK.lock();
        next = free;
        free = this;
        LOCK.unlock();
    }

    long address() {
        return address;
    }

    /** Its thread is in C, or on the way into the kernel. */
    boolean isMade() {
        return SharedMemory.intAcquire(address + SharedLayout.CALL_TID) != 0;
    }

    /** The call is over: no signal is sent for it any more. By its thread. */
    void ended() {
        long state = address + SharedLayout.CALL_STATE;
        while (true) {
            int now = SharedMemory.intAcquire(state);
            if (now == SharedLayout.CALL_SIGNALLING) {
                Natives.schedYield(); // somebody is inside tgkill
            } else if (SharedMemory.casInt(state, now, SharedLayout.CALL_NONE)) {
                return;
            }
        }
    }

    /** Ends the call with {@code -EINTR}, if it has not ended: soon, not at once. Any thread that knows that it is still this call. */
    public void end() {
        interrupted();
        afterInterrupt();
    }

    @Override
    protected void interrupted() {
        if (SharedMemory.casInt(address + SharedLayout.CALL_STATE, SharedLayout.CALL_WAITING, SharedLayout.CALL_INTERRUPTED)) {
            Natives.callSignal(address);
        }
    }

    @Override
    protected void afterInterrupt() {
        if (SharedMemory.intAcquire(address + SharedLayout.CALL_STATE) == SharedLayout.CALL_INTERRUPTED) {
            Signaller.repeat(this);
        }
    }
}
