package dev.pinion.sched;

import dev.pinion.nativelib.NativeCallException;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import dev.pinion.netpoll.EdgeCheck;
import dev.pinion.netpoll.Epoll;

/**
 * Threads that wait for what is ready, and whose event is gone: once a second, of a window of those who wait ({@link EdgeCheck}).
 *
 * <pre>
 *   1 which wait for what is ready? None, nearly always
 *   2 a millisecond later: which are in the same wait, and ready? Then take out and deliver whatever lies in the epoll
 *   3 when everybody who might have held an event in his hands at that moment has been seen to have none since: which are in the same wait, and ready?
 *     Their edges are lost
 * </pre>
 *
 * An error instead of an answer proves nothing, in any step: the next second begins anew. It is said once, since nobody may find a lost edge meanwhile.
 *
 * <p>Who looks at the epoll holds a P in SCHED from before he takes events out until they are delivered; or he is the one that sleeps there; or has just
 * ceased to be, and says so ({@link M#polling}). One that gets no CPU meanwhile is waited for. By sysmon.
 */
final class LostEdges {
    private static final long PERIOD_NANOS = 1_000_000_000;

    private static final long UNSEEN = -1;

    private enum Step {
        REST,
        SEEN,
        SETTLING
    }

    private final Sched sched;
    private final Watchdog watchdog;
    private final EdgeCheck check = new EdgeCheck();
    private Step step = Step.REST;
    private long stepSince;
    private long lastBegin = System.nanoTime();

    /** Of each P the word under which it has been scheduling since step 2; UNSEEN: it was not looked at since; 0: it has been seen outside. */
    private long[] scheduling = {};

    private Thread sleeper;
    private boolean refusalSaid;

    LostEdges(Sched sched, Watchdog watchdog) {
        this.sched = sched;
        this.watchdog = watchdog;
    }

    /** @return in how many nanoseconds sysmon must look again, at most */
    long look(Epoll epoll, long now, long memory) {
        switch (step) {
            case REST -> {
                if (now - lastBegin < PERIOD_NANOS) {
                    return Long.MAX_VALUE;
                }
                lastBegin = now;
                if (!isAny(check.begin(epoll))) {
                    check.forget();
                    return Long.MAX_VALUE;
                }
                next(Step.SEEN, now);
            }
            case SEEN -> {
                if (now - stepSince >= Watchdog.PROOF_NANOS) {
                    if (!isAny(check.again())) {
                        return rest();
                    }
                    sched.network.lookNow(memory);
                    noteHands(epoll);
                    next(Step.SETTLING, now);
                }
            }
            case SETTLING -> {
                if (now - stepSince >= PERIOD_NANOS || !isAny(check.again())) {
                    return rest();
                }
                if (now - stepSince >= Watchdog.PROOF_NANOS && handsAreEmpty(epoll)) {
                    found(epoll, now);
                    return rest();
                }
            }
        }
        return Watchdog.PROOF_NANOS;
    }

    /** @param ready how many, or {@code -errno} */
    private boolean isAny(int ready) {
        if (ready < 0 && !refusalSaid) {
            watchdog.write("pinion: whether Gs wait for what is ready already cannot be seen in the scheduler '" + sched.name() + "': poll failed: "
                    + NativeCallException.describe(-ready) + ".");
            refusalSaid = true;
        }
        return ready > 0;
    }

    private void next(Step to, long now) {
        step = to;
        stepSince = now;
    }

    /** Drops what it has found. @return as {@link #look} */
    long rest() {
        check.forget();
        sleeper = null;
        step = Step.REST;
        return Long.MAX_VALUE;
    }

    /** After what lay in the epoll was taken out: who takes something out from now on has no event of those found. */
    private void noteHands(Epoll epoll) {
        P[] ps = sched.allPs();
        scheduling = new long[ps.length];
        for (int i = 0; i < ps.length; i++) {
            scheduling[i] = UNSEEN;
        }
        sleeper = epoll.sleeper();
    }

    private boolean handsAreEmpty(Epoll epoll) {
        P[] ps = sched.allPs();
        for (int i = 0; i < scheduling.length; i++) {
            long word = SharedMemory.longAcquire(ps[i].word);
            if (scheduling[i] == UNSEEN && PWord.isSched(word)) {
                scheduling[i] = word;
            } else if (!PWord.isSched(word) || word != scheduling[i]) {
                scheduling[i] = 0;
            }
        }
        if (sleeper != null && (epoll.sleeper() != sleeper || sleepsIn((M) sleeper))) {
            sleeper = null;
        }
        if (sleeper != null) {
            return false;
        }
        for (long word : scheduling) {
            if (word != 0) {
                return false;
            }
        }
        return nobodyPassesOn();
    }

    /** The kernel says that the thread is asleep in a call, and not on a futex, where the JVM may hold it up: it has nothing in its hands. */
    static boolean sleepsIn(M m) {
        return Natives.blockedIn(m.memory) >= SharedLayout.IN_CALL;
    }

    private boolean nobodyPassesOn() {
        for (P p : sched.allPs()) {
            for (M m : p.idleSlots) {
                if (m != null && m.polling) {
                    return false;
                }
            }
        }
        for (M m : sched.machines.withoutSlot()) {
            if (m.polling) {
                return false;
            }
        }
        return true;
    }

    private void found(Epoll epoll, long now) {
        String waiting = ", of " + epoll.waiting() + " that wait; asleep in the epoll: " + watchdog.sleeper();
        StringBuilder which = new StringBuilder();
        int woken = check.wake(sched.sysmon, (fd, reads, generation) -> {
            if (which.isEmpty()) {
                which.append("a G waited to ").append(reads ? "read" : "write").append(" file descriptor ").append(fd).append(" (generation ")
                        .append(Integer.toUnsignedString(generation)).append("), which was ready, and its event gone");
            }
        });
        if (woken > 0) {
            watchdog.counts.edges(woken);
            if (watchdog.edgeLine.isDue(now)) {
                watchdog.say(which + waiting + ". " + woken + " of them have been woken (" + watchdog.counts.ofEdges() + " such so far).");
            }
        }
    }
}
