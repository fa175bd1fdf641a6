package dev.pinion.sched;

import static dev.pinion.nativelib.SharedLayout.STATE_BITS;
import static dev.pinion.nativelib.SharedLayout.STATE_DEAD;
import static dev.pinion.nativelib.SharedLayout.STATE_IDLE;
import static dev.pinion.nativelib.SharedLayout.STATE_RUNNING;
import static dev.pinion.nativelib.SharedLayout.STATE_SCHED;
import static dev.pinion.nativelib.SharedLayout.STATE_SYSCALL;

import dev.pinion.nativelib.SharedMemory;

/**
 * The transitions of a P's word, by address. The same ones in C, and the essay on them, are in {@code native/pinion.h}. An
 * {@code epoch} here is the epoch in its place, the state bits zero.
 */
final class PWord {
    /** What taking a P adds. */
    static final long EPOCH = 1L << STATE_BITS;

    private static final long STATE_MASK = EPOCH - 1;

    private PWord() {}

    static int stateAcquire(long word) {
        return (int) (SharedMemory.longAcquire(word) & STATE_MASK);
    }

    static long epochAcquire(long word) {
        return SharedMemory.longAcquire(word) & ~STATE_MASK;
    }

    static boolean isRunningAt(long word, long epoch) {
        return SharedMemory.longAcquire(word) == (epoch | STATE_RUNNING);
    }

    /** Of a word that was read. */
    static long epochOf(long w) {
        return w & ~STATE_MASK;
    }

    /** Of a word that was read. */
    static int stateOf(long w) {
        return (int) (w & STATE_MASK);
    }

    /** Of a word that was read. */
    static boolean isRunning(long w) {
        return (w & STATE_MASK) == STATE_RUNNING;
    }

    /** Of a word that was read. */
    static boolean isInSyscall(long w) {
        return (w & STATE_MASK) == STATE_SYSCALL;
    }

    /** Of a word that was read. */
    static boolean isSched(long w) {
        return (w & STATE_MASK) == STATE_SCHED;
    }

    /** IDLE@e to SCHED@e+1, by the holder of the P's idle ticket. @return the new epoch */
    static long transitionAcquire(long word) {
        long w = SharedMemory.longAcquire(word);
        long next = (w & ~STATE_MASK) + EPOCH;
        if ((w & STATE_MASK) != STATE_IDLE || !SharedMemory.casLong(word, w, next | STATE_SCHED)) {
            throw broken("acquire", w);
        }
        return next;
    }

    /** SCHED to RUNNING, by the owner. A release store: nobody else may change a word in SCHED. */
    static void transitionRun(long word, long epoch) {
        SharedMemory.setLongRelease(word, epoch | STATE_RUNNING);
    }

    /** As {@link #transitionRun}, and a full fence after it: the store half of submit/idle (native/pinion.h). */
    static void transitionRunFenced(long word, long epoch) {
        SharedMemory.setLongVolatile(word, epoch | STATE_RUNNING);
    }

    /** RUNNING to SCHED, by the M that got {@code epoch}. @return false: the P was taken from it */
    static boolean transitionEnter(long word, long epoch) {
        return SharedMemory.casLong(word, epoch | STATE_RUNNING, epoch | STATE_SCHED);
    }

    /** RUNNING to SYSCALL, by the M that got {@code epoch}. @return false: the P was taken from it */
    static boolean transitionBlock(long word, long epoch) {
        return SharedMemory.casLong(word, epoch | STATE_RUNNING, epoch | STATE_SYSCALL);
    }

    /** SYSCALL to RUNNING, by the same. @return false: the call took long enough for somebody to take the P */
    static boolean transitionUnblock(long word, long epoch) {
        return SharedMemory.casLong(word, epoch | STATE_SYSCALL, epoch | STATE_RUNNING);
    }

    /** RUNNING or SYSCALL to SCHED@e+1, by any thread, which so owns the P. @return the new epoch, or -1: not to be had now */
    static long transitionTake(long word) {
        return transitionTake(word, SharedMemory.longAcquire(word));
    }

    /** As {@link #transitionTake(long)}, from what the caller has read and drawn its conclusions from. */
    static long transitionTake(long word, long w) {
        long state = w & STATE_MASK;
        long next = (w & ~STATE_MASK) + EPOCH;
        if ((state == STATE_RUNNING || state == STATE_SYSCALL) && SharedMemory.casLong(word, w, next | STATE_SCHED)) {
            return next;
        }
        return -1;
    }

    /** SCHED@e to SCHED@e+1, by the owner, who then tells another M the new epoch. */
    static long transitionHandOff(long word, long epoch) {
        SharedMemory.setLongRelease(word, (epoch + EPOCH) | STATE_SCHED);
        return epoch + EPOCH;
    }

    /** SCHED to IDLE, by the owner, before it gives out the idle ticket. */
    static void transitionIdle(long word, long epoch) {
        SharedMemory.setLongRelease(word, epoch | STATE_IDLE);
    }

    /** SCHED@e to DEAD@e+1, by the owner. */
    static void transitionKill(long word, long epoch) {
        SharedMemory.setLongVolatile(word, (epoch + EPOCH) | STATE_DEAD);
    }

    /** DEAD@e to IDLE@e+1, under the GOMAXPROCS lock, before the idle ticket is given out. */
    static void transitionRevive(long word) {
        long w = SharedMemory.longAcquire(word);
        if ((w & STATE_MASK) != STATE_DEAD || !SharedMemory.casLong(word, w, (w & ~STATE_MASK) + EPOCH | STATE_IDLE)) {
            throw broken("revive", w);
        }
    }

    private static IllegalStateException broken(String transition, long word) {
        return new IllegalStateException(
                "P's word: no transition '" + transition + "' from state " + (word & STATE_MASK) + " epoch " + (word >>> STATE_BITS));
    }
}
