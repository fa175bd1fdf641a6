package dev.pinion.api;

import dev.pinion.G;
import dev.pinion.Scheduler;
import java.util.concurrent.CountDownLatch;

/** Gs that wait. */
final class Waiting {
    private Waiting() {}

    /** @return a G that runs and waits for ever; its result is whether an interrupt ended that */
    static G<Boolean> untilInterrupted(Scheduler scheduler) throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        G<Boolean> g = scheduler.go(() -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
                return false;
            } catch (InterruptedException e) {
                return true;
            }
        });
        started.await();
        return g;
    }
}
