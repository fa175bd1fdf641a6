package dev.pinion.sched;

import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import java.util.concurrent.atomic.AtomicLong;

/** Words of Ps for jcstress, in memory shared with C. They are given out round and round; there are more than it has states in use at once. */
final class StressWords {
    /** Of a fresh word. */
    static final long EPOCH = 7 * PWord.EPOCH;

    private static final int WORDS = 1 << 18;
    private static final long MEMORY;
    private static final AtomicLong NEXT = new AtomicLong();

    static {
        Boot.withLibrary();
        MEMORY = Natives.mapShared((long) WORDS * SharedLayout.P_SIZE);
        if (MEMORY < 0) {
            throw new OutOfMemoryError("no memory for the words: errno " + -MEMORY);
        }
    }

    private StressWords() {}

    /** The futex of an M that sleeps. */
    static long futex() {
        long futex = next();
        SharedMemory.setIntPlain(futex, SharedLayout.M_ASLEEP);
        return futex;
    }

    private static long next() {
        return MEMORY + (NEXT.getAndIncrement() & WORDS - 1) * SharedLayout.P_SIZE + SharedLayout.P_WORD;
    }

    /** A word in this state at {@link #EPOCH}. */
    static long in(int state) {
        long word = next();
        SharedMemory.setLongVolatile(word, EPOCH | state);
        return word;
    }
}
