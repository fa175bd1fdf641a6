package dev.pinion.sched;

/**
 * What sysmon knows of the G that one P runs: since when, what CPU time its M has used since, how long it has been asleep. From that it judges
 * whether the P is to be taken ({@link Retake}). By sysmon.
 */
final class GWatch {
    enum Verdict {
        /** It runs, or it is not known long enough. */
        RUNS,
        /** Its M sleeps in a system call, or over a page fault. */
        BLOCKED,
        /** It has had its slice. */
        SLICE_OVER,
        /** It could run and gets no CPU. */
        STALLED
    }

    /**
     * An M asleep on a futex may wait for a GC pause to be over, for the thread that ends it (which was seen to be kept off its CPU for 5 ms on the
     * way out of a safepoint), or for a lock of the heap. Only after so much of sysmon's watch, without a moment on the CPU, is it blocked.
     */
    static final long SLEEP_NANOS = 10_000_000;

    /** Between two looks no more than this counts as watched: in what is longer there may have been a pause, which holds up sysmon, too. */
    static final long SLEEP_GAP_NANOS = 1_000_000;

    /** A G that has parked before waits at most a tenth of what a fresh one waits. */
    private static final int PARKED_SHARE = 10;

    /** After this long on the CPU for less than a fiftieth of the time: somebody of a higher class has the core. */
    static final long STALLED_NANOS = 10_000_000;

    private static final int STALLED_SHARE = 50;

    /** Sysmon looks more often at a G that is waited for: if it did not, it was held up, by a pause of the JVM or like the G itself. */
    private static final long GAP_NANOS = 5_000_000;

    /** Blocks that come no more seldom than this are worth a close watch from one to the next. */
    private static final long OFTEN_NANOS = 30_000_000;

    /** The watch lasts so many times what lay between the last two of them, for they come unevenly. */
    private static final int INTERVALS = 3;

    /** After a block that came alone: a loop of reads has blocked again by then. */
    private static final long LEAST_CLOSE_NANOS = 1_000_000;

    private static final long MOST_CLOSE_NANOS = 60_000_000;

    /** Beside others a look is worth its time once in this share of what has passed since the last find: after 50 ms each 0.2 ms. */
    private static final int SHARE_OF_QUIET = 256;

    private final long slice;
    private boolean close;
    private boolean foundBefore;
    private long foundNanos;
    private long closeNanos;
    private int tick;
    private long epoch = -1;
    private int syscallTick;
    private long since;
    private boolean forgiven;
    private long judged;
    private long cpuSince;
    private long cpuNanos = -1;
    private long sleepWatched;
    private long sleepCpu = -1;

    /** @param slice what a G may compute while a fresh one waits, nanoseconds; 0: without limit */
    GWatch(long slice) {
        this.slice = slice;
    }

    /** A look at the P. @return whether it runs the G that it ran at the last look, under the same M */
    boolean sees(int newTick, long newEpoch, long now) {
        if (newTick == tick && newEpoch == epoch) {
            return true;
        }
        tick = newTick;
        epoch = newEpoch;
        since = now;
        forgiven = false;
        cpuNanos = -1;
        sleepCpu = -1;
        return false;
    }

    /** The P's M was found blocked, and the tripwire was not on the watch: a close watch begins, or goes on. */
    void foundLate(long now) {
        long interval = now - foundNanos;
        boolean often = foundBefore && interval <= OFTEN_NANOS;
        // One that is long in coming does not end a row of them.
        closeNanos = Math.clamp(often ? INTERVALS * interval : closeNanos / 2, LEAST_CLOSE_NANOS, MOST_CLOSE_NANOS);
        foundBefore = true;
        foundNanos = now;
        close = true;
    }

    /** Whether another block is to be expected soon. */
    boolean isClose(long now) {
        close = close && now - foundNanos < closeNanos;
        return close;
    }

    /** How long to wait for the next look where others keep the core busy, and no block is expected. @param least after a find */
    long gap(long now, long least, long most) {
        return foundBefore ? Math.clamp((now - foundNanos) / SHARE_OF_QUIET, least, most) : most;
    }

    /** Whether its M was in the same call that seldom blocks when this was last asked (Go: retake, sysmontick). */
    boolean isStillIn(int newSyscallTick) {
        boolean same = newSyscallTick == syscallTick;
        syscallTick = newSyscallTick;
        return same;
    }

    /** For how long it has run, by the clock on the wall. */
    long age(long now) {
        return now - since;
    }

    /**
     * Judges what {@link #sees} saw again.
     *
     * @param blockedIn of {@code Natives.blockedIn}; negative: not known
     * @param cpu CPU time of the M, nanoseconds; negative: not known
     * @param parkedWaits a G that has parked before waits
     * @param crowd Ms that compute on the same core without a P
     */
    Verdict judge(int blockedIn, long cpu, boolean parkedWaits, int crowd, long now) {
        boolean perhapsTheJvm = JvmWaits.possible(blockedIn);
        if (blockedIn > 0 && !perhapsTheJvm) {
            return Verdict.BLOCKED;
        }
        long limit = parkedWaits ? slice / PARKED_SHARE : slice;
        if (blockedIn < 0 || cpu < 0) {
            return slice != 0 && now - since >= slice ? Verdict.SLICE_OVER : Verdict.RUNS; // Go's rule: the clock on the wall
        }
        if (perhapsTheJvm) {
            cpuNanos = -1; // what it sleeps is not what it waits for a CPU
            return judgeSleep(cpu, now);
        }
        sleepCpu = -1;
        if (cpuNanos < 0 || now - judged > GAP_NANOS) {
            cpuNanos = cpu;
            cpuSince = now;
        }
        judged = now;
        long ran = cpu - cpuNanos;
        // Beside others of our own that compute, a millisecond of CPU takes many, and the next M is given the CPU before all of them.
        if (slice != 0 && (ran >= limit || crowd > 0 && now - cpuSince >= limit)) {
            return Verdict.SLICE_OVER;
        }
        return now - cpuSince >= STALLED_NANOS && ran < (now - cpuSince) / STALLED_SHARE ? Verdict.STALLED : Verdict.RUNS;
    }

    /**
     * At a safepoint every M sleeps on a futex, and sysmon is held as soon as it comes back from native code: of a pause it sees the beginning, at
     * most. So what it sees in many looks, with not an instant of CPU time between them, is no pause.
     */
    private Verdict judgeSleep(long cpu, long now) {
        sleepWatched = sleepCpu == cpu ? sleepWatched + Math.min(now - judged, SLEEP_GAP_NANOS) : 0;
        sleepCpu = cpu;
        judged = now;
        return sleepWatched >= SLEEP_NANOS ? Verdict.BLOCKED : Verdict.RUNS;
    }

    /** The process was stopped, or the JVM was: the G did not run either. Once for each G, for under a small quota that happens again and again. */
    void forgive(long now) {
        if (!forgiven) {
            forgiven = true;
            since = now;
        }
    }

    /** What is done about a slice that was over does not bear being done again at once. */
    void restart(long now) {
        since = now;
        cpuNanos = -1;
        sleepCpu = -1;
    }
}
