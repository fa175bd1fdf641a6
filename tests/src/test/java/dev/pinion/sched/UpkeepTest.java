package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.cpu.CpuSet;
import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.SharedLayout;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The test is sysmon: it calls what sysmon calls once a second. A separate thread, because what hangs here spins. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UpkeepTest {
    static {
        Boot.withLibrary();
    }

    private final Sched sched = new SchedSetup().gomaxprocs(2).unpinned(true).start();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final AtomicInteger limit = new AtomicInteger(2);
    private volatile boolean quota;

    private Upkeep upkeep(boolean odd) {
        return new Upkeep(sched, true, null, CpuSet.EMPTY, null, null, null) {
            @Override
            int allowedProcs() {
                return odd ? Integer.parseInt("max") : limit.get();
            }

            @Override
            boolean hasQuota() {
                return quota;
            }

            @Override
            void say(String sentence) {
                said.add(sentence);
            }
        };
    }

    private static void fiveSeconds(Upkeep upkeep) {
        for (int i = 0; i < Upkeep.LIMITS_EVERY; i++) {
            upkeep.run();
        }
    }

    @AfterEach
    void end() {
        sched.lifetime().endNow(() -> {});
    }

    /** The P that goes waits for an M, which only sysmon can make: it must not wait for the P. */
    @Test
    void aShrinkByQuotaDoesNotHoldUpSysmon() {
        P going = sched.allPs()[1];
        while (!sched.idle.tryTake(1)) {
            Thread.onSpinWait();
        }
        long epoch = PWord.transitionAcquire(going.word);
        limit.set(1);
        Upkeep upkeep = upkeep(false);
        fiveSeconds(upkeep);
        fiveSeconds(upkeep); // nor does it start a second one beside the first
        HandOff.give(going, epoch, false); // the M has come
        while (PWord.stateAcquire(going.word) != SharedLayout.STATE_DEAD) {
            Thread.onSpinWait();
        }
        assertEquals(1, sched.procs());
        assertEquals(List.of(), said);
    }

    @Test
    void limitsAreFollowedUpAndDown() {
        Upkeep upkeep = upkeep(false);
        for (int procs : new int[] {5, 1, 3}) {
            limit.set(procs);
            while (sched.procs() != procs) {
                upkeep.run();
            }
        }
        assertEquals(List.of(), said);
    }

    @Test
    void aQuotaThatComesAndGoesIsNoticed() {
        Upkeep upkeep = upkeep(false);
        sched.setParallelism(2); // does not keep it from looking
        for (boolean there : new boolean[] {true, false}) {
            quota = there;
            fiveSeconds(upkeep);
            assertEquals(there, sched.quota);
        }
    }

    @Test
    void whatWasSetByHandStays() {
        sched.setParallelism(4); // by the JDK's management bean
        limit.set(1);
        fiveSeconds(upkeep(false));
        assertEquals(4, sched.procs());
    }

    @Test
    void anOddFileIsSaidOnceAndTheCheckSkipped() {
        Upkeep upkeep = upkeep(true);
        fiveSeconds(upkeep);
        fiveSeconds(upkeep);
        assertEquals(1, said.size());
        assertTrue(said.getFirst().startsWith("the check of quota and cpuset failed (java.lang.NumberFormatException"), said::toString);
        assertTrue(said.getFirst().endsWith("; it is skipped until it works again."), said::toString);
        assertEquals(2, sched.procs());
    }
}
