package dev.pinion.netpoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One epoll: nothing is lost when memory is short, who waits is counted where he waits, and descriptors are closed by whom they belong to. */
@Timeout(60)
class EpollTest {
    static {
        Boot.withLibrary();
        Fds.prepare();
    }

    private static final long READY = Natives.mapShared(SharedLayout.M_SIZE);

    private static Epoll newEpoll() {
        Epoll made = Epoll.create(new int[1]);
        assertNotNull(made);
        return made;
    }

    /** Something that becomes readable by {@link Natives#netpollWake}. */
    private static int newEvent() {
        long both = Natives.netpollCreate();
        Natives.netpollClose((int) both);
        return (int) (both >>> 32);
    }

    private static void close(int... events) {
        for (int event : events) {
            assertEquals(0, Natives.netpollClose(event));
        }
    }

    private static Direction waitFor(int event, Thread thread, Epoll epoll) {
        Fd fd = Fds.get(event);
        assertEquals(0, fd.registerIn(epoll));
        assertFalse(fd.read.begin(thread, epoll));
        return fd.read;
    }

    @Test
    void aFullHeapInTheMiddleOfABatchLosesNothing() {
        Epoll epoll = newEpoll();
        int[] events = {newEvent(), newEvent(), newEvent()};
        List<Thread> waiters = new ArrayList<>();
        for (int event : events) {
            Thread waiter = Thread.ofPlatform().unstarted(() -> {});
            waiters.add(waiter);
            waitFor(event, waiter, epoll);
            Natives.netpollWake(event);
        }
        List<Thread> woken = new ArrayList<>();
        boolean[] failed = new boolean[1];
        Epoll.Sink sink = waiter -> {
            if (waiter == waiters.get(1) && !failed[0]) {
                failed[0] = true;
                throw new OutOfMemoryError("of the test");
            }
            woken.add(waiter);
        };
        assertEquals(2, epoll.deliver(READY, epoll.await(READY, 0), sink));
        assertEquals(List.of(waiters.get(0), waiters.get(2)), woken);
        assertEquals(1, epoll.waiting());
        assertEquals(1, epoll.deliver(READY, epoll.await(READY, 0), sink));
        assertEquals(waiters.get(1), woken.getLast());
        assertEquals(0, epoll.waiting());
        epoll.close();
        close(events);
    }

    @Test
    void aWakeThatFailedGivesWayToNoKeptEdge() {
        Epoll epoll = newEpoll();
        Direction direction = new Direction();
        direction.begin(Thread.currentThread(), epoll);
        Direction.Waiter waiter = direction.signal();
        assertNull(direction.signal(), "nobody waits: the edge is kept");
        direction.putBack(waiter);
        assertEquals(waiter, direction.signal());
        assertEquals(0, epoll.waiting());
        epoll.close();
    }

    @Test
    void twoSchedulersThatWaitForOneFileAreCountedEachInItsOwn() throws Exception {
        Direction direction = new Direction();
        Epoll[] epolls = {newEpoll(), newEpoll()};
        CyclicBarrier start = new CyclicBarrier(2);
        List<Thread> threads = new ArrayList<>();
        for (Epoll epoll : epolls) {
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    start.await();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
                for (int i = 0; i < 200_000; i++) {
                    direction.begin(Thread.currentThread(), epoll);
                    direction.end(Thread.currentThread());
                }
            });
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (Epoll epoll : epolls) {
            assertEquals(0, epoll.waiting());
            epoll.close();
        }
    }

    @Test
    void whoWaitsInAClosedEpollIsForgotten() {
        Epoll epoll = newEpoll();
        Epoll other = newEpoll();
        int event = newEvent();
        int others = newEvent();
        Direction waits = waitFor(event, Thread.currentThread(), epoll);
        Direction goesOn = waitFor(others, Thread.currentThread(), other);
        epoll.close();
        assertEquals(0, epoll.waiting());
        assertNull(waits.waiterIn(epoll));
        assertNotNull(goesOn.waiterIn(other));
        other.close();
        close(event, others);
    }

    @Test
    void aRepairClosesWhatTheStrangerLeftOpenAndNothingElse() throws Exception {
        List<String> before = descriptors();
        Epoll epoll = newEpoll();
        for (boolean event : new boolean[] {true, false}) {
            Epoll.Pair pair = epoll.pair();
            Natives.netpollClose(event ? pair.event() : pair.epoll());
            if (event) {
                epoll.wake();
            } else {
                epoll.await(READY, 0);
            }
            assertTrue(epoll.isBroken());
            assertTrue(epoll.tellsBroken());
            assertFalse(epoll.tellsBroken(), "once");
            assertEquals(0, epoll.repair());
            assertEquals(before.size() + 2, descriptors().size(), before + " and then " + descriptors());
        }
        Epoll.Pair pair = epoll.pair();
        Natives.netpollClose(pair.event());
        int strangers = newEvent(); // under the number of ours
        epoll.repair();
        close(strangers);
        epoll.close();
        assertEquals(before, descriptors());
    }

    @Test
    void whatIsNotOursIsNotClosed() throws Exception {
        Path file = Files.createTempFile("pinion", "");
        try (var open = Files.newInputStream(file); Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            int number = -1;
            for (Path fd : all.toList()) {
                if (Files.exists(fd, LinkOption.NOFOLLOW_LINKS) && Files.readSymbolicLink(fd).equals(file)) {
                    number = Integer.parseInt(fd.getFileName().toString());
                }
            }
            assertTrue(number >= 0);
            assertEquals(-9, Natives.netpollClose(number));
            assertEquals(-1, open.read());
        } finally {
            Files.delete(file);
        }
    }

    /** The epolls and events of this process. */
    private static List<String> descriptors() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path fd : all.toList()) {
                if (Files.exists(fd, LinkOption.NOFOLLOW_LINKS)) {
                    String target = Files.readSymbolicLink(fd).toString();
                    if (target.equals("anon_inode:[eventpoll]") || target.equals("anon_inode:[eventfd]")) {
                        found.add(fd.getFileName() + " " + target);
                    }
                }
            }
        }
        found.sort(null);
        return found;
    }
}
