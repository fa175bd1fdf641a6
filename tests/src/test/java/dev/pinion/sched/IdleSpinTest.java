package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** When an idle P spins, on a clock of the test's own. */
class IdleSpinTest {
    private static final long LIMIT = 50_000;
    private static final int ENOUGH = 8;

    private long now = 1_000_000_000;
    private int yields;
    private boolean othersWantTheCore;

    private IdleSpin idle(IdleStrategy strategy) {
        return new IdleSpin(strategy, LIMIT, () -> {
            yields++;
            if (othersWantTheCore) {
                LockSupport.parkNanos(1_000_000);
            }
        });
    }

    /** @return for how long it spun, at most until the gap was over */
    private long gap(IdleSpin idle, long nanos, boolean quota) {
        long start = now;
        long spun = 0;
        while (now - start < nanos && idle.spinsOn(quota, now)) {
            now += 1000;
            spun = now - start;
        }
        now = start + nanos;
        idle.ends(now);
        assertFalse(idle.inGap());
        now += 1000;
        return spun;
    }

    private IdleSpin busy() {
        IdleSpin idle = idle(IdleStrategy.ADAPTIVE);
        for (int i = 0; i < ENOUGH; i++) {
            gap(idle, 10_000, false);
        }
        return idle;
    }

    @Test
    void whoHasNotWorkedYetSleepsAtOnce() {
        IdleSpin idle = idle(IdleStrategy.ADAPTIVE);
        for (int i = 0; i < ENOUGH; i++) {
            assertEquals(0, gap(idle, 10_000, false));
        }
    }

    @Test
    void afterShortGapsItSpinsThroughThem() {
        assertEquals(10_000, gap(busy(), 10_000, false));
    }

    @Test
    void itSpinsNoLongerThanTheLimit() {
        assertEquals(LIMIT, gap(busy(), 10_000_000, false));
    }

    @Test
    void longGapsEndIt() {
        IdleSpin idle = busy();
        long spun = 0;
        for (int i = 0; i < 100; i++) {
            spun += gap(idle, 10_000_000, false);
        }
        assertEquals(LIMIT, spun, "after eight of sixteen short ones the first long one decides");
    }

    @Test
    void underAQuotaItSleeps() {
        assertEquals(0, gap(busy(), 10_000, true));
    }

    @Test
    void whoeverWantsTheCoreGetsIt() {
        IdleSpin idle = busy();
        othersWantTheCore = true;
        assertTrue(gap(idle, 10_000_000, false) <= 10_000);
        assertEquals(1, yields);
        othersWantTheCore = false;
        for (int i = 0; i < ENOUGH; i++) {
            assertEquals(0, gap(idle, 10_000, false));
        }
        assertEquals(10_000, gap(idle, 10_000, false));
    }

    @Test
    void itOffersTheCoreAgainAndAgain() {
        gap(busy(), 10_000_000, false);
        assertTrue(yields >= 5, yields + " times in " + LIMIT + " ns");
    }

    @Test
    void spinNeverSleepsAndParkAlwaysDoes() {
        othersWantTheCore = true;
        assertEquals(200_000, gap(idle(IdleStrategy.SPIN), 200_000, true));
        IdleSpin parks = idle(IdleStrategy.PARK);
        for (int i = 0; i < 20; i++) {
            assertEquals(0, gap(parks, 10_000, false));
        }
    }
}
