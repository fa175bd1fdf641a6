package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.nativelib.Boot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StartedThreadsTest {
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Thread> living = new ArrayList<>();
    private long ended;
    private final StartedThreads started = new StartedThreads(() -> ended);

    @BeforeAll
    static void boot() {
        Boot.withLibrary();
    }

    @AfterEach
    void endAll() throws InterruptedException {
        end.countDown();
        for (Thread thread : living) {
            thread.join();
        }
    }

    private void addLiving(int count) {
        for (int i = 0; i < count; i++) {
            Thread thread = Thread.startVirtualThread(() -> {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            living.add(thread);
            started.add(thread);
        }
    }

    private void addEnded(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            Thread thread = Thread.startVirtualThread(() -> {});
            thread.join();
            started.add(thread);
            ended++;
        }
    }

    private long kept() {
        return Arrays.stream(started.slots).filter(Objects::nonNull).count();
    }

    private void assertListed() {
        assertEquals(Set.copyOf(living), started.living().collect(Collectors.toSet()));
        assertEquals(living.size(), started.living().count(), "each once");
    }

    @Test
    void allThatLiveAreListedHoweverManyCameAndEnded() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            addLiving(70);
            addEnded(150);
            assertListed();
        }
    }

    @Test
    void endedThreadsDoNotMakeTheListGrow() throws InterruptedException {
        addLiving(10);
        addEnded(10_000);
        assertEquals(256, started.slots.length);
        assertListed();
    }

    @Test
    void whatEndedSinceTheLastRestIsDroppedAtOnce() throws InterruptedException {
        addEnded(3);
        addLiving(2);
        addEnded(4);
        started.tidy();
        assertEquals(2, kept());
        assertListed();
    }

    @Test
    void whatEndsLaterIsSweptOnceItMayBeHalfThoughTheOwnerNeverComes() throws InterruptedException {
        addLiving(1000);
        started.tidy();
        List<Thread> were = List.copyOf(living);
        endAll();
        living.clear();
        started.sweep();
        assertEquals(1000, kept(), "nobody said that any had ended");
        ended += were.size() / 2;
        started.sweep();
        assertEquals(1000, kept(), "as many may live as have ended");
        ended += were.size() / 2;
        started.sweep();
        assertEquals(0, kept());
    }

    /** Its P is in the scheduler's hands meanwhile, and nobody may take it. */
    @Test
    void aRestLooksAtTheLastFewOnly() throws InterruptedException {
        addLiving(1000);
        endAll();
        living.clear();
        started.tidy();
        assertEquals(1000 - 256, kept());
    }

    /** One sweeps all the time while the owner adds, rests and makes room: none that lives may be lost, none listed twice. */
    @Test
    void aSweepBesideTheOwnerLosesNothing() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong count = new AtomicLong();
        StartedThreads swept = new StartedThreads(count::incrementAndGet); // at each look, so that each sweep goes through all
        FutureTask<Void> sweeper = new FutureTask<>(() -> {
            while (!done.get()) {
                count.addAndGet(10_000);
                swept.sweep();
            }
            return null;
        });
        Thread.ofPlatform().start(sweeper);
        addLiving(40);
        Thread over = Thread.startVirtualThread(() -> {});
        over.join();
        int at = 0;
        for (int i = 0; i < 200_000; i++) {
            if (i % 5_000 == 0) {
                swept.add(living.get(at++));
            }
            swept.add(over);
            if (i % 7 == 0) {
                swept.tidy();
            }
        }
        done.set(true);
        sweeper.get();
        assertEquals(living.size(), swept.living().count(), "each once");
        assertEquals(Set.copyOf(living), swept.living().collect(Collectors.toSet()));
    }

    @Test
    void moveFromLeavesNothingBehind() throws InterruptedException {
        StartedThreads other = new StartedThreads(() -> ended);
        addLiving(300);
        addEnded(5);
        other.moveFrom(started);
        assertEquals(0, kept());
        assertEquals(Set.copyOf(living), other.living().collect(Collectors.toSet()));
        assertTrue(started.living().findAny().isEmpty());
    }
}
