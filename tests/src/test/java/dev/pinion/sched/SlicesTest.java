package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SlicesTest {
    private static final long MS = 1_000_000;
    private static final long WORD = 0x102;

    private final Slices slices = new Slices();

    private boolean look(long ms) {
        return slices.isOver(3, 7, WORD, true, ms * MS);
    }

    @Test
    void isOverAfterTenMillisecondsOfTheSameG() {
        assertFalse(look(100));
        assertFalse(look(109));
        assertTrue(look(110));
    }

    @Test
    void anotherGAnotherHolderAndTheSchedulerBeginItAnew() {
        assertFalse(look(100));
        assertFalse(slices.isOver(3, 8, WORD, true, 111 * MS));
        assertFalse(look(122));
        assertFalse(slices.isOver(3, 7, WORD + 0x100, true, 133 * MS));
        assertFalse(look(144));
        assertFalse(slices.isOver(3, 7, WORD, false, 155 * MS));
        assertFalse(look(164));
        assertTrue(look(165));
    }

    @Test
    void eachPIsLookedAtByItself() {
        assertFalse(look(100));
        assertFalse(slices.isOver(0, 7, WORD, true, 105 * MS));
        assertTrue(look(110));
        assertFalse(slices.isOver(0, 7, WORD, true, 114 * MS));
        assertTrue(slices.isOver(0, 7, WORD, true, 115 * MS));
    }

    /** SIGSTOP, or a long collection: the G did not run either. */
    @Test
    void whenSysmonItselfWasLateNobodyIsToBlame() {
        assertFalse(look(100));
        slices.woke(101 * MS, 1_000 * MS);
        assertFalse(look(1_000));
        assertFalse(look(1_009));
        assertTrue(look(1_010));
    }

    /** A quota lets the process run for less than a slice at a time, for ever. */
    @Test
    void theSameGIsForgivenOnce() {
        assertFalse(look(100));
        slices.woke(101 * MS, 1_000 * MS);
        assertFalse(look(1_000));
        slices.woke(1_001 * MS, 2_000 * MS);
        assertTrue(look(2_000));
        assertFalse(slices.isOver(3, 8, WORD, true, 2_001 * MS));
        slices.woke(2_002 * MS, 3_000 * MS);
        assertFalse(slices.isOver(3, 8, WORD, true, 3_000 * MS), "another G");
    }

    @Test
    void aUsualDelayOfSysmonIsNone() {
        assertFalse(look(100));
        slices.woke(101 * MS, 111 * MS);
        assertTrue(look(111));
    }

    @Test
    void whatWasDoneIsNotDoneAgainAtOnce() {
        assertFalse(look(100));
        assertTrue(look(110));
        slices.restart(3, 110 * MS);
        assertFalse(look(111));
        assertTrue(look(120));
    }

    @Test
    void aCallIsStillTheSameAtTheSecondLook() {
        assertFalse(slices.isStillIn(3, 1));
        assertTrue(slices.isStillIn(3, 1));
        assertFalse(slices.isStillIn(3, 2), "another one");
        assertFalse(slices.isStillIn(4, 1), "of another P");
        assertTrue(slices.isStillIn(3, 2));
    }
}
