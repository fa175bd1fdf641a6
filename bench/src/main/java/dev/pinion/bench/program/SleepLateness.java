package dev.pinion.bench.program;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** How many sleeps of which lengths are timed, some tenths of a second of each, and how late they ended. */
final class SleepLateness {

    static final Duration WARM_UP_LENGTH = Duration.ofNanos(200_000);
    static final int WARM_UP_TIMES = 500;

    private static final long HIGHEST_NANOS = 60_000_000_000L;
    private static final int DIGITS = 3;

    /** One length. */
    enum Length {
        MICROS_50("50us-", 50_000, 3_000), MICROS_200("200us-", 200_000, 1_500), MILLIS_1("1ms-", 1_000_000, 400);

        private final String prefix;
        private final Duration duration;
        private final int times;

        Length(String prefix, long nanos, int times) {
            this.prefix = prefix;
            this.duration = Duration.ofNanos(nanos);
            this.times = Share.ofCount(times);
        }

        Duration duration() {
            return duration;
        }

        int times() {
            return times;
        }
    }

    private final Map<Length, Histogram> late = new EnumMap<>(Length.class);

    SleepLateness() {
        for (Length length : Length.values()) {
            late.put(length, new Histogram(HIGHEST_NANOS, DIGITS));
        }
    }

    /** One sleep that ended so long after it should; one thread at a time. */
    void record(Length length, long nanos) {
        late.get(length).recordValue(Math.clamp(nanos, 0, HIGHEST_NANOS));
    }

    /** Of all lengths together. */
    long count() {
        return late.values().stream().mapToLong(Histogram::getTotalCount).sum();
    }

    void report(Report report) {
        late.forEach((length, histogram) -> report.percentiles(length.prefix, histogram));
    }
}
