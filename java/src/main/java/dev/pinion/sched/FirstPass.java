package dev.pinion.sched;

import dev.pinion.queue.GlobalRunQueue;
import dev.pinion.queue.LocalRunQueue;
import dev.pinion.queue.Overflow;
import dev.pinion.timer.Timer;
import dev.pinion.timer.TimerHeap;
import dev.pinion.vthread.Rehearsal;
import dev.pinion.vthread.ThreadRemains;
import java.lang.invoke.MethodHandles;
import java.util.function.LongSupplier;

/**
 * Goes once through what would otherwise run for the first time in a full heap: the first pass through a call of a {@code VarHandle}
 * allocates, and an OutOfMemoryError out of the run loop is the end. Once in a process, soon: when the first G runs, or {@link #AFTER_NANOS}
 * after the start. Not at once, because it takes 10 to 15 ms of CPU time, on a small machine not beside a start but after it, and a program that
 * ends at once needs none of it. On a thread of its own, because sysmon may have to make the first Ms meanwhile.
 */
final class FirstPass implements Runnable {
    /** A guess: later than an empty program ends, sooner than one fills its heap. */
    static final long AFTER_NANOS = 100_000_000;

    private static final OutOfMemoryError NO_ROOM = new OutOfMemoryError("of the first pass");

    private static final class NoRoom implements Overflow {
        @Override
        public void overflow(Runnable[] ring, int from, int count, Runnable last) {
            throw NO_ROOM;
        }
    }

    private static final class Nothing implements Runnable {
        @Override
        public void run() {}
    }

    private static final class NoneEnded implements LongSupplier {
        @Override
        public long getAsLong() {
            return 0;
        }
    }

    /** What an M needs that runs its first G, and may not have been used yet. */
    private static final Class<?>[] OF_THE_RUN_LOOP = {
        FindRunnable.class, Stealing.class, Idle.class, HandOff.class, Submit.class, Hosts.class, ThreadRemains.class
    };

    private static volatile boolean done;

    private FirstPass() {}

    /** By sysmon. */
    static void begin(Sched sched) {
        if (!done) {
            Sysmon.helper(sched.threadPrefix + "-first-pass", new FirstPass()).start();
        }
    }

    @Override
    public void run() {
        try {
            once();
        } catch (OutOfMemoryError e) {
            // The heap is full already. Upkeep tries again, and says so if that fails too.
        }
    }

    static synchronized void once() {
        if (done) {
            return;
        }
        Runnable task = new Nothing();
        queue(new LocalRunQueue(2, new NoRoom()), task);
        global(new GlobalRunQueue(Sched.RELAX), task);
        timers(new TimerHeap(Sched.RELAX), new TimerHeap(Sched.RELAX), task);
        idle(new IdlePs(SchedConfig.MAX_PROCS));
        started(new StartedThreads(new NoneEnded()), Rehearsal.hold());
        load();
        done = true;
    }

    private static void queue(LocalRunQueue q, Runnable task) {
        for (int i = 0; i < 3; i++) {
            q.pushNext(task); // the ring is full after the last
        }
        try {
            q.push(task);
        } catch (OutOfMemoryError e) {
            // what was to be passed through
        }
        try {
            q.pushNext(task);
        } catch (OutOfMemoryError e) {
            // likewise
        }
        try {
            q.drain();
        } catch (OutOfMemoryError e) {
            // likewise
        }
        q.stealInto(new LocalRunQueue(2, new NoRoom()));
        q.steal(q.peek());
        q.stealNext(q.peekNext());
        while (!q.isEmpty()) {
            q.poll();
        }
        q.pushNext(task);
        q.pollNext();
    }

    private static void global(GlobalRunQueue q, Runnable task) {
        q.push(task);
        q.overflow(new Runnable[] {task}, 0, 1, task);
        q.poll();
        q.pollBatch(new LocalRunQueue(2, new NoRoom()), 2, 1);
    }

    private static void timers(TimerHeap heap, TimerHeap other, Runnable task) {
        for (int i = 0; i < 100; i++) {
            Timer timer = new Timer(i, task);
            heap.add(timer);
            timer.cancel(false); // so many are swept
        }
        heap.add(new Timer(100, task));
        heap.moveTo(other);
        heap.reopen();
        other.runExpired(100, other);
    }

    private static void started(StartedThreads list, Thread ended) {
        list.add(ended);
        list.tidy();
    }

    private static void load() {
        MethodHandles.Lookup here = MethodHandles.lookup();
        try {
            for (Class<?> type : OF_THE_RUN_LOOP) {
                here.ensureInitialized(type);
            }
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static void idle(IdlePs idle) {
        idle.add(1);
        if (idle.anyTicket() && idle.contains(1) && idle.takeAny(0) == 1) {
            idle.add(1);
        }
        idle.tryTake(1);
    }
}
