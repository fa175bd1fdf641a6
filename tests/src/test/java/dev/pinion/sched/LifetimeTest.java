package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LifetimeTest {
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger stops = new AtomicInteger();
    private LongSupplier numG = () -> 0;
    private Runnable atStop = () -> {};
    private final Lifetime life = lifetime(() -> numG.getAsLong(), () -> {
        stops.incrementAndGet();
        atStop.run();
    });

    private static Lifetime lifetime(LongSupplier numG, Runnable stop) {
        return new Lifetime("mine", new Lifetime.Owner() {
            @Override
            public long numG() {
                return numG.getAsLong();
            }

            @Override
            public void stop() {
                stop.run();
            }
        });
    }

    @Test
    void anOpenOneDoesNotEnd() {
        assertFalse(life.tryEnd());
        assertTrue(life.isOpen());
        assertFalse(life.refuses());
    }

    /** The second closer comes while the first looks again, and finds a G: neither may think that it was the end. */
    @Test
    void aSecondCloserHearsNothingOfAnEndThatDoesNotCome() {
        life.shut();
        numG = () -> {
            if (looks.incrementAndGet() == 1) {
                return 0;
            }
            assertTrue(life.refuses(), "who is counted from now on is refused");
            assertFalse(life.tryEnd(), "the second closer");
            return 1;
        };
        assertFalse(life.tryEnd());
        assertFalse(life.refuses(), "it still takes what was started before it was shut");
        assertEquals(0, stops.get());
        numG = () -> 0;
        assertTrue(life.tryEnd());
        assertEquals(1, stops.get());
    }

    @Test
    void nobodyHearsOfTheEndBeforeItHasCome() {
        life.shut();
        atStop = () -> assertFalse(life.tryEnd());
        assertTrue(life.tryEnd());
        assertTrue(life.isEnded());
    }

    @Test
    void manyClosersEndItOnce() throws Exception {
        for (int round = 1; round <= 200; round++) {
            AtomicInteger ends = new AtomicInteger();
            AtomicInteger gaveUp = new AtomicInteger();
            Lifetime raced = lifetime(() -> 0, ends::incrementAndGet);
            raced.shut();
            CyclicBarrier together = new CyclicBarrier(4);
            List<Thread> closers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                boolean impatient = i == 0;
                closers.add(Thread.ofPlatform().start(() -> {
                    try {
                        together.await();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                    if (impatient) {
                        raced.endNow(gaveUp::incrementAndGet);
                    }
                    while (!raced.tryEnd()) {
                        Thread.onSpinWait();
                    }
                }));
            }
            for (Thread closer : closers) {
                closer.join();
            }
            assertEquals(1, ends.get());
            assertTrue(gaveUp.get() <= 1);
        }
    }

    @Test
    void whoGivesUpEndsItWithWhatIsLeft() {
        numG = () -> 7;
        life.endNow(() -> assertFalse(life.isEnded(), "the list of what is left is made first"));
        assertTrue(life.isEnded());
        assertTrue(life.refuses());
        assertEquals("The scheduler 'mine' is closed; go is refused.", life.refusal("go").getMessage());
    }

    /** A list of a million threads may not fit into the heap any more. */
    @Test
    void theEndComesThoughWhatIsLeftCannotBeListed() {
        numG = () -> 7;
        assertThrows(OutOfMemoryError.class, () -> life.endNow(() -> {
            throw new OutOfMemoryError("of the test");
        }));
        assertTrue(life.isEnded(), "else every other closer waits for ever");
        assertEquals(1, stops.get());
    }
}
