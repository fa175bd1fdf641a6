package dev.pinion.timer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TimerHeapTest {
    private static final OutOfMemoryError NO_ROOM = new OutOfMemoryError("of the test");

    private final TimerHeap heap = new TimerHeap(Thread::yield);
    private final List<Long> fired = new ArrayList<>();

    private Timer add(TimerHeap to, long when) {
        Timer timer = new Timer(when, () -> fired.add(when));
        assertTrue(to.add(timer));
        return timer;
    }

    @Test
    void firesWhatIsDueInTheOrderOfTheDeadlines() {
        for (long when : new long[] {50, 10, 40, 20, 30, 20}) {
            add(heap, when);
        }
        assertEquals(10, heap.nextWhen());
        assertEquals(0, heap.runExpired(9, heap));
        assertEquals(3, heap.runExpired(20, heap));
        assertEquals(List.of(10L, 20L, 20L), fired);
        assertEquals(30, heap.nextWhen());
        assertEquals(3, heap.runExpired(1000, heap));
        assertEquals(List.of(10L, 20L, 20L, 30L, 40L, 50L), fired);
        assertEquals(TimerHeap.NEVER, heap.nextWhen());
        assertEquals(0, heap.size());
    }

    @Test
    void aTimerIsCancelledOnceAndThenNeverFires() {
        Timer timer = add(heap, 10);
        assertFalse(timer.isDone());
        assertTrue(timer.cancel(false));
        assertFalse(timer.cancel(false));
        assertTrue(timer.isCancelled());
        assertTrue(timer.isDone());
        assertEquals(0, heap.runExpired(10, heap));
        assertEquals(List.of(), fired);
        assertEquals(0, heap.size());
    }

    @Test
    void aTimerThatHasFiredCannotBeCancelled() {
        Timer timer = add(heap, 10);
        heap.runExpired(10, heap);
        assertTrue(timer.isDone());
        assertFalse(timer.isCancelled());
        assertFalse(timer.cancel(true));
    }

    @Test
    void aCancelledTimerKeepsNothingAlive() {
        Object kept = new Object();
        WeakReference<Object> gone = new WeakReference<>(kept);
        Timer timer = holding(kept);
        heap.add(timer);
        kept = null;
        timer.cancel(false);
        while (gone.get() != null) {
            System.gc();
        }
        Reference.reachabilityFence(timer);
    }

    private static Timer holding(Object kept) {
        return new Timer(10, () -> kept.hashCode());
    }

    @Test
    void moreThanAQuarterOfZombiesIsSweptByWhoCancels() {
        List<Timer> timers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            timers.add(add(heap, 1000 + i));
        }
        for (int i = 0; i < 25; i++) {
            timers.get(i * 4).cancel(false);
        }
        assertEquals(100, heap.size(), "a quarter is not more than a quarter");
        timers.get(1).cancel(false);
        assertEquals(74, heap.size());
        assertEquals(1002, heap.nextWhen());
        assertEquals(74, heap.runExpired(10_000, heap));
        assertEquals(fired.stream().sorted().toList(), fired);
    }

    @Test
    void theCancelledDoNotPileUpThoughNobodyAdds() {
        List<Timer> timers = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            timers.add(add(heap, i));
        }
        Timer kept = add(heap, 200_000);
        timers.forEach(timer -> timer.cancel(false));
        assertTrue(heap.size() < 64, heap.size() + " are left");
        assertEquals(1, heap.runExpired(300_000, heap));
        assertTrue(kept.isDone());
        assertEquals(List.of(200_000L), fired);
    }

    /** The places, too, are given back, and what is left stays in order. */
    @Test
    void aHeapThatWasLargeStaysAHeapAsItShrinks() {
        for (int i = 10_000; i > 0; i--) {
            add(heap, i);
        }
        assertEquals(9_990, heap.runExpired(9_990, heap));
        fired.clear();
        for (int i = 0; i < 200; i++) {
            add(heap, 20_000 - i);
        }
        assertEquals(210, heap.runExpired(30_000, heap));
        assertEquals(fired.stream().sorted().toList(), fired);
    }

    @Test
    void aSnapshotShowsWhatIsSet() {
        Timer one = add(heap, 10);
        Timer two = add(heap, 20);
        assertEquals(java.util.Set.of(one, two), java.util.Set.of(heap.snapshot()));
        assertEquals(2, heap.size());
    }

    @Test
    void aClosedHeapRefusesAndItsTimersGoOnElsewhere() {
        TimerHeap other = new TimerHeap(Thread::yield);
        add(other, 15);
        add(heap, 20);
        add(heap, 10);
        Timer cancelled = add(heap, 5);
        cancelled.cancel(false);
        heap.moveTo(other);
        assertEquals(0, heap.size());
        assertEquals(TimerHeap.NEVER, heap.nextWhen());
        assertFalse(heap.add(new Timer(1, () -> fired.add(1L))));
        assertEquals(3, other.size(), "the cancelled one was left behind");
        assertEquals(3, other.runExpired(100, other));
        assertEquals(List.of(10L, 15L, 20L), fired);
        heap.reopen();
        add(heap, 30);
        assertEquals(1, heap.runExpired(30, heap));
    }

    @Test
    void aMovedTimerCanBeCancelled() {
        TimerHeap other = new TimerHeap(Thread::yield);
        Timer timer = add(heap, 10);
        heap.moveTo(other);
        assertTrue(timer.cancel(false));
        assertEquals(0, other.runExpired(100, other));
        assertEquals(List.of(), fired);
    }

    @Test
    void aCommandMayAddTimers() {
        heap.add(new Timer(10, () -> {
            add(heap, 20);
            add(heap, 40);
        }));
        assertEquals(2, heap.runExpired(30, heap));
        assertEquals(List.of(20L), fired);
        assertEquals(40, heap.nextWhen());
    }

    @Test
    void aTimerWhoseCommandFoundNoMemoryIsSetAgain() {
        add(heap, 5);
        AtomicInteger attempts = new AtomicInteger();
        Timer failing = new Timer(10, () -> {
            if (attempts.incrementAndGet() < 3) {
                throw NO_ROOM;
            }
        });
        heap.add(failing);
        add(heap, 20);
        assertThrows(OutOfMemoryError.class, () -> heap.runExpired(30, heap));
        assertEquals(10, heap.nextWhen());
        assertEquals(2, heap.size());
        assertFalse(failing.isDone());
        assertThrows(OutOfMemoryError.class, () -> heap.runExpired(30, heap));
        assertEquals(2, heap.runExpired(30, heap));
        assertTrue(failing.isDone());
        assertEquals(List.of(5L, 20L), fired);
    }

    /** The P goes while its timer fires. */
    @Test
    void aTimerOfAHeapThatWasClosedMeanwhileIsSetInTheRefuge() {
        TimerHeap refuge = new TimerHeap(Thread::yield);
        Timer failing = new Timer(10, () -> {
            heap.moveTo(refuge);
            throw NO_ROOM;
        });
        heap.add(failing);
        assertThrows(OutOfMemoryError.class, () -> heap.runExpired(10, refuge));
        assertEquals(0, heap.size());
        assertEquals(10, refuge.nextWhen());
        assertTrue(failing.cancel(false));
        assertEquals(0, refuge.runExpired(10, refuge));
    }

    @Test
    void whatIsSpilledLeavesAHeapThatIsOpen() {
        TimerHeap other = new TimerHeap(Thread::yield);
        List<Timer> cancelled = new ArrayList<>();
        for (long when = 1000; when > 0; when--) {
            Timer timer = add(heap, when);
            if (when % 7 == 0) {
                cancelled.add(timer);
                assertTrue(timer.cancel(false));
            }
        }
        Timer kept = add(heap, 500);
        assertTrue(heap.spillTo(other));
        assertEquals(0, heap.size());
        assertEquals(TimerHeap.NEVER, heap.nextWhen());
        assertEquals(1001 - cancelled.size(), other.size());
        assertTrue(kept.cancel(false), "it counts where it lies now");
        add(heap, 5);
        assertEquals(1, heap.runExpired(10, other));
        assertEquals(1000 - cancelled.size(), other.runExpired(1000, other));
        assertEquals(1001 - cancelled.size(), fired.size());
    }

    @Test
    void nothingIsSpilledIntoAClosedHeap() {
        TimerHeap other = new TimerHeap(Thread::yield);
        other.moveTo(new TimerHeap(Thread::yield));
        add(heap, 10);
        assertFalse(heap.spillTo(other));
        assertEquals(1, heap.size());
        other.reopen();

        assertEquals(10, heap.nextWhen());
        assertTrue(heap.spillTo(other));
        assertEquals(10, other.nextWhen());
    }

    @Test
    void isAFutureWithADelayButWithoutAResult() {
        Timer soon = new Timer(System.nanoTime() + TimeUnit.HOURS.toNanos(1), () -> {});
        Timer late = new Timer(System.nanoTime() + TimeUnit.HOURS.toNanos(2), () -> {});
        assertTrue(soon.getDelay(TimeUnit.MINUTES) >= 58);
        assertTrue(soon.getDelay(TimeUnit.MINUTES) <= 60);
        assertTrue(soon.compareTo(late) < 0);
        assertThrows(UnsupportedOperationException.class, soon::get);
    }

    @Test
    void agreesWithAPriorityQueueOverAMillionOperations() {
        Random random = new Random(11);
        PriorityQueue<Long> model = new PriorityQueue<>();
        List<Timer> timers = new ArrayList<>();
        long now = 0;
        for (int step = 0; step < 1_000_000; step++) {
            int what = random.nextInt(10);
            if (what < 6) {
                long when = now + random.nextInt(100_000);
                timers.add(add(heap, when));
                model.add(when);
            } else if (what < 9) {
                if (!timers.isEmpty()) {
                    int i = random.nextInt(timers.size());
                    Timer timer = timers.get(i);
                    timers.set(i, timers.getLast());
                    timers.removeLast();
                    if (timer.cancel(false)) {
                        assertTrue(model.remove(timer.when()));
                    }
                }
            } else {
                now += random.nextInt(2_000);
                fired.clear();
                List<Long> expected = new ArrayList<>();
                while (!model.isEmpty() && model.peek() <= now) {
                    expected.add(model.poll());
                }
                assertEquals(expected.size(), heap.runExpired(now, heap));
                assertEquals(expected, fired);
                assertTrue(model.isEmpty() || heap.nextWhen() <= model.peek());
                timers.removeIf(Timer::isDone);
            }
        }
    }

    private static long zombiesIn(TimerHeap of) {
        return Arrays.stream(of.snapshot()).filter(Timer::isCancelled).count();
    }

    /** Two heaps, and timers that are set, cancelled before or after that, fire, and move to the other heap. */
    @Test
    void theCountOfZombiesIsThatOfTheCancelledOnesInIt() {
        Random random = new Random(5);
        TimerHeap[] heaps = {new TimerHeap(Thread::yield), new TimerHeap(Thread::yield)};
        List<Timer> timers = new ArrayList<>();
        for (int step = 0; step < 200_000; step++) {
            TimerHeap one = heaps[random.nextInt(2)];
            TimerHeap other = one == heaps[0] ? heaps[1] : heaps[0];
            int what = random.nextInt(1_000);
            if (what < 500) {
                Timer timer = new Timer(step + random.nextInt(1_000), () -> {});
                if (random.nextInt(20) == 0) {
                    timer.cancel(false);
                }
                one.add(timer);
                timers.add(timer);
            } else if (what < 900 && !timers.isEmpty()) {
                timers.remove(random.nextInt(timers.size())).cancel(false);
            } else if (what < 995) {
                one.runExpired(step, one);
            } else if (what < 998) {
                assertTrue(one.spillTo(other));
            } else {
                one.moveTo(other);
                one.reopen();
            }
            for (TimerHeap heap : heaps) {
                assertEquals(zombiesIn(heap), heap.zombies(), "after step " + step);
            }
        }
    }

    /** Whatever happens at once, those that are there are counted. */
    @Test
    void theCountNeverSinksBelowTheZombies() throws InterruptedException {
        for (int round = 0; round < 2_000; round++) {
            Timer kept = add(heap, Long.MAX_VALUE - 1);
            Timer[] timers = new Timer[8];
            for (int i = 0; i < timers.length; i++) {
                timers[i] = add(heap, i);
            }
            Thread canceller = Thread.ofPlatform().start(() -> {
                for (Timer timer : timers) {
                    timer.cancel(false);
                }
            });
            for (int now = 0; now < timers.length; now++) {
                heap.runExpired(now, heap);
            }
            canceller.join();
            assertTrue(heap.zombies() >= zombiesIn(heap), heap.zombies() + " of " + zombiesIn(heap) + " in round " + round);
            assertTrue(kept.cancel(false));
            heap.runExpired(Long.MAX_VALUE - 1, heap);
        }
    }

    /** Owner, thieves, cancellers and GOMAXPROCS at once: each timer fires once or was cancelled, never both. */
    @Test
    void everyTimerFiresOnceOrIsCancelled() throws InterruptedException {
        int adders = 2;
        int each = 100_000;
        TimerHeap refuge = new TimerHeap(Thread::yield);
        AtomicIntegerArray ends = new AtomicIntegerArray(adders * each);
        List<Thread> threads = new ArrayList<>();
        for (int a = 0; a < adders; a++) {
            int first = a * each;
            threads.add(Thread.ofPlatform().start(() -> {
                Random random = new Random(first);
                for (int i = first; i < first + each; i++) {
                    int me = i;
                    Timer timer = new Timer(random.nextInt(1000), () -> ends.incrementAndGet(me));
                    if (!heap.add(timer)) {
                        refuge.add(timer);
                    }
                    if (random.nextInt(3) == 0 && timer.cancel(false)) {
                        ends.incrementAndGet(me);
                    }
                    if (random.nextInt(8) == 0) {
                        heap.runExpired(random.nextInt(1000), heap);
                    }
                }
            }));
        }
        for (int i = 0; i < 1000; i++) {
            heap.moveTo(refuge);
            heap.reopen();
            refuge.runExpired(i, refuge);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        heap.runExpired(1000, heap);
        refuge.runExpired(1000, refuge);
        for (int i = 0; i < ends.length(); i++) {
            assertEquals(1, ends.get(i), "timer " + i);
        }
    }
}
