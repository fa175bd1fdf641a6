package dev.pinion.sched;

import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import dev.pinion.observe.Cause;
import dev.pinion.queue.StealEnd;
import dev.pinion.timer.TimerHeap;
import java.util.Arrays;

/**
 * Takes the P from an M that blocks without having said so, and from a G that computes for long (Go: retake). On the sysmon thread.
 *
 * <p><b>Blocked</b> is what the kernel says: {@code /proc/self/task/T/syscall} names the call in which a thread sleeps. Off the CPU is not
 * yet blocked: a preempted M is that too, and says "running". In a futex it may sleep through a GC pause, so that needs more
 * ({@link GWatch#judge}). On a core of its own a P has a {@link Tripwires tripwire}, which notices a block within microseconds; this look is for
 * cores that somebody else keeps busy, where the tripwire never gets the CPU, and for futexes. Where the file cannot be read, a block
 * cannot be told from a long computation: then a G loses its P after a slice by the clock on the wall, which is Go's rule for goroutines.
 *
 * <p><b>How often</b> sysmon looks is paid for by what it finds, for a look costs 6 us and a server beside its own clients has a busy core for ever. Where
 * blocks are found late one after the other, by sysmon or by a tripwire that had slept, it looks every 30 us while the P is held, waiting Gs or
 * not: a G can start another and block within a microsecond. The start of an idle P then wakes it. When no more are found this ends
 * ({@link GWatch#foundLate}). On a busy core it then looks every 0.2 ms, and within a quarter of a second comes down to every 1 ms, as where none was ever
 * found; a look that finds the G of the last one is followed by another after 0.2 ms. So a block that was not to be expected is found within 1.2 ms.
 * Every 0.2 ms without end was tried: where sysmon has no other CPU, it took 5 % of the core of an HTTP server, which its selector's thread keeps busy.
 *
 * <p><b>Long</b> is CPU time, not time: 10 ms of it while a fresh G waits, and 1 ms while one waits that has parked before, which is
 * mostly one that answers somebody. The M goes on, on the same core, and another M runs the queue: the JVM cannot unmount a running
 * virtual thread, but the kernel can share a core between two threads (Shiina and Taura's KLT-switching, PPoPP 2021, does the same for Argobots).
 * The M with the P has a short slice there ({@link KernelSlice}), so that it runs first whenever it has something to do.
 *
 * <p><b>Kept off.</b> A short slice is no right to the CPU: an M that has just run more than its share beside threads that compute wakes up "not
 * eligible", and the kernel looks again when something else wakes on that core, or at its tick, 4 ms later at 250 Hz. (A C program with 50 timers of
 * 1 ms in one thread, 5 us of work for each, beside one hog: late by 2.9 ms at the 99th percentile, with every wait ending at a tick.) So where timers are
 * overdue on such a core sysmon wakes an idle M there, which goes back to sleep: it has slept, so it gets the CPU at once, and when it leaves, the M that
 * waits is the next if its share is made up for. That takes two switches, some 50 to 200 times a second, and the C program is late by 0.05 ms then.
 *
 * <p><b>Stalled</b> is an M that could run and gets no CPU: {@link Rescue}.
 *
 * <p>A thousand long Gs must not become a thousand runnable threads: {@link Crowd}.
 */
final class Retake {
    /** What finds blocks that nobody announced. */
    enum Mode {
        TRIPWIRE,
        SYSMON,
        OFF
    }

    private static final int ENFILE = 23;
    private static final int EMFILE = 24;

    /** How soon sysmon has to look again. */
    static final long NO_HURRY = Long.MAX_VALUE;

    /** While somebody waits for a P: a sixth of a percent of a core. */
    static final long WAITED_FOR_NANOS = 1_000_000;

    /** While somebody waits for a P that runs the G which it ran at the last look. */
    private static final long LONG_NANOS = 500_000;

    /** While somebody waits for a P whose core others keep busy, and it runs the same G or was blocked of late. */
    private static final long SHARED_NANOS = 200_000;

    /** While nobody waits for it: a G can start another and block within a microsecond. */
    private static final long SHARED_ALONE_NANOS = 1_000_000;

    /** While somebody holds a P that is watched closely. */
    private static final long CLOSE_NANOS = 30_000;

    /** While nobody does, before it is left to the P's start to wake sysmon. */
    static final long CLOSE_IDLE_NANOS = 100_000;

    /** A block that keeps nobody waiting is looked for this seldom. */
    private static final long ALONE_NANOS = 10_000_000;

