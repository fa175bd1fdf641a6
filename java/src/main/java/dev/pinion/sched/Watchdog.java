package dev.pinion.sched;

import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import dev.pinion.observe.LostWakes;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Proves that a wake-up is lost, makes it good, counts it ({@link LostWakes}) and says who is concerned. By sysmon, in its looks.
 *
 * <p><b>Queued.</b> sysmon sends a searcher to whatever it finds queued beside an idle P. The call is synchronous: it takes an idle P's ticket and raises
 * its epoch before it returns, whether the M that is to run there gets a CPU or not. So if no call of a whole millisecond had
 * that effect, while the same G lay in the same place, every P that was idle stayed so in the same epoch, and nobody was counted as searching, then that is a
 * bug; Ms that get no CPU, threads kept off in the middle of a wake-up or a stopped process do not look so. (What one submitter forgot, sysmon's call makes
 * good unseen, as ever: how long it had lain there nobody knows.)
 *
 * <p><b>Spinning.</b> While the count of searchers is not 0, nobody is woken. If it stays at the same figure, the above holds otherwise, no M spins
 * and no P is between two states where one may be about to, it is put to 0. That takes {@link #LEAK_NANOS}, because a waker may have lost its CPU
 * between its count and its ticket, which nobody can see. Were it longer off than that, the count would go below zero, which is put right in the same way.
 *
 * <p><b>Unpolled</b>: {@link Network#watch}. <b>Edges</b>: {@link LostEdges}.
 *
 * <p>The line is written when the first of its kind is found, then at most once a minute, after the wake-up. It does not go through {@code System.err},
 * whose lock one of those may hold who wait.
 */
final class Watchdog {
    static final long PROOF_NANOS = 1_000_000;

    /** Longer than a thread that can run is kept waiting for a CPU but on the worst of hosts. */
    static final long LEAK_NANOS = 50_000_000;

    /** Two looks so far apart: sysmon was held up, and who knows what else. */
    private static final long LATE_NANOS = 20_000_000;

    private static final long SAY_AGAIN_NANOS = 60_000_000_000L;

    private static final int GLOBAL = -1;

    final LostWakes counts = new LostWakes();

    private final Sched sched;
    private final IdleView idle;
    private final Say queuedLine = new Say();
    final Say unpolledLine = new Say();
    final Say edgeLine = new Say();

    /** What is proved about now; null: nothing. */
    private Runnable victim;

    /** The P in whose queue it lies, or GLOBAL; in its runnext or in the ring; and the P's tick. */
    private int place;

    private boolean inNext;
    private int tick;
    private int searchers;
    private long since;
    private long lastLook;
    private boolean called;

    /** Where tests read the lines; null: they go to stderr. */
    volatile Consumer<String> reader;

    /** A kind of line: says when it is due again. */
    static final class Say {
        private long last;
        private boolean said;

        boolean isDue(long now) {
            if (said && now - last < SAY_AGAIN_NANOS) {
                return false;
            }
            said = true;
            last = now;
            return true;
        }
    }

    Watchdog(Sched sched) {
        this.sched = sched;
        idle = new IdleView(sched);
    }

    /** sysmon has called for a searcher. @param started a P was started for that */
    void called(boolean started) {
        if (started) {
            victim = null; // which may be found a second time
        } else if (!called) {
            called = true;
            since = System.nanoTime(); // that one may have met a searcher which had just begun; those of the next millisecond count
        }
    }

    /** @return in how many nanoseconds sysmon must look again, at most */
    long nextLook() {
        return victim == null ? Long.MAX_VALUE : PROOF_NANOS;
    }

    /** One look at the queues, before sysmon calls for a searcher. */
    void look(long now) {
        int counted = sched.spinning.get();
        boolean late = now - lastLook > LATE_NANOS;
        lastLook = now;
        if (victim == null || late && searchers != 0 || counted != searchers || !lies() || !idle.isUnchanged() || counted != 0 && !nobodySpins()) {
            begin(now, counted);
            return;
        }
        long age = now - since;
        if (searchers == 0 ? called && age >= PROOF_NANOS : age >= LEAK_NANOS) {
            makeGood(now, age);
        }
    }

    private void begin(long now, int counted) {
        victim = null;
        if (sched.closed || !sched.idle.any() || !find() || !idle.take() || counted != 0 && !nobodySpins()) {
            victim = null;
            return;
        }
        searchers = counted;
        since = now;
        called = false;
    }

    private boolean find() {
        P[] ps = sched.allPs();
        for (int i = GLOBAL; i < ps.length; i++) {
            inNext = false;
            place = i;
            tick = i == GLOBAL ? 0 : ps[i].schedTick;
            victim = i == GLOBAL ? sched.global.peek() : ps[i].queue.peek();
            if (victim == null && i != GLOBAL) {
                inNext = true;
                victim = ps[i].queue.peekNext();
            }
            if (victim != null) {
                return true;
            }
        }
        return false;
    }

    /** It lies where it lay. */
    private boolean lies() {
        if (place == GLOBAL) {
            return sched.global.peek() == victim;
        }
        P p = sched.allPs()[place];
        return p.schedTick == tick && (inNext ? p.queue.peekNext() : p.queue.peek()) == victim;
    }

    /** No M is seen to spin, and no P is where its M may have counted itself and not said so. */
    private boolean nobodySpins() {
        for (P p : sched.allPs()) {
            int state = PWord.stateAcquire(p.word);
            if (state == SharedLayout.STATE_SCHED || state == SharedLayout.STATE_IDLE && !sched.idle.contains(p.id)) {
                return false;
            }
            for (M m : p.idleSlots) {
                if (m != null && m.spinning) {
                    return false;
                }
            }
        }
        for (M m : sched.machines.withoutSlot()) {
            if (m.spinning) {
                return false;
            }
        }
        return true;
    }

    private void makeGood(long now, long age) {
        boolean leak = searchers != 0;
        if (leak && !sched.spinning.compareAndSet(searchers, 0)) {
            victim = null;
            return;
        }
        String parked = idle.toString();
        String holder = holder(place);
        kick(Math.max(place, 0));
        counts.queued();
        if (leak) {
            counts.spinning();
        }
        if (queuedLine.isDue(now)) {
            say("a G lay " + where() + " for " + age / 1000 + " us though " + parked + " was idle and nobody searched; " + holder
                    + "counted as searching: " + searchers + (leak ? ", with none that does, now 0" : "") + "; asleep in the epoll: " + sleeper()
                    + ". An idle P has been started for it (" + counts.ofQueued() + " such so far).");
        }
        victim = null;
    }

    /** Starts an idle P, whatever keeps {@link Sched#wake} from it. */
    void kick(int near) {
        int id = sched.idle.takeAny(near);
        if (id >= 0) {
            HandOff.start(sched.allPs()[id], sched.spinning.compareAndSet(0, 1));
        }
    }

    void say(String sentence) {
        write("pinion: a wake-up was lost in the scheduler '" + sched.name() + "', which is a bug of Pinion's: " + sentence);
    }

    void write(String line) {
        Consumer<String> to = reader;
        if (to == null) {
            Natives.writeStderr((line + "\n").getBytes(StandardCharsets.UTF_8));
        } else {
            to.accept(line);
        }
    }

    private String where() {
        return place == GLOBAL ? "in the global queue" : inNext ? "first in line at P" + place : "in the queue of P" + place;
    }

    private String holder(int id) {
        if (id == GLOBAL) {
            return "";
        }
        P p = sched.allPs()[id];
        M m = p.holderAt(SharedMemory.longAcquire(p.word));
        return "P" + id + " is held by " + (m == null ? "nobody" : m.getName() + " (thread " + SharedMemory.intAcquire(m.memory + SharedLayout.M_TID) + ")")
                + " in state " + PWord.stateAcquire(p.word) + "; ";
    }

    String sleeper() {
        Thread sleeper = sched.network.sleeper();
        return sleeper == null ? "nobody" : sleeper.getName();
    }
}
