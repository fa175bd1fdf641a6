package dev.pinion.netpoll;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;
import org.openjdk.jcstress.infra.results.ZZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A wait against what ends it (the essay is in {@link Netpoll}): one of those that could wakes the thread, no edge is lost, and who waits is counted as
 * long as it does. And who sleeps in the epoll, of those that would (race 12 of native/pinion.h). Without a kernel: an event is a call.
 */
public class EpollStress {
    private static final Thread WAITER = Thread.ofPlatform().unstarted(() -> {});
    private static final Thread OTHER = Thread.ofPlatform().unstarted(() -> {});

    /** @return whom the edge takes out of its wait; null: nobody */
    private static Thread signalled(Direction direction) {
        Direction.Waiter waiter = direction.signal();
        return waiter == null ? null : waiter.thread();
    }

    private static Epoll epoll() {
        return new Epoll(null);
    }

    @JCStressTest
    @Outcome(id = {"true, false, true", "false, true, true"}, expect = Expect.ACCEPTABLE, desc = "found ready, or woken")
    @Outcome(expect = Expect.FORBIDDEN, desc = "it waits and nobody wakes it, is woken without a wait, or is miscounted")
    @State
    public static class WaitAgainstEdge {
        private final Epoll epoll = epoll();
        private final Direction direction = new Direction();

        @Actor
        public void waiter(ZZZ_Result result) {
            result.r1 = direction.begin(WAITER, epoll);
        }

        @Actor
        public void poller(ZZZ_Result result) {
            result.r2 = signalled(direction) == WAITER;
        }

        @Arbiter
        public void rest(ZZZ_Result result) {
            result.r3 = !epoll.anyWaits();
        }
    }

    @JCStressTest
    @Outcome(id = "true, false, false, true", expect = Expect.ACCEPTABLE, desc = "found ready")
    @Outcome(id = {"false, true, false, true", "false, false, true, true"}, expect = Expect.ACCEPTABLE, desc = "woken once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "woken by both or by none, or miscounted")
    @State
    public static class WaitAgainstTwoPollers {
        private final Epoll epoll = epoll();
        private final Direction direction = new Direction();

        @Actor
        public void waiter(ZZZZ_Result result) {
            result.r1 = direction.begin(WAITER, epoll);
        }

        @Actor
        public void one(ZZZZ_Result result) {
            result.r2 = signalled(direction) == WAITER;
        }

        @Actor
        public void two(ZZZZ_Result result) {
            result.r3 = signalled(direction) == WAITER;
        }

        @Arbiter
        public void rest(ZZZZ_Result result) {
            result.r4 = !epoll.anyWaits();
        }
    }

    /** The first edge wakes it; the second, and the end of a wait that is over already, leave the count alone. */
    @JCStressTest
    @Outcome(id = {"true, false, true", "false, true, true", "false, false, true"}, expect = Expect.ACCEPTABLE, desc = "woken at most once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "woken twice, or miscounted")
    @State
    public static class EndAgainstTwoPollers {
        private final Epoll epoll = epoll();
        private final Direction direction = new Direction();

        public EndAgainstTwoPollers() {
            direction.begin(WAITER, epoll);
        }

        @Actor
        public void waiter() {
            direction.end(WAITER);
        }

        @Actor
        public void one(ZZZ_Result result) {
            result.r1 = signalled(direction) == WAITER;
        }

        @Actor
        public void two(ZZZ_Result result) {
            result.r2 = signalled(direction) == WAITER;
        }

        @Arbiter
        public void rest(ZZZ_Result result) {
            result.r3 = !epoll.anyWaits();
        }
    }

    @JCStressTest
    @Outcome(id = {"true, false, true", "false, true, true"}, expect = Expect.ACCEPTABLE, desc = "woken, or the next wait finds the edge")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the edge is lost or doubled, or a wait is miscounted")
    @State
    public static class EndAgainstEdge {
        private final Epoll epoll = epoll();
        private final Direction direction = new Direction();

        public EndAgainstEdge() {
            direction.begin(WAITER, epoll);
        }

        @Actor
        public void waiter() {
            direction.end(WAITER);
        }

        @Actor
        public void poller(ZZZ_Result result) {
            result.r1 = signalled(direction) == WAITER;
        }

        @Arbiter
        public void rest(ZZZ_Result result) {
            result.r3 = !epoll.anyWaits();
            result.r2 = direction.begin(WAITER, epoll);
        }
    }

    /** A writer registers the next file of the number, and forgets what came of the one before, while a reader waits already. */
    @JCStressTest
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "only an edge is forgotten")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the waiting thread is")
    @State
    public static class ForgetAgainstEdge {
        private final Epoll epoll = epoll();
        private final Direction direction = new Direction();

        public ForgetAgainstEdge() {
            direction.begin(WAITER, epoll);
        }

        @Actor
        public void registers() {
            direction.forget();
        }

        @Actor
        public void poller(ZZ_Result result) {
            result.r1 = signalled(direction) == WAITER;
        }

        @Arbiter
        public void rest(ZZ_Result result) {
            result.r2 = !epoll.anyWaits();
        }
    }

    /** Two channels of one file: the later takes the place of the earlier, whom it wakes, unless the edge has. */
    @JCStressTest
    @Outcome(id = {"the first, 1", "the second, 0", "ready, 0"}, expect = Expect.ACCEPTABLE, desc = "the edge is one's, and who waits yet is counted")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the edge is nobody's, or one of them is miscounted")
    @State
    public static class DisplacedAgainstEdge {
        private final Epoll epoll = epoll();
        private final Direction direction = new Direction();
        private Thread woken;
        private boolean ready;

        public DisplacedAgainstEdge() {
            direction.begin(WAITER, epoll);
        }

        @Actor
        public void second() {
            ready = direction.begin(OTHER, epoll);
        }

        @Actor
        public void poller() {
            woken = signalled(direction);
        }

        @Arbiter
        public void rest(LI_Result result) {
            result.r1 = woken == WAITER ? "the first" : woken == OTHER ? "the second" : ready ? "ready" : "nobody";
            result.r2 = epoll.waiting();
        }
    }

    @JCStressTest
    @Outcome(id = {"true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "one sleeps there")
    @Outcome(expect = Expect.FORBIDDEN, desc = "both or none")
    @State
    public static class TwoSleepers {
        private final Epoll epoll = epoll();

        @Actor
        public void one(ZZ_Result result) {
            result.r1 = epoll.claimSleep(WAITER);
        }

        @Actor
        public void two(ZZ_Result result) {
            result.r2 = epoll.claimSleep(OTHER);
        }
    }

    /** A woken sleeper drains the event and leaves (E4, E5); the wake of the next one stays. */
    @JCStressTest
    @Outcome(id = {"true, true", "false, false"}, expect = Expect.ACCEPTABLE, desc = "the next sleeper has its wake; or there is none, and no wake")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the wake of one is drained by another, or stays for nobody")
    @State
    public static class DrainAgainstNextWake {
        private final Epoll epoll = epoll();
        private final AtomicInteger event = new AtomicInteger(1);

        public DrainAgainstNextWake() {
            epoll.claimSleep(WAITER);
        }

        @Actor
        public void leaves() {
            event.setPlain(0);
            epoll.endSleep();
        }

        @Actor
        public void next(ZZ_Result result) {
            result.r1 = epoll.claimSleep(OTHER);
            if (result.r1) {
                event.setPlain(1);
            }
        }

        @Arbiter
        public void rest(ZZ_Result result) {
            result.r2 = event.get() == 1;
        }
    }
}
