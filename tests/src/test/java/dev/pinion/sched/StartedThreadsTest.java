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
    void whatEndsLaterIsDroppedOnceItMayBeHalf() throws InterruptedException {
        addLiving(1000);
        started.tidy();
        List<Thread> were = List.copyOf(living);
        endAll();
        living.clear();
        started.tidy();
        assertEquals(1000, kept(), "nobody said that any had ended");
        ended += were.size();
        started.tidy();
        assertEquals(0, kept());
        assertListed();
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