    /** Reading the file takes 2 us: longer, and a pause of the JVM lay in between, or the CPU was lost. */
    private static final long PROMPT_NANOS = 100_000;

    private static final long LATE_NANOS = 10_000_000;

    /** Several times what the wake-up of an M takes. */
    private static final long KEPT_OFF_NANOS = 200_000;

    private final Sched sched;
    private final Mode mode;
    private final long slice;
    private final Rescue rescue;
    private GWatch[] watches = {};
    private long hurry = NO_HURRY;
    private boolean close;
    private boolean unreadableSaid;
    private boolean noFilesSaid;

    Retake(Sched sched, Mode mode, long slice) {
        this.sched = sched;
        this.mode = mode;
        this.slice = slice;
        rescue = new Rescue(sched);
    }

    /** Sysmon is back from its sleep. @param due when it was to wake at the latest */
    void woke(long due, long now) {
        hurry = NO_HURRY;
        close = false;
        if (now - due > LATE_NANOS) {
            for (GWatch watch : watches) {
                watch.forgive(now);
            }
        }
    }

    /** After the looks of one round. @return nanoseconds until the next one should come at the latest */
    long hurry() {
        return hurry;
    }

    /** Whether some P is watched closely, so that a start of it is worth a wake-up. */
    boolean watchesClosely() {
        return close;
    }

    /** Its tripwire has just seen a block, late. */
    void foundLate(P p, long now) {
        watchOf(p.id).foundLate(now);
    }

    /** Whether this one is watched closely. */
    boolean isClose(P p, long now) {
        return watchOf(p.id).isClose(now);
    }

    /** Looks at one P. @return whether it was taken */
    boolean look(P p, int tick, boolean shared, long now) {
        GWatch watch = watchOf(p.id);
        if (p.crowd.size != 0) {
            p.crowd.count();
        }
        if (shared && isKeptOff(p, now)) {
            p.stir();
        }
        boolean closely = watch.isClose(now);
        close |= closely;
        long word = SharedMemory.longAcquire(p.word);
        boolean inSyscall = PWord.isInSyscall(word);
        if (!inSyscall && !PWord.isRunning(word)) {
            watch.sees(tick, -1, now);
            if (PWord.isSched(word)) { // about to run a G, and between two of them more often than not where they are short
                hurryFor(closely, isWaitedFor(p, now), shared, often(watch, now, closely, shared, false));
            }
            if (shared) {
                hurryForTimers(p, SHARED_NANOS, now - KEPT_OFF_NANOS);
            } else if (!sched.allIdle()) { // a G that computes may come to it before its first timer is due
                hurryForTimers(p, WAITED_FOR_NANOS, now - Sysmon.OVERDUE_NANOS);
            }
            return false;
        }
        boolean same = watch.sees(tick, PWord.epochOf(word), now);
        boolean waiting = isWaitedFor(p, now);
        long often = often(watch, now, closely, shared, same);
        hurryFor(closely, waiting, shared, often);
        hurryForTimers(p, often, now - Sysmon.OVERDUE_NANOS);
        if (inSyscall && !watch.isStillIn(p.syscallTick) || !waiting && watch.age(now) < ALONE_NANOS) {
            return false;
        }
        if (!same && !(waiting && (closely || mode != Mode.TRIPWIRE || p.cpu < 0))) {
            return false; // it has hardly begun; and where blocks are expected, or there is no tripwire, the kernel is asked all the same
        }
        long machine = SharedMemory.longAcquire(p.holder);
        if (machine == 0) {
            return false;
        }
        long before = System.nanoTime();
        int blockedIn = mode == Mode.OFF && !inSyscall ? SharedLayout.ON_CPU : Natives.blockedIn(machine);
        long cpu = Natives.threadCpuNanos(SharedMemory.intAcquire(machine + SharedLayout.M_TID));
        long after = System.nanoTime();
        if (after - before > PROMPT_NANOS) {
            return false; // if it is blocked, it still is at the next look, which comes soon
        }
        if (blockedIn < 0) {
            sayUnreadable(blockedIn, machine);
            if (inSyscall) {
                blockedIn = SharedLayout.IN_CALL; // announced as something that may block, and it takes its time
            }
        }
        boolean parked = parkedWaits(p, after);
        GWatch.Verdict verdict = watch.judge(blockedIn, cpu, parked, p.crowd.size, after);
        return switch (verdict) {
            case RUNS -> false;
            case BLOCKED -> found(p, word, watch, blockedIn, after);
            case SLICE_OVER -> waiting && p.crowd.admits(parked, watch.age(after)) && take(p, word, Cause.SLICE, watch, after);
            case STALLED -> mode != Mode.OFF && Rescue.isWanted(p, after) && rescued(p, word, watch, after);
        };
    }

