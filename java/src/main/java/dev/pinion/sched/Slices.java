package dev.pinion.sched;

import java.util.Arrays;

/**
 * Since when each P runs the G that it runs. A slice is over when sysmon has seen the same G there for so long by the clock on the wall:
 * Go's rule, which does not see a P whose M was kept off its core by another process. By sysmon.
 */
final class Slices {
    /** Go's forcePreemptNS: a G that runs, or blocks its M, for so long while others wait loses its P. */
    static final long NANOS = 10_000_000;

    private int[] ticks = new int[0];
    private long[] words = new long[0];
    private long[] since = new long[0];
    private boolean[] forgiven = new boolean[0];
    private int[] syscallTicks = new int[0];

    /**
     * Sysmon is back from its sleep. If it comes a whole slice too late, the process was stopped, or the JVM was (a long collection), or the
     * machine is overloaded: then the Gs did not run either, and their slices begin anew. Once for each G: under a quota so small that the
     * process hardly runs for a slice at a time, that happens again and again, and the others must run some time.
     *
     * @param due when it was to wake at the latest
     */
    void woke(long due, long now) {
        if (now - due > NANOS) {
            for (int p = 0; p < since.length; p++) {
                if (!forgiven[p]) {
                    forgiven[p] = true;
                    since[p] = now;
                }
            }
        }
    }

    /** Whether a P in a call that seldom blocks was in it when this was last asked: at least 20 us ago (Go: retake, sysmontick). */
    boolean isStillIn(int p, int syscallTick) {
        if (p >= syscallTicks.length) {
            syscallTicks = Arrays.copyOf(syscallTicks, p + 1);
        }
        boolean same = syscallTick == syscallTicks[p];
        syscallTicks[p] = syscallTick;
        return same;
    }

    /**
     * Looks at one P.
     *
     * @param word the P's word
     * @param running whether that says that a G is running
     */
    boolean isOver(int p, int tick, long word, boolean running, long now) {
        if (p >= ticks.length) {
            ticks = Arrays.copyOf(ticks, p + 1);
            words = Arrays.copyOf(words, p + 1);
            since = Arrays.copyOf(since, p + 1);
            forgiven = Arrays.copyOf(forgiven, p + 1);
        }
        if (!running || tick != ticks[p] || word != words[p]) {
            ticks[p] = tick;
            words[p] = word;
            since[p] = now;
            forgiven[p] = false;
            return false;
        }
        return now - since[p] >= NANOS;
    }

    /** What is done about a slice that was over does not bear being done again at once. */
    void restart(int p, long now) {
        since[p] = now;
    }
}
