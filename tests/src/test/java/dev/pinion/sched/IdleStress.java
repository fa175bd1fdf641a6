package dev.pinion.sched;

import static dev.pinion.nativelib.SharedLayout.STATE_RUNNING;
import static dev.pinion.nativelib.SharedLayout.STATE_SCHED;

import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import dev.pinion.queue.GlobalRunQueue;
import dev.pinion.timer.Timer;
import dev.pinion.timer.TimerHeap;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A P goes to sleep, or is taken, against whoever has something for it (races 2, 3, 6 and 12 of native/pinion.h), on the real word, bits, queue
 * and heap. The steps are those of {@link Idle}, {@link Submit}, {@link FindRunnable}, {@link Sched} and {@link Resize}, in their order: the
 * model (dev.pinion.model) has all of them, these tests have the real accesses.
 */
public class IdleStress {
    private static final long EPOCH = StressWords.EPOCH;
    private static final Runnable G = () -> {};

    private static TimerHeap heap() {
        return new TimerHeap(Thread::yield);
    }

    /** An M that was not searching goes idle. */
    @JCStressTest
    @Outcome(id = {"true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "one of them starts the P")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the G is left alone, or the P has two owners")
    @State
    public static class IdleAgainstSubmit {
        private final long word = StressWords.in(STATE_SCHED);
        private final IdlePs idle = new IdlePs(1);
        private final GlobalRunQueue global = new GlobalRunQueue(Thread::yield);

        @Actor
        public void idler(ZZ_Result result) {
            PWord.transitionIdle(word, EPOCH);
            idle.add(0);
            result.r1 = global.size() != 0 && idle.tryTake(0) && PWord.transitionAcquire(word) == EPOCH + PWord.EPOCH;
        }

        @Actor
        public void submitter(ZZ_Result result) {
            global.push(G);
            VarHandle.fullFence();
            result.r2 = idle.any() && idle.takeAny(0) == 0 && PWord.transitionAcquire(word) == EPOCH + PWord.EPOCH;
        }
    }

    /** The last searching M goes idle: a submitter that counts on it wakes nobody. */
    @JCStressTest
    @Outcome(id = {"true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "one of them starts the P")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the G is left alone, or the P has two owners")
    @State
    public static class SpinnerIdleAgainstSubmit {
        private final long word = StressWords.in(STATE_SCHED);
        private final IdlePs idle = new IdlePs(1);
        private final AtomicInteger spinning = new AtomicInteger(1);
        private final GlobalRunQueue global = new GlobalRunQueue(Thread::yield);

        @Actor
        public void idler(ZZ_Result result) {
            PWord.transitionIdle(word, EPOCH);
            idle.add(0);
            spinning.decrementAndGet();
            result.r1 = global.size() != 0 && idle.tryTake(0) && PWord.transitionAcquire(word) == EPOCH + PWord.EPOCH;
        }

        @Actor
        public void submitter(ZZ_Result result) {
            global.push(G);
            VarHandle.fullFence();
            result.r2 = spinning.get() == 0 && idle.any() && spinning.compareAndSet(0, 1) && idle.takeAny(0) == 0
                    && PWord.transitionAcquire(word) == EPOCH + PWord.EPOCH;
        }
    }

    /** A searching M finds work and looks for more, against a submitter that counts on it. */
    @JCStressTest
    @Outcome(id = {"true, true", "true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "somebody sees to the G")
    @Outcome(expect = Expect.FORBIDDEN, desc = "each leaves the G to the other")
    @State
    public static class FinderLooksAgainstSubmit {
        private final AtomicInteger spinning = new AtomicInteger(1);
        private final GlobalRunQueue global = new GlobalRunQueue(Thread::yield);

        @Actor
        public void finder(ZZ_Result result) {
            spinning.decrementAndGet();
            result.r1 = global.size() != 0;
        }

        @Actor
        public void submitter(ZZ_Result result) {
            global.push(G);
            VarHandle.fullFence();
            result.r2 = spinning.get() == 0;
        }
    }

    /** Two wakers, two idle Ps in different words: the count follows the bits. */
    @JCStressTest
    @Outcome(id = {"true, true"}, expect = Expect.ACCEPTABLE, desc = "each has another P, and none is left or counted")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a ticket was won twice, or lost")
    @State
    public static class TakeAnyAgainstTakeAny {
        private final IdlePs idle = new IdlePs(130);

        public TakeAnyAgainstTakeAny() {
            idle.add(1);
            idle.add(129);
        }

        @Actor
        public void one(ZZ_Result result) {
            result.r1 = idle.takeAny(0) > 0;
        }

        @Actor
        public void two(ZZ_Result result) {
            result.r2 = idle.takeAny(64) > 0;
        }

        @Arbiter
        public void rest(ZZ_Result result) {
            result.r1 &= !idle.anyTicket();
            result.r2 &= !idle.any();
        }
    }

    /** A timer from outside, against the M that puts the P to sleep until the earliest deadline. */
    @JCStressTest
    @Outcome(id = {"true, true", "true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "the sleeper knows it, or the P is started")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the P sleeps past the deadline")
    @State
    public static class IdleAgainstTimer {
        private final long word = StressWords.in(STATE_SCHED);
        private final IdlePs idle = new IdlePs(1);
        private final TimerHeap timers = heap();

        @Actor
        public void idler(ZZ_Result result) {
            PWord.transitionIdle(word, EPOCH);
            idle.add(0);
            result.r1 = timers.nextWhen() != TimerHeap.NEVER;
        }

        @Actor
        public void adder(ZZ_Result result) {
            timers.add(new Timer(1, G));
            VarHandle.fullFence();
            result.r2 = timers.nextWhen() != TimerHeap.NEVER && idle.tryTake(0);
        }
    }

    /** A timer by an M whose P is taken: the M leaves it to the next owner only where that one sees it. */
    @JCStressTest
    @Outcome(id = {"true, true", "true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "the adder knows, or the next owner sees it")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the adder believes that it holds the P, and the next owner sees no timer")
    @State
    public static class TakeAgainstTimer {
        private final long word = StressWords.in(STATE_RUNNING);
        private final TimerHeap timers = heap();

        @Actor
        public void adder(ZZ_Result result) {
            timers.add(new Timer(1, G));
            VarHandle.fullFence();
            result.r1 = PWord.epochAcquire(word) != EPOCH;
        }

        @Actor
        public void taker(ZZ_Result result) {
            long epoch = PWord.transitionTake(word);
            PWord.transitionHandOff(word, epoch);
            result.r2 = timers.nextWhen() != TimerHeap.NEVER;
        }
    }

    /** A P goes dead while a timer is added to it. */
    @JCStressTest
    @Outcome(id = {"true, true", "false, true"}, expect = Expect.ACCEPTABLE, desc = "it moved, or the adder knows that the heap is closed")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the timer stays in a dead P, or is there twice")
    @State
    public static class CloseAgainstTimer {
        private final TimerHeap timers = heap();
        private final TimerHeap first = heap();

        @Actor
        public void adder(ZZ_Result result) {
            result.r1 = timers.add(new Timer(1, G));
        }

        @Actor
        public void resizer() {
            timers.moveTo(first);
        }

        @Arbiter
        public void rest(ZZ_Result result) {
            result.r2 = timers.size() == 0 && first.size() == (result.r1 ? 1 : 0);
        }
    }

    /** A P is given to an M that goes to sleep in the epoll and leaves it again: E1, E3 and L1 against G3, G4. */
    @JCStressTest
    @Outcome(id = {"true, false", "true, true"}, expect = Expect.ACCEPTABLE, desc = "the sleeper knows it, woken by the event if it slept")
    @Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "it has left the epoll, and its futex wakes it")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the event is written for an M that goes on to sleep on its futex")
    @State
    public static class GiveAgainstSleepInTheEpoll {
        private final long futex = StressWords.futex();

        @Actor
        public void sleeper(ZZ_Result result) {
            if (SharedMemory.casInt(futex, SharedLayout.M_ASLEEP, SharedLayout.M_POLLING)) {
                SharedMemory.casInt(futex, SharedLayout.M_POLLING, SharedLayout.M_ASLEEP);
            }
            result.r1 = SharedMemory.intAcquire(futex) == SharedLayout.M_GIVEN;
        }

        @Actor
        public void giver(ZZ_Result result) {
            result.r2 = SharedMemory.getAndSetInt(futex, SharedLayout.M_GIVEN) == SharedLayout.M_POLLING;
        }
    }
}
