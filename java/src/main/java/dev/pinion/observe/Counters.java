package dev.pinion.observe;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What has happened to one P. No count is ever lost, and none costs a switch of Gs anything: they are kept where something blocks, is taken,
 * is born or ends.
 *
 * <table>
 * <caption>Who writes what</caption>
 * <tr><th>count</th><th>writer</th><th>so it is</th></tr>
 * <tr><td>announced, hand-offs, takes, returns with the P</td><td>the P's owner, in SCHED: from one owner to the next the P's word is the fence</td><td>plain</td></tr>
 * <tr><td>Ms made</td><td>the thread that starts the scheduler, then sysmon alone</td><td>plain</td></tr>
 * <tr><td>Ms ended</td><td>the M, under the lock that its end takes anyway</td><td>plain</td></tr>
 * <tr><td>returns without the P, runs without it, false alarms, both histograms</td><td>Ms that hold no P, many at once, of which those beyond
 * the 64th have no slot to count in</td><td>one atomic addition</td></tr>
 * </table>
 *
 * Any thread may read; it reads what was so a moment ago.
 */
public final class Counters {
    private final long[] changes = new long[Cause.values().length];
    private long announced;
    private long handOffs;
    private long returnsWithP;
    private long made;
    private long ended;
    private final AtomicLong returnsWithoutP = new AtomicLong();
    private final AtomicLong runsWithoutP = new AtomicLong();
    private final AtomicLong falseAlarms = new AtomicLong();
    private final Histogram blockToNextG = new Histogram();
    private final Histogram blocked = new Histogram();

    /** Since when the P waits for its next G, after a block; 0: it does not. By the owner, who leaves it to the next one. */
    private long waitsSince;

    private Cause lastCause = Cause.REQUEST;

    /** What {@link Recorder#handOffBegins} gave for this change of the M. As {@link #waitsSince}. */
    private Object event;

    /** A G is about to block, and said so. By the owner. */
    public void announced() {
        announced++;
    }

    /**
     * The P goes to another M now. By the owner, right before it gives the P away.
     *
     * @param since {@code System.nanoTime()} of the block, or of its discovery
     * @param handOffEvent of {@link Recorder#handOffBegins}; may be null
     */
    public void changesM(Cause cause, long since, Object handOffEvent) {
        changes[cause.ordinal()]++;
        lastCause = cause;
        waitsSince = since;
        event = handOffEvent;
    }

    /** By the owner who gives the P to another M, whatever the reason. */
    public void handedOff() {
        handOffs++;
    }

    /** An M has got the P. By that M, the owner, before it looks for a G. @return since when the P waits for one; 0: it does not */
    public long gotM() {
        long since = waitsSince;
        waitsSince = 0;
        return since;
    }

    /** The M that has got the P has a G to run. By the owner. @param since of {@link #gotM}, not 0 @param g the G's thread id */
    public void nextG(long since, String scheduler, int p, long g) {
        if (lastCause == Cause.ANNOUNCED || lastCause.isFoundBlock()) {
            blockToNextG.record(System.nanoTime() - since);
        }
        Object begun = event;
        event = null;
        if (begun != null) {
            Recorder.current().handOffEnds(begun, scheduler, p, lastCause, g);
        }
    }

    /** After an announced block the M has its P again at once. By the owner. */
    public void returnedWithP() {
        returnsWithP++;
    }

    /** After an announced block, or a call that had seldom blocked, the P is somebody else's. Any thread. */
    public void returnedWithoutP() {
        returnsWithoutP.incrementAndGet();
    }

    /** An M learns that its P was taken from under its G. Any thread. */
    public void ranWithoutP() {
        runsWithoutP.incrementAndGet();
    }

    /** The P's M seemed to be blocked, and was not. Any thread. */
    public void falseAlarm() {
        falseAlarms.incrementAndGet();
    }

    /** A block is over. Any thread. */
    public void blockedFor(long nanos) {
        blocked.record(nanos);
    }

    /** An M was made. By the maker. */
    public void madeM() {
        made++;
    }

    /** An M ends. Under the lock of the Ms' list. */
    public void endedM() {
        ended++;
    }

    /** How often the P changed its M for this reason. */
    public long changes(Cause cause) {
        return changes[cause.ordinal()];
    }

    /** Blocks that Gs said beforehand. */
    public long blocksAnnounced() {
        return announced;
    }

    /** Blocks that were found. */
    public long blocksFound() {
        return changes(Cause.TRIPWIRE) + changes(Cause.SYSMON);
    }

    public long handOffs() {
        return handOffs;
    }

    public long returnsWithP() {
        return returnsWithP;
    }

    public long returnsWithoutP() {
        return returnsWithoutP.get();
    }

    public long runsWithoutP() {
        return runsWithoutP.get();
    }

    public long falseAlarms() {
        return falseAlarms.get();
    }

    public long msMade() {
        return made;
    }

    public long msEnded() {
        return ended;
    }

    public Histogram blockToNextG() {
        return blockToNextG;
    }

    public Histogram blocked() {
        return blocked;
    }
}
