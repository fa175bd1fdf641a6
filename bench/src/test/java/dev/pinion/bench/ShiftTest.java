package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ShiftTest {

    @Test
    void theEstimateIsTheMedianOfAllRatios() {
        Statistics.Interval interval = Shift.ratio(new double[] {1, 2, 4}, new double[] {2, 4, 8});
        assertEquals(2, interval.median());
        assertEquals(0.5, interval.low());
        assertEquals(8, interval.high());
    }

    /** Of the 20 orders of three and three values one has no pair the other way round: 1 - 2/20. Tables of Mann and Whitney's U say the same. */
    @Test
    void coverageIsThatOfMannAndWhitney() {
        assertEquals(0.9, Shift.ratio(new double[] {1, 2, 3}, new double[] {1, 2, 3}).coverage(), 1e-12);
        assertTrue(Shift.ratio(new double[] {1, 2}, new double[] {1, 2}).tooFewSamples());
        double[] five = {100, 101, 102, 103, 104};
        // P(U <= 4) = 12/252 for five and five: the fifth from either end, covering 1 - 24/252.
        Statistics.Interval interval = Shift.difference(five, five);
        assertEquals(1 - 24 / 252.0, interval.coverage(), 1e-12);
        assertEquals(-2, interval.low());
        assertEquals(2, interval.high());
    }

    @Test
    void whatNeverCameIsLikeItselfAndWorseThanAllElse() {
        double never = Double.POSITIVE_INFINITY;
        double[] gone = {never, never, never};
        assertEquals(1, Shift.ratio(gone, gone).high());
        assertEquals(never, Shift.ratio(new double[] {1, 1, 1}, gone).low());
        assertEquals(0, Shift.ratio(gone, new double[] {1, 1, 1}).high());
    }
}
