package dev.pinion.queue;

import static dev.pinion.queue.Numbered.drain;
import static dev.pinion.queue.Numbered.n;
import static dev.pinion.queue.Numbered.range;
import static dev.pinion.queue.Numbered.sorted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LocalRunQueueTest {
    private final List<Integer> overflowed = new ArrayList<>();
    private int overflows;

    private final Overflow remember = (ring, from, count, last) -> {
        overflows++;
        for (int i = 0; i < count; i++) {
            overflowed.add(((Numbered) ring[(from + i) & (ring.length - 1)]).number());
        }
        overflowed.add(((Numbered) last).number());
    };

    private static final Overflow NO_MEMORY = (ring, from, count, last) -> {
        throw new OutOfMemoryError("as told");
    };

    private LocalRunQueue queue(int capacity) {
        return new LocalRunQueue(capacity, remember);
    }

    private static void fill(LocalRunQueue queue, int first, int last) {
        for (int i = first; i <= last; i++) {
            queue.push(n(i));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-4, 0, 1, 3, 255})
    void aCapacityThatIsNoPowerOfTwoIsRefused(int capacity) {
        var e = assertThrows(IllegalArgumentException.class, () -> queue(capacity));
        assertEquals("capacity " + capacity + " is not a power of two of at least 2", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 256})
    void isFirstInFirstOutUpToItsCapacity(int capacity) {
        LocalRunQueue queue = queue(capacity);
        fill(queue, 1, capacity);
        assertEquals(capacity, queue.size());
        assertEquals(range(1, capacity), drain(queue::poll));
        assertEquals(0, overflows);
        assertTrue(queue.isEmpty());
        assertNull(queue.poll());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 256})
    void theIndicesMayPassTheEndOfAnInt(int capacity) {
        LocalRunQueue queue = queue(capacity);
        int start = Integer.MAX_VALUE - capacity / 2;
        queue.head = start;
        queue.tail = start;
        for (int turn = 0; turn < 3; turn++) {
            fill(queue, 1, capacity);
            assertEquals(capacity, queue.size());
            assertEquals(range(1, capacity), drain(queue::poll));
        }
        assertTrue(queue.head < 0, "the index has wrapped");
        queue.head = queue.tail = -2;
        fill(queue, 1, capacity);
        LocalRunQueue thief = queue(capacity);
        assertEquals(n(capacity / 2), queue.stealInto(thief));
        assertEquals(range(1, capacity / 2 - 1), drain(thief::poll));
        assertEquals(range(capacity / 2 + 1, capacity), drain(queue::poll));
        assertEquals(0, overflows);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 256})
    void aFullRingSendsItsOlderHalfAndTheNewTaskInOrder(int capacity) {
        LocalRunQueue queue = queue(capacity);
        fill(queue, 1, capacity + 1);
        List<Integer> expected = new ArrayList<>(range(1, capacity / 2));
        expected.add(capacity + 1);
        assertEquals(expected, overflowed);
        assertEquals(1, overflows);
        assertEquals(range(capacity / 2 + 1, capacity), drain(queue::poll));
    }

    @Test
    void overflowAlsoWorksAcrossTheEndOfTheArray() {
        LocalRunQueue queue = queue(4);
        fill(queue, 1, 3);
        queue.poll();
        queue.poll();
        queue.poll();
        fill(queue, 4, 8);
        assertEquals(List.of(4, 5, 8), overflowed);
        assertEquals(List.of(6, 7), drain(queue::poll));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 256})
    void withoutMemoryForTheOverflowNothingIsLost(int capacity) {
        LocalRunQueue queue = new LocalRunQueue(capacity, NO_MEMORY);
        fill(queue, 1, capacity);
        assertThrows(OutOfMemoryError.class, () -> queue.push(n(0)));
        assertEquals(capacity, queue.size());
        assertEquals(range(1, capacity), sorted(drain(queue::poll)));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 256})
    void withoutMemoryForTheOverflowTheKickedTaskIsNotLost(int capacity) {
        LocalRunQueue queue = new LocalRunQueue(capacity, NO_MEMORY);
        fill(queue, 1, capacity);
        Numbered first = n(1000);
        queue.pushNext(first);
        assertThrows(OutOfMemoryError.class, () -> queue.pushNext(n(1001)));
        assertSame(first, queue.pollNext(), "as it was before the push that failed");
        assertEquals(range(1, capacity), sorted(drain(queue::poll)));
        queue.pushNext(n(1002));
        assertEquals(n(1002), queue.pollNext(), "the queue works on");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 256})
    void drainingSendsAllToTheOverflowInOrder(int capacity) {
        LocalRunQueue queue = queue(capacity);
        fill(queue, 1, capacity);
        queue.pushNext(n(0));
        queue.drain();
        assertEquals(range(0, capacity), overflowed);
        assertTrue(queue.isEmpty());
        queue.drain();
        assertEquals(capacity + 1, overflowed.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 256})
    void withoutMemoryToDrainItNothingIsLost(int capacity) {
        for (boolean next : new boolean[] {false, true}) {
            LocalRunQueue queue = new LocalRunQueue(capacity, NO_MEMORY);
            fill(queue, 1, capacity);
            if (next) {
                queue.pushNext(n(1000));
            }
            assertThrows(OutOfMemoryError.class, queue::drain);
            assertEquals(next ? n(1000) : null, queue.pollNext());
            assertEquals(range(1, capacity), sorted(drain(queue::poll)));
        }
    }

    @Test
    void aTaskTakenByAThiefDuringAFailedKickIsNotQueuedTwice() {
        LocalRunQueue[] it = new LocalRunQueue[1];
        Numbered second = n(1001);
        it[0] = new LocalRunQueue(2, (ring, from, count, last) -> {
            assertTrue(it[0].stealNext(second), "a thief comes at this moment");
            throw new OutOfMemoryError("as told");
        });
        fill(it[0], 1, 2);
        it[0].pushNext(n(1000));
        it[0].pushNext(second); // it is queued, in the thief's hands: so no error
        assertEquals(n(1000), it[0].pollNext());
        assertEquals(List.of(1, 2), sorted(drain(it[0]::poll)));
    }

    @Test
    void runnextIsApartFromTheRing() {
        LocalRunQueue queue = queue(4);
        assertNull(queue.pollNext());
        queue.pushNext(n(1));
        assertFalse(queue.isEmpty());
        assertEquals(0, queue.size());
        assertNull(queue.poll());
        assertEquals(n(1), queue.pollNext());
        assertNull(queue.pollNext());
        assertTrue(queue.isEmpty());
    }

    @Test
    void aNewRunnextKicksTheOldOneToTheTail() {
        LocalRunQueue queue = queue(4);
        queue.push(n(1));
        queue.pushNext(n(2));
        queue.pushNext(n(3));
        queue.push(n(4));
        assertEquals(n(3), queue.pollNext());
        assertEquals(List.of(1, 2, 4), drain(queue::poll));
    }

    @Test
    void aKickIntoAFullRingOverflows() {
        LocalRunQueue queue = queue(4);
        fill(queue, 1, 4);
        queue.pushNext(n(5));
        queue.pushNext(n(6));
        assertEquals(List.of(1, 2, 5), overflowed);
        assertEquals(n(6), queue.pollNext());
        assertEquals(List.of(3, 4), drain(queue::poll));
    }

    @Test
    void stealNextTakesOnlyWhatItSaw() {
        LocalRunQueue queue = queue(4);
        Numbered task = n(1);
        queue.pushNext(task);
        assertFalse(queue.stealNext(n(1)), "an equal one is not the same one");
        assertSame(task, queue.peekNext());
        assertTrue(queue.stealNext(task));
        assertNull(queue.peekNext());
        assertFalse(queue.stealNext(task));
    }

    @Test
    void stealOfOneTakesOnlyTheOldest() {
        LocalRunQueue queue = queue(4);
        assertNull(queue.peek());
        assertFalse(queue.steal(n(1)));
        Numbered first = n(1);
        Numbered second = n(2);
        queue.push(first);
        queue.push(second);
        assertSame(first, queue.peek());
        assertFalse(queue.steal(second));
        assertTrue(queue.steal(first));
        assertFalse(queue.steal(first));
        assertSame(second, queue.peek());
        assertTrue(queue.steal(second));
        assertNull(queue.peek());
    }

    @Test
    void aStealOfOneDoesNotTakeWhatAThiefHas() {
        LocalRunQueue queue = queue(4);
        queue.push(n(1));
        Runnable seen = queue.peek();
        assertSame(seen, queue.stealInto(queue(4)));
        assertFalse(queue.steal(seen));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 256})
    void aThiefTakesTheOlderHalfRoundedUp(int capacity) {
        for (int size = 0; size <= capacity; size++) {
            LocalRunQueue queue = queue(capacity);
            LocalRunQueue thief = queue(capacity);
            fill(queue, 1, size);
            queue.pushNext(n(1000));
            int half = size - size / 2;
            Runnable last = queue.stealInto(thief);
            if (half == 0) {
                assertNull(last);
            } else {
                assertEquals(n(half), last, "size " + size);
                assertEquals(range(1, half - 1), drain(thief::poll));
            }
            assertEquals(range(half + 1, size), drain(queue::poll));
            assertEquals(n(1000), queue.pollNext(), "runnext stays");
        }
    }

    @Test
    void whatWasStolenCanBeStolenAgain() {
        LocalRunQueue queue = queue(4);
        LocalRunQueue thief = queue(4);
        LocalRunQueue second = queue(4);
        fill(queue, 1, 4);
        assertEquals(n(2), queue.stealInto(thief));
        assertEquals(n(1), thief.stealInto(second));
        assertTrue(thief.isEmpty());
    }

    @Test
    void aThiefWithoutRoomIsRefused() {
        LocalRunQueue queue = queue(4);
        LocalRunQueue thief = queue(4);
        fill(queue, 1, 4);
        fill(thief, 5, 8);
        assertThrows(IllegalStateException.class, () -> queue.stealInto(thief));
        assertEquals(range(1, 4), drain(queue::poll), "nothing was lost");
        assertEquals(range(5, 8), drain(thief::poll));
    }

    @Test
    void whatTheOwnerPolledIsNotKeptAlive() {
        LocalRunQueue queue = queue(4);
        fill(queue, 1, 2);
        queue.poll();
        queue.head--; // looks at the slot again
        assertNull(queue.peek());
    }

    /** However many went through it since the last time, and wherever in the ring it begins. */
    @Test
    void whatThievesTookIsForgottenWhenTheOwnerRests() {
        LocalRunQueue queue = queue(4);
        for (int tasks = 1; tasks <= 9; tasks++) {
            for (int i = 1; i <= tasks; i++) {
                Numbered task = n(i);
                queue.push(task);
                assertTrue(queue.steal(task));
            }
            queue.forget();
            for (int i = 1; i <= 4; i++) {
                queue.head--;
                assertNull(queue.peek());
            }
            queue.head += 4;
        }
    }

    @Test
    void whatIsStillQueuedIsNotForgotten() {
        LocalRunQueue queue = queue(4);
        fill(queue, 1, 3);
        queue.steal(queue.peek());
        queue.forget();
        assertEquals(range(2, 3), drain(queue::poll));
    }
}
