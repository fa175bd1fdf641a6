package dev.pinion.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.terminal.Terminal;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final Terminal PIPE = new Terminal(false);

    @Test
    void aCarriersNameTellsItsP() {
        assertEquals(0, Timeline.numberOfP("VirtualThread[#29]/runnable@pinion-P0-M1"));
        assertEquals(12, Timeline.numberOfP("VirtualThread[#29,a-P3-M4 name]/runnable@my-pool-P12-M345"));
        assertEquals(-1, Timeline.numberOfP("VirtualThread[#29]/runnable@ForkJoinPool-1-worker-1"));
        assertEquals(-1, Timeline.numberOfP("VirtualThread[#29]/runnable@a-Px-M1"));
        assertEquals(-1, Timeline.numberOfP("VirtualThread[#29]/timed_waiting"));
    }

    @Test
    void aColumnHasTheGThatRanLongestInIt() {
        Timeline timeline = new Timeline(1000, 3, 2);
        timeline.ran(0, 0, 1010, 1050);
        timeline.ran(1, 1, 1000, 1024);
        timeline.ran(1, 1, 1024, 1049);
        timeline.ran(2, 1, 1049, 1080);
        assertEquals("  P0 on CPU 5    .0000.....\n  P1             11111222..\n",
                timeline.draw(2, Map.of(0, 5, 1, -1), 100, 10, PIPE));
    }

    @Test
    void aSpanThatMovedToAnotherPShowsOnBoth() {
        Timeline timeline = new Timeline(0, 1, 2);
        timeline.ran(0, 0, 0, 50);
        timeline.ran(0, 1, 50, 100);
        assertEquals("  P0             00..\n  P1             ..00\n", timeline.draw(2, Map.of(), 100, 4, PIPE));
    }

    @Test
    void coloursAreForTerminals() {
        Timeline timeline = new Timeline(0, 1, 1);
        timeline.ran(0, 0, 0, 100);
        assertTrue(timeline.draw(1, Map.of(), 100, 1, new Terminal(true)).endsWith("\u001b[41m0\u001b[0m\n"));
    }
}
