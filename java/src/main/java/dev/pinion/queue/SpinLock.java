package dev.pinion.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A lock for a few instructions, taken by scheduler code, which may run on a virtual thread and so may not park.
 *
 * <p>The holder can be preempted by the very thread that waits, on the same core: after {@link #SPINS} tries the waiter gives the CPU
 * away through {@code relax} ({@code sched_yield} in the scheduler).
 */
public final class SpinLock {
    /** A guess: some hundred nanoseconds, longer than any section guarded so. */
    private static final int SPINS = 64;

    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(SpinLock.class, "held", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Runnable relax;

    @SuppressWarnings("unused")
    private volatile int held;

    public SpinLock(Runnable relax) {
        this.relax = relax;
    }

    /** Any thread; not reentrant. */
    public void lock() {
        if (!tryLock()) {
            lockSlow();
        }
    }

    public boolean tryLock() {
        return (int) HELD.getOpaque(this) == 0 && HELD.compareAndSet(this, 0, 1);
    }

    private void lockSlow() {
        for (int spins = 0; !tryLock(); spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                relax.run();
            }
        }
    }

    /** By the holder. */
    public void unlock() {
        HELD.setRelease(this, 0);
    }
}
