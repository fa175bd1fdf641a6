package dev.pinion.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.demo.BlockingPicture.Column;
import dev.pinion.terminal.Terminal;
import org.junit.jupiter.api.Test;

class BlockingPictureTest {
    private static final BlockingFigures JDK = new BlockingFigures(1400, 1150, 104.8, 395.2, 403.5, 419, 5, 0, 399.7, 401.66, null);
    private static final BlockingFigures PINION =
            new BlockingFigures(1400, 1400, 0.5, 1.25, 7.6, 1266, 6, 6, 0.167, 1.04, new BlockingFigures.Found(6, 12, 0.043));

    @Test
    void eachGHasALineAndEachColumnASign() {
        BlockingPicture picture = new BlockingPicture();
        picture.add(new Column(1, 0, 0));
        picture.add(new Column(0.3, 0.5, 4));
        picture.add(new Column(0, 0.02, 0.49));
        assertEquals("  reads    =-.\n  computes .#-\n  answers  .#-\n", picture.draw(new Terminal(false)));
        assertEquals(BlockingPicture.LINES, picture.draw(new Terminal(true)).lines().count());
        assertTrue(picture.draw(new Terminal(true)).startsWith("  reads    \u001b[31m=\u001b[0m"));
    }

    @Test
    void figuresAndColumnsComeBackAsTheyWere() {
        assertEquals(JDK, BlockingFigures.ofLine(JDK.toLine()));
        assertEquals(PINION, BlockingFigures.ofLine(PINION.toLine()));
        assertEquals(new Column(0.25, 0, 1.5), Column.ofLine(new Column(0.25, 0, 1.5).toLine()));
        assertNull(Column.ofLine(JDK.toLine()));
        assertNull(BlockingFigures.ofLine("start"));
    }

    @Test
    void theTableHasBothSidesAndADashForWhatTheJdkDoesNotCount() {
        String table = BlockingTable.of(JDK, PINION);
        assertTrue(table.contains("  answers given         1,150     1,400\n"), table);
        assertTrue(table.contains("  answer p99, ms      395.200     1.250\n"), table);
        assertTrue(table.contains("  reads noticed        0 of 5    6 of 6\n"), table);
        assertTrue(table.contains("  hand-offs                 -        12\n"), table);
        assertTrue(table.lines().allMatch(line -> line.length() < 40), table);
    }

    @Test
    void aReadIsNoticedOnlyByWhoRunsBeforeItEnds() {
        BlockedReads reads = new BlockedReads(3);
        reads.begins();
        reads.anotherRan();
        reads.ends();
        reads.begins();
        reads.ends();
        long end = System.nanoTime();
        reads.anotherRan();
        assertEquals(1, reads.noticed());
        reads.begins();
        assertEquals(1, reads.noticed());
        long[] waits = reads.untilAnotherRan(end + 1_000_000_000);
        assertEquals(3, waits.length);
        assertTrue(waits[0] < 1_000_000_000 && waits[2] > 500_000_000, waits[0] + ", " + waits[2]);
        assertArrayEquals(new long[0], new BlockedReads(1).untilAnotherRan(end));
    }
}
