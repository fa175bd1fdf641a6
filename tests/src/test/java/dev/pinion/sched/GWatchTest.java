package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.nativelib.SharedLayout;
import dev.pinion.sched.GWatch.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GWatchTest {
    private static final long MS = 1_000_000;
    private static final long EPOCH = 0x100;
    private static final int ON_CPU = SharedLayout.ON_CPU;
    private static final int IN_READ = SharedLayout.IN_CALL;
    private static final int UNKNOWN = -2;

    private final GWatch watch = new GWatch(10 * MS);

    private void begin(long ms) {
        watch.sees(7, EPOCH, ms * MS);
        assertTrue(watch.sees(7, EPOCH, ms * MS), "still the same");
    }

    private Verdict fresh(int in, long cpuMs, long ms) {
        return watch.judge(in, cpuMs * MS, false, 0, ms * MS);
    }

    private Verdict parked(int in, long cpuMs, long ms) {
        return watch.judge(in, cpuMs * MS, true, 0, ms * MS);
    }

    @Test
    void aGIsTheSameUnderTheSameTickAndEpoch() {
        begin(100);
        assertFalse(watch.sees(8, EPOCH, 0));
        assertFalse(watch.sees(8, 2 * EPOCH, 0));
        assertTrue(watch.sees(8, 2 * EPOCH, 0));
    }

    @Test
    void aCallIsABlockAtOnce() {
        begin(100);
        assertEquals(Verdict.BLOCKED, fresh(IN_READ, 5, 100));
        assertEquals(Verdict.BLOCKED, fresh(SharedLayout.IN_SLEEP, 5, 100));
    }

    @ParameterizedTest
    @ValueSource(ints = {SharedLayout.IN_FUTEX, SharedLayout.IN_NO_CALL, SharedLayout.IN_MEMORY_CALL})
    void whatMayBeTheJvmsDoingIsABlockAfterTenMillisecondsOfWatchWithoutAnyCpuTime(int in) {
        begin(100);
        assertEquals(20, looksUntilBlocked(in, 5 * MS, 100_000, 500));
    }

    /** Looks at intervals of so many microseconds. @return after how many of them it is a block */
    private int looksUntilBlocked(int in, long cpuNanos, long us, long interval) {
        assertEquals(Verdict.RUNS, judgeAt(in, cpuNanos, us));
        for (int looks = 1; looks < 1_000; looks++) {
            if (judgeAt(in, cpuNanos, us + looks * interval) == Verdict.BLOCKED) {
                return looks;
            }
        }
        return -1;
    }

    private Verdict judgeAt(int in, long cpuNanos, long us) {
        return watch.judge(in, cpuNanos, false, 0, us * 1_000);
    }

    @Test
    void withTimeOnTheCpuBetweenTheWatchBeginsAnew() {
        begin(100);
        for (int us = 100_000; us < 109_900; us += 900) {
            assertEquals(Verdict.RUNS, judgeAt(SharedLayout.IN_FUTEX, 5 * MS, us));
        }
        assertEquals(20, looksUntilBlocked(SharedLayout.IN_FUTEX, 5 * MS + 1, 110_000, 500));
        assertEquals(Verdict.RUNS, judgeAt(ON_CPU, 5 * MS + 1, 121_000));
        assertEquals(20, looksUntilBlocked(SharedLayout.IN_FUTEX, 5 * MS + 1, 122_000, 500));
    }

    /** A GC pause holds up sysmon, too: looks that come late count for little, and yet it is found in the end. */
    @Test
    void aLongGapCountsAsAMillisecond() {
        begin(100);
        assertEquals(10, looksUntilBlocked(SharedLayout.IN_FUTEX, 5 * MS, 100_000, 50_000));
    }

    @Test
    void aSliceIsTenMillisecondsOfCpuTimeAndATenthWhileAParkedGWaits() {
        begin(100);
        assertEquals(Verdict.RUNS, fresh(ON_CPU, 50, 100));
        assertEquals(Verdict.RUNS, fresh(ON_CPU, 54, 104));
        assertEquals(Verdict.RUNS, fresh(ON_CPU, 59, 109));
        assertEquals(Verdict.SLICE_OVER, fresh(ON_CPU, 60, 110));
        assertEquals(Verdict.SLICE_OVER, parked(ON_CPU, 51, 111));
        assertEquals(Verdict.RUNS, watch.judge(ON_CPU, 51 * MS - 1, true, 0, 112 * MS));
    }

    /** Preempted by strangers it has had no slice, however late it is. */
    @Test
    void timeWithoutCpuIsNoSlice() {
        begin(100);
        for (long ms = 100; ms < 140; ms += 4) {
            assertEquals(Verdict.RUNS, fresh(ON_CPU, 50 + (ms - 100) / 5, ms));
        }
    }

    @Test
    void besideItsOwnCrowdTheClockOnTheWallCounts() {
        begin(100);
        assertEquals(Verdict.RUNS, watch.judge(ON_CPU, 50 * MS, true, 3, 100 * MS));
        assertEquals(Verdict.SLICE_OVER, watch.judge(ON_CPU, 50 * MS + 1, true, 3, 101 * MS));
    }

    @Test
    void withHardlyAnyCpuForTenMillisecondsItIsStalled() {
        begin(100);
        assertEquals(Verdict.RUNS, fresh(ON_CPU, 50, 100));
        assertEquals(Verdict.RUNS, fresh(ON_CPU, 50, 105));
        assertEquals(Verdict.RUNS, fresh(ON_CPU, 50, 109));
        assertEquals(Verdict.STALLED, fresh(ON_CPU, 50, 110));
    }

    /** A pause of the JVM, which holds up sysmon as well; or one through which sysmon saw the G asleep. */
    @Test
    void afterAPauseItIsNotStalled() {
        begin(100);
        fresh(ON_CPU, 50, 100);
        assertEquals(Verdict.RUNS, fresh(ON_CPU, 50, 115));
        fresh(SharedLayout.IN_FUTEX, 50, 116);
        assertEquals(Verdict.RUNS, fresh(ON_CPU, 50, 117));
        assertEquals(Verdict.RUNS, fresh(ON_CPU, 50, 121));
        assertEquals(Verdict.RUNS, fresh(ON_CPU, 50, 126));
    }

    @Test
    void withoutTheKernelsWordTheClockOnTheWallCounts() {
        begin(100);
        assertEquals(Verdict.RUNS, fresh(UNKNOWN, 0, 109));
        assertEquals(Verdict.SLICE_OVER, fresh(UNKNOWN, 0, 110));
        watch.restart(110 * MS);
        assertEquals(Verdict.RUNS, fresh(UNKNOWN, 0, 119));
    }

    /** SIGSTOP, or a long collection. A quota lets the process run for less than a slice at a time, for ever: so once for each G. */
    @Test
    void aGIsForgivenOnce() {
        begin(100);
        watch.forgive(1_000 * MS);
        assertEquals(Verdict.RUNS, fresh(UNKNOWN, 0, 1_009));
        watch.forgive(2_000 * MS);
        assertEquals(Verdict.SLICE_OVER, fresh(UNKNOWN, 0, 2_000));
        assertFalse(watch.sees(8, EPOCH, 2_001 * MS));
        watch.forgive(3_000 * MS);
        assertEquals(Verdict.RUNS, fresh(UNKNOWN, 0, 3_000), "another G");
    }

    @Test
    void withoutASliceNobodyLosesItsPForComputing() {
        GWatch endless = new GWatch(0);
        endless.sees(7, EPOCH, 0);
        assertEquals(Verdict.RUNS, endless.judge(ON_CPU, 0, true, 1, 0));
        assertEquals(Verdict.RUNS, endless.judge(ON_CPU, 60_000 * MS, true, 1, 60_000 * MS));
        assertEquals(Verdict.RUNS, endless.judge(UNKNOWN, 0, true, 1, 60_000 * MS));
        assertEquals(Verdict.BLOCKED, endless.judge(IN_READ, 60_000 * MS, false, 0, 60_000 * MS));
    }

    @Test
    void aCallIsStillTheSameAtTheSecondLook() {
        assertFalse(watch.isStillIn(1));
        assertTrue(watch.isStillIn(1));
        assertFalse(watch.isStillIn(2), "another one");
    }

    private boolean closeAfter(long micros, long since) {
        return watch.isClose(since + micros * 1_000);
    }

    @Test
    void aBlockFoundLateIsWatchedForBriefly() {
        assertFalse(watch.isClose(5 * MS));
        watch.foundLate(5 * MS);
        assertTrue(closeAfter(999, 5 * MS));
        assertFalse(closeAfter(1_000, 5 * MS));
    }

    @Test
    void blocksThatComeOftenAreWatchedForUntilTheyStayAway() {
        watch.foundLate(5 * MS);
        watch.foundLate(15 * MS);
        assertTrue(closeAfter(29_999, 15 * MS), "three times what lay between them");
        watch.foundLate(20 * MS);
        assertTrue(closeAfter(14_999, 20 * MS));
        assertFalse(closeAfter(15_000, 20 * MS));
        watch.foundLate(49 * MS);
        assertTrue(closeAfter(59_999, 49 * MS), "but 60 ms at most");
        watch.foundLate(80 * MS);
        assertTrue(closeAfter(29_999, 80 * MS), "one that comes late halves it");
        assertFalse(closeAfter(30_000, 80 * MS));
    }

    @Test
    void besideOthersTheLooksGrowRarerWhileNothingIsFound() {
        assertEquals(10 * MS, watch.gap(1_000 * MS, MS, 10 * MS), "nothing has ever been found");
        watch.foundLate(1_000 * MS);
        assertEquals(MS, watch.gap(1_001 * MS, MS, 10 * MS));
        assertEquals(2 * MS, watch.gap(1_512 * MS, MS, 10 * MS));
        assertEquals(10 * MS, watch.gap(10_000 * MS, MS, 10 * MS));
        watch.foundLate(10_000 * MS);
        assertEquals(MS, watch.gap(10_000 * MS, MS, 10 * MS));
    }
}
