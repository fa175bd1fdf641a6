package dev.pinion.bench.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    private final Latencies latencies = new Latencies();

    private Map<String, Double> reported() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        latencies.report(new Report() {
            @Override
            void metric(String name, double value) {
                metrics.put(name, value);
            }
        });
        return metrics;
    }

    @Test
    void reportsPercentilesTheLargestAndTheMissed() {
        for (int i = 1; i <= 99; i++) {
            latencies.record(i);
        }
        latencies.record(Latencies.MISSED_NANOS + 1_000_000);
        Map<String, Double> metrics = reported();
        assertEquals(List.of("p50", "p99", "max", "missed"), List.copyOf(metrics.keySet()));
        assertEquals(50, metrics.get("p50"));
        assertEquals(99, metrics.get("p99"));
        assertEquals(11e6, metrics.get("max"), 1e4);
        assertEquals(1, metrics.get("missed"));
    }

    @Test
    void whatEndsByItselfLateIsMissedAndYetAFigure() {
        latencies.record(20_000_000);
        assertFalse(latencies.never(1));
        assertEquals(20e6, reported().get("p50"), 2e4);
        assertEquals(100, reported().get("missed"));
    }

    @Test
    void onlyWaitsGivenUpAreNever() {
        latencies.recordGivenUp(20_000_000);
        assertTrue(latencies.never(1));
        assertFalse(latencies.never(2));
        assertEquals(Double.POSITIVE_INFINITY, reported().get("p50"));
        assertEquals(100, reported().get("missed"));
        latencies.record(5);
        assertFalse(latencies.never(1));
        assertEquals(50, reported().get("missed"));
    }

    @Test
    void anothersAreAdded() {
        Latencies others = new Latencies();
        others.record(20_000_000);
        others.recordGivenUp(20_000_000);
        latencies.record(5);
        latencies.record(7);
        latencies.add(others);
        assertEquals(4, latencies.count());
        assertEquals(50, reported().get("missed"));
    }

    @Test
    void aResetForgetsEverything() {
        latencies.recordGivenUp(20_000_000);
        latencies.reset();
        assertEquals(0, latencies.count());
        assertThrows(IllegalStateException.class, this::reported);
        latencies.record(7);
        assertEquals(0, reported().get("missed"));
    }
}
