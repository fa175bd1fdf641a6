package dev.pinion.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.Syscalls;
import dev.pinion.Timer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A P's timers fire while the G on it computes or blocks: each of these Gs ends by nothing but a timer that it has set on its own P. That all is over in
 * time is the test's; the bounds are wide, for a busy machine.
 */
@Timeout(60)
class TimersOfABusyPTest {
    private static final Duration SOON = Duration.ofMillis(1);
    private static final int ROUNDS = 21;

    @TempDir
    Path directory;

    /** Mostly a millisecond or two; the median, so that a pause of the machine does not count. */
    private static void assertPrompt(long[] late) {
        Arrays.sort(late);
        assertTrue(late[ROUNDS / 2] < 500_000_000, "late by " + Arrays.toString(late) + " ns");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void oneThatComputes(int procs) throws Exception {
        long[] late = new long[ROUNDS];
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(procs).build()) {
            for (int i = 0; i < ROUNDS; i++) {
                late[i] = scheduler.go(() -> {
                    CountDownLatch fired = new CountDownLatch(1);
                    long due = System.nanoTime() + SOON.toNanos();
                    Timer.afterFunc(scheduler, SOON, fired::countDown);
                    while (fired.getCount() != 0) {
                        Thread.onSpinWait();
                    }
                    return System.nanoTime() - due;
                }).get();
            }
        }
        assertPrompt(late);
    }

    /** Two that compute on two Ps: a timer is set from outside, on the P that foreign threads use. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void oneSetFromOutside(int procs) throws Exception {
        long[] late = new long[ROUNDS];
        CountDownLatch stop = new CountDownLatch(1);
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(procs).build()) {
            CountDownLatch running = new CountDownLatch(procs);
            for (int i = 0; i < procs; i++) {
                scheduler.go(() -> {
                    running.countDown();
                    while (stop.getCount() != 0) {
                        Thread.onSpinWait();
                    }
                });
            }
            running.await();
            for (int i = 0; i < ROUNDS; i++) {
                CountDownLatch fired = new CountDownLatch(1);
                long due = System.nanoTime() + SOON.toNanos();
                Timer.afterFunc(scheduler, SOON, fired::countDown);
                fired.await();
                late[i] = System.nanoTime() - due;
            }
            stop.countDown();
        }
        assertPrompt(late);
    }

    /** In a read that was announced, and in one that nobody announced. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneThatBlocks(boolean announced) throws Exception {
        long[] late = new long[ROUNDS];
        String path = Fifo.make(directory, "fifo");
        int fd = Fifo.openBoth(path);
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(1).build(); RandomAccessFile fifo = new RandomAccessFile(path, "rw")) {
            for (int i = 0; i < ROUNDS; i++) {
                G<Long> blocked = scheduler.go(() -> {
                    long due = System.nanoTime() + SOON.toNanos();
                    Timer.afterFunc(scheduler, SOON, () -> {
                        try {
                            Fifo.write(fd, new byte[] {7});
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    });
                    assertEquals(7, announced ? Fifo.read(fd, 1)[0] : fifo.read());
                    return System.nanoTime() - due;
                });
                late[i] = blocked.get();
            }
        } finally {
            Syscalls.close(fd);
        }
        assertPrompt(late);
    }
}
