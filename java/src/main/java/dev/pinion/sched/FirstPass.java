package dev.pinion.sched;

import dev.pinion.queue.GlobalRunQueue;
import dev.pinion.queue.LocalRunQueue;
import dev.pinion.queue.Overflow;
import dev.pinion.timer.Timer;
import dev.pinion.timer.TimerHeap;

/**
 * Goes once through what would otherwise run for the first time in a full heap: the first pass through a call of a {@code VarHandle}
 * allocates, and an OutOfMemoryError out of the run loop is the end. A second after the start, because the start shall be short; once in
 * a process.
 */
final class FirstPass {
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

    private static boolean done;

    private FirstPass() {}

    static synchronized void run() {
        if (done) {
            return;
        }
        Runnable task = new Nothing();
        queue(new LocalRunQueue(2, new NoRoom()), task);
        global(new GlobalRunQueue(Sched.RELAX), task);
        timers(new TimerHeap(Sched.RELAX), new TimerHeap(Sched.RELAX), task);
        idle(new IdlePs(SchedConfig.MAX_PROCS));
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

    private static void idle(IdlePs idle) {
        idle.add(1);
        if (idle.anyTicket() && idle.contains(1) && idle.takeAny(0) == 1) {
            idle.add(1);
        }
        idle.tryTake(1);
    }
}
