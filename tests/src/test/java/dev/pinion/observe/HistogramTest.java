package dev.pinion.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.nativelib.Boot;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HistogramTest {
    static {
        Boot.withLibrary();
    }

    private static long[] sums(Histogram histogram) {
        long[] sums = new long[Histogram.BUCKETS];
        histogram.addTo(sums);
        return sums;
    }

    @Test
    void percentilesAreAtMostASixteenthTooMuch() {
        Random random = new Random(4);
        for (int bits = 1; bits < 42; bits++) {
            Histogram histogram = new Histogram();
            long[] values = random.longs(999, 0, 1L << bits).sorted().toArray();
            for (long value : values) {
                histogram.record(value);
            }
            for (double fraction : new double[] {0.001, 0.5, 0.9, 0.99, 1}) {
                long exact = values[Math.max(0, (int) Math.ceil(values.length * fraction) - 1)];
                long seen = Histogram.percentile(sums(histogram), fraction);
                assertTrue(exact <= seen && seen <= exact + exact / 16, fraction + " of values below 2^" + bits + ": " + exact + ", not " + seen);
            }
        }
    }

    @Test
    void theEndsAreIncluded() {
        Histogram histogram = new Histogram();
        assertEquals(0, Histogram.percentile(sums(histogram), 0.5), "of nothing");
        histogram.record(-1); // clocks of two cores
        assertEquals(0, Histogram.percentile(sums(histogram), 1));
        histogram.record(Long.MAX_VALUE);
        assertEquals(Histogram.MAX_NANOS, Histogram.percentile(sums(histogram), 1));
        assertEquals(2, Histogram.total(sums(histogram)));
    }

    @Test
    void manyWritersLoseNothing() throws Exception {
        Histogram histogram = new Histogram();
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            writers.add(Thread.ofPlatform().start(() -> {
                for (int n = 0; n < 250_000; n++) {
                    histogram.record(n % 100);
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertEquals(1_000_000, Histogram.total(sums(histogram)));
    }
}
