package dev.pinion.vthread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.nativelib.Boot;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RehearsalTest {
    static {
        Boot.withLibrary();
    }

    @Test
    void theThreadIsWokenByEachDeadlineAndEnds() {
        assertEquals(Thread.State.TERMINATED, Rehearsal.hold().getState());
    }

    /** It is for sysmon: each refusal that it plays costs the JDK's nap of 100 ms unless that is cut short. */
    @Test
    void isShort() {
        Rehearsal.hold();
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long start = System.nanoTime();
            Rehearsal.hold();
            shortest = Math.min(shortest, System.nanoTime() - start);
        }
        assertTrue(shortest < TimeUnit.MILLISECONDS.toNanos(50), "took " + shortest + " ns");
    }
}
