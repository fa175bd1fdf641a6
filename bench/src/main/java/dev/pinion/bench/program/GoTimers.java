package dev.pinion.bench.program;

import dev.pinion.Pinion;
import dev.pinion.Timer;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/** Timers of Pinion's API; not loaded on other sides. */
final class GoTimers {

    private GoTimers() {
    }

    static Timers.Setter afterFunc() {
        return new Timers.Setter() {
            @Override
            public Object set(Runnable task, long nanos) {
                return Timer.afterFunc(Duration.ofNanos(nanos), task);
            }

            @Override
            public void cancel(Object timer) {
                ((Timer) timer).stop();
            }
        };
    }

    static ScheduledExecutorService executor() {
        return Pinion.scheduler().scheduledExecutor();
    }
}
