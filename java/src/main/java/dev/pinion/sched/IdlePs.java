package dev.pinion.sched;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The idle Ps, a bit each. The bit is the ticket: who clears it, and nobody else, may move that P's word out of IDLE. Every method is a
 * full fence where it changes a bit. Any thread.
 */
final class IdlePs {
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] words;
    private final AtomicInteger count = new AtomicInteger();

    IdlePs(int capacity) {
        words = new long[(capacity + 63) / 64];
    }

    /** Gives out the ticket of a P whose word is IDLE. By who put it there. */
    void add(int id) {
        count.incrementAndGet();
        WORD.getAndBitwiseOr(words, id >> 6, 1L << (id & 63));
    }

    /** Takes the ticket of one P. */
    boolean tryTake(int id) {
        long bit = 1L << (id & 63);
        if (((long) WORD.getAcquire(words, id >> 6) & bit) == 0
                || ((long) WORD.getAndBitwiseAnd(words, id >> 6, ~bit) & bit) == 0) {
            return false;
        }
        count.decrementAndGet();
        return true;
    }

    /** Takes the ticket of any idle P, the nearest number above {@code preferred} first. @return its id, or -1 */
    int takeAny(int preferred) {
        for (int i = 0; i <= words.length; i++) {
            int index = ((preferred >> 6) + i) % words.length;
            long mask = (long) WORD.getVolatile(words, index);
            if (i == 0) {
                mask &= -1L << (preferred & 63);
            }
            while (mask != 0) {
                int id = (index << 6) + Long.numberOfTrailingZeros(mask);
                if (tryTake(id)) {
                    return id;
                }
                mask &= mask - 1;
            }
        }
        return -1;
    }

    boolean contains(int id) {
        return ((long) WORD.getVolatile(words, id >> 6) & (1L << (id & 63))) != 0;
    }

    /**
     * True when some P is idle. Exact enough for submit/idle: {@link #add} counts before it gives the ticket out, so who reads 0 here was
     * before the idler's fence, and the idler's second look finds what was pushed.
     */
    boolean any() {
        return count.get() != 0;
    }

    /** True when some ticket is there to be taken: exact, where {@link #any} is early. */
    boolean anyTicket() {
        for (int i = 0; i < words.length; i++) {
            if ((long) WORD.getVolatile(words, i) != 0) {
                return true;
            }
        }
        return false;
    }

    /** How many are idle. A hint. */
    int count() {
        return count.get();
    }
}
