package dev.pinion.queue;

import java.util.Arrays;

/**
 * Copies tasks between rings, whose lengths are powers of two. In bulk, because the collector then wants one barrier a piece: stored one
 * by one into arrays that have grown old, each task costs a full fence under G1.
 */
final class RingCopy {
    private RingCopy() {}

    /** Copies {@code n} tasks; positions run freely and are taken modulo the lengths. */
    static void copy(Runnable[] from, int fromPosition, Runnable[] to, int toPosition, int n) {
        int done = 0;
        while (done < n) {
            int f = (fromPosition + done) & (from.length - 1);
            int t = (toPosition + done) & (to.length - 1);
            int piece = Math.min(n - done, Math.min(from.length - f, to.length - t));
            System.arraycopy(from, f, to, t, piece);
            done += piece;
        }
    }

    /** Clears {@code n} places. */
    static void clear(Runnable[] ring, int position, int n) {
        int first = position & (ring.length - 1);
        int piece = Math.min(n, ring.length - first);
        Arrays.fill(ring, first, first + piece, null);
        Arrays.fill(ring, 0, n - piece, null);
    }
}
