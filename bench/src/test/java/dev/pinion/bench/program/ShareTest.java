package dev.pinion.bench.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ShareTest {

    @Test
    void withoutAShareAllOfItIsMeasured() {
        assertEquals(1, Share.parse(null));
        assertEquals(0.25, Share.parse("0.25"));
        for (String bad : new String[] {"0", "-1", "1.5", "NaN", "much"}) {
            assertThrows(IllegalArgumentException.class, () -> Share.parse(bad));
        }
    }

    @Test
    void aSmallShareLeavesEnoughToTellSomething() {
        assertEquals(750, Share.ofCount(3_000, 0.25));
        assertEquals(50, Share.ofCount(100, 0.25));
        assertEquals(8, Share.ofCount(8, 0.25));
    }
}