    private static long often(GWatch watch, long now, boolean closely, boolean shared, boolean same) {
        if (closely) {
            return CLOSE_NANOS;
        }
        if (shared) {
            return same ? SHARED_NANOS : watch.gap(now, SHARED_NANOS, WAITED_FOR_NANOS);
        }
        return same ? LONG_NANOS : WAITED_FOR_NANOS;
    }

    /** Somebody holds a P. */
    private void hurryFor(boolean closely, boolean waiting, boolean shared, long often) {
        if (waiting || closely) {
            hurry = Math.min(hurry, often);
        } else if (shared) {
            hurry = Math.min(hurry, SHARED_ALONE_NANOS);
        }
    }

    /** When a timer is overdue somebody waits, and before that perhaps nobody does. @param noSooner whatever is due */
    private void hurryForTimers(P p, long noSooner, long overdueSince) {
        long due = p.timers.nextWhen();
        if (due != TimerHeap.NEVER) {
            hurry = Math.min(hurry, Math.max(noSooner, due - overdueSince));
        }
    }

    /**
     * The first timer of this P is overdue. If the P sleeps, then its M, which waits for it, has got no CPU: others compute on its core. Another P's M
     * does it then if there is one without work, which has slept, and so runs at once.
     */
    static boolean isKeptOff(P p, long now) {
        return p.timers.nextWhen() < now - KEPT_OFF_NANOS;
    }

    private boolean found(P p, long word, GWatch watch, int blockedIn, long now) {
        if (!take(p, word, Cause.SYSMON, watch, now)) {
            return false;
        }
        if (!JvmWaits.possible(blockedIn)) {
            watch.foundLate(now); // a tripwire on the watch would have been first
        }
        return true;
    }

    private boolean take(P p, long word, Cause cause, GWatch watch, long now) {
        watch.restart(now);
        boolean taken = HandOff.take(p, word, cause);
        p.crowd.count();
        return taken;
    }

    private boolean rescued(P p, long word, GWatch watch, long now) {
        watch.restart(now);
        return rescue.take(p, word);
    }

    private GWatch watchOf(int id) {
        if (id >= watches.length) {
            int old = watches.length;
            watches = Arrays.copyOf(watches, id + 1);
            for (int i = old; i <= id; i++) {
                watches[i] = new GWatch(slice);
            }
        }
        return watches[id];
    }

    /** Some G could run if this P were free. */
    private boolean isWaitedFor(P p, long now) {
        return p.queue.size() != 0 || p.queue.peekNext() != null || p.timers.nextWhen() < now || p.hasLockedReady()
                || sched.newcomers.size() != 0 && p.crowd.hasRoom()
                || sched.global.size() != 0 && !sched.idle.any();
    }

    /** Of those at the heads of the lines, which is where a G that was woken soon is. A hint. */
    private boolean parkedWaits(P p, long now) {
        if (p.timers.nextWhen() < now || p.hasLockedReady()) {
            return true;
        }
        StealEnd queue = p.queue;
        return hasParked(queue.peekNext()) || hasParked(queue.peek()) || !sched.idle.any() && hasParked(sched.global.peek());
    }

    private static boolean hasParked(Runnable task) {
        return task != null && !Crowd.isFresh(task);
    }

    private void sayUnreadable(int error, long machine) {
        if (error == -EMFILE || error == -ENFILE) {
            if (!noFilesSaid) {
                noFilesSaid = true;
                Warnings.say((error == -EMFILE ? "this process has as many files open as it may (EMFILE; raise ulimit -n)"
                        : "as many files are open as the system allows (ENFILE; raise fs.file-max)")
                        + ", so Pinion cannot ask in which call a thread waits; until some are closed, a G that blocks its core's thread without "
                        + "saying so is only found after a slice, as one that computes is.");
            }
            return;
        }
        if (!unreadableSaid && SharedMemory.intAcquire(machine + SharedLayout.M_TID) > 0) {
            unreadableSaid = true;
            Warnings.say("the kernel does not tell in which call a thread waits (errno " + -error + " from /proc/self/task/ID/syscall); a G that "
                    + "blocks its core's thread without saying so is only found after a slice, as one that computes is.");
        }
    }
}
