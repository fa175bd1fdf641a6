package dev.pinion.bench.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PendingLatencyTest {
    private final Recording recording = new Recording();
    private final PendingLatency served = new PendingLatency(recording);
    private final PendingLatency starved = new PendingLatency(recording);

    private Latencies merged() {
        recording.stop();
        return PendingLatency.merged(PendingLatency.pending(served, starved), served, starved);
    }

    @Test
    void onlyWhatEndsWhileRecordingCounts() {
        served.begin(0);
        served.end(5);
        recording.start();
        served.begin(10);
        served.end(17);
        served.begin(20);
        served.end(29);
        assertEquals(2, merged().count());
        served.begin(30);
        served.end(35);
        assertEquals(2, PendingLatency.merged(PendingLatency.pending(served), served).count());
    }

    @Test
    void whatWasLateWhenTheWindowEndedIsGivenUp() {
        recording.start();
        starved.begin(System.nanoTime() - 2 * Latencies.MISSED_NANOS);
        Latencies merged = merged();
        assertEquals(1, merged.count());
        assertTrue(merged.never(1));
    }

    @Test
    void whatWasOnlyOnItsWayIsNot() {
        recording.start();
        served.begin(System.nanoTime());
        starved.begin(System.nanoTime() + Latencies.MISSED_NANOS);
        assertEquals(0, merged().count());
    }
}
