package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleTest {

    @Test
    void readsEveryKindOfLineAndSkipsTheRest() {
        Sample sample = Sample.parse(List.of("@carrier pinion-P0-M3", "some warning of the JVM", "@hog 1", "@serve 40123",
                "@usage 3000 4 6 2000", "@fair 10 40", "@metric start 12.5", "@metric wake 1e3"));
        assertEquals("pinion-P0-M3", sample.carrier());
        assertEquals(12.5, sample.metrics().get("start"));
        assertEquals(1000, sample.metrics().get("wake"));
        assertEquals(0.25, sample.fair());
        assertEquals(1.5, sample.usage().cpuNanosPerOperation());
        assertEquals(5, sample.usage().switchesPerThousand());
    }

    @Test
    void whatNeverHappenedHasNoFigure() {
        assertEquals(Double.POSITIVE_INFINITY, Sample.parse(List.of("@metric p50 never")).metrics().get("p50"));
        assertEquals("never", Workload.Unit.NANOS.format(Double.POSITIVE_INFINITY));
    }

    @Test
    void whatIsNotPrintedIsAbsent() {
        Sample sample = Sample.parse(List.of("@metric op 1"));
        assertNull(sample.usage());
        assertTrue(Double.isNaN(sample.fair()));
        assertEquals("", sample.carrier());
    }

    @ParameterizedTest
    @ValueSource(strings = {"@metric op", "@metric op x", "@metric op NaN", "@metric op Infinity", "@metric op -1", "@usage 1 2 3",
            "@usage 1 2 3 0", "@fair 1 0", "@speed 3", "@"})
    void anythingElseIsRefusedAndNamed(String line) {
        IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, () -> Sample.parse(List.of(line)));
        assertTrue(thrown.getMessage().endsWith(line), thrown.getMessage());
    }

    @Test
    void aFigurePrintedTwiceIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Sample.parse(List.of("@metric op 1", "@metric op 2")));
    }

    @Test
    void aRunOnTheWrongSchedulerIsSeen() {
        assertTrue(Side.PINION.ran("pinion-P0-M0"));
        assertTrue(Side.JDK.ran("ForkJoinPool-1-worker-1"));
        assertEquals(List.of(), List.of(Side.values()).stream().filter(side -> side.ran("")).toList());
        assertEquals(List.of(Side.JDK),
                List.of(Side.values()).stream().filter(side -> side.ran("ForkJoinPool-1-worker-1")).toList());
    }
}
