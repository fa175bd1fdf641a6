package dev.pinion.bench.program;

import java.lang.reflect.Constructor;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/**
 * The least that runs virtual threads: one platform thread, a plain queue for what that thread itself submits, and a
 * concurrent one for everybody else. It has no stealing, no fairness between the two queues beyond taking turns, no
 * timers, no blocking. A scheduler cannot be much faster than this over the same virtual threads.
 *
 * <p>Needs {@code --add-opens java.base/java.lang=ALL-UNNAMED}: the constructor that takes a scheduler is not public.
 */
final class MinimalScheduler implements Executor {

    private static final MinimalScheduler INSTANCE = new MinimalScheduler();
    private static final Constructor<? extends Thread> CONSTRUCTOR = constructor();

    private final ArrayDeque<Runnable> own = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<Runnable> foreign = new ConcurrentLinkedQueue<>();
    private final Thread carrier = Thread.ofPlatform().daemon().name("minimal-0").unstarted(this::loop);
    private volatile boolean parked;

    static {
        INSTANCE.carrier.start();
    }

    private MinimalScheduler() {
    }

    static void start(Runnable task) {
        try {
            CONSTRUCTOR.newInstance(INSTANCE, null, 0, task).start();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Any thread. A G that unparks or starts another calls this while mounted, so the current thread is then the G and not
     * the carrier: those go through the concurrent queue too. A yield comes here on the carrier.
     */
    @Override
    public void execute(Runnable continuation) {
        if (Thread.currentThread() == carrier) {
            own.add(continuation);
            return;
        }
        foreign.add(continuation);
        if (parked) {
            LockSupport.unpark(carrier);
        }
    }

    private void loop() {
        while (true) {
            Runnable next = foreign.poll();
            if (next != null) {
                next.run();
            }
            Runnable mine = own.poll();
            if (mine != null) {
                mine.run();
            } else if (next == null) {
                parked = true;
                if (foreign.isEmpty()) {
                    LockSupport.park(this);
                }
                parked = false;
            }
        }
    }

    private static Constructor<? extends Thread> constructor() {
        try {
            Constructor<? extends Thread> found = Class.forName("java.lang.VirtualThread").asSubclass(Thread.class)
                    .getDeclaredConstructor(Executor.class, String.class, int.class, Runnable.class);
            found.setAccessible(true);
            return found;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
