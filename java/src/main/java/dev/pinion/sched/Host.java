package dev.pinion.sched;

import dev.pinion.vthread.ThreadRemains;
import dev.pinion.vthread.VThreads;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A virtual thread that runs {@code go}'s tasks, one after the other. When a task ends and the head of its P's queue is a fresh one, that
 * runs next without unmounting; else the host parks in the P's {@link DeadHosts}, or ends. This is where a spawn becomes a few
 * nanoseconds: no thread is made, no stack mounted.
 */
final class Host implements Runnable {
    private static final VarHandle TASK;

    static {
        try {
            TASK = MethodHandles.lookup().findVarHandle(Host.class, "task", GTask.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Sched sched;
    final Thread thread;
    final Runnable continuation;

    /** The task to run; written by {@link #give}. Null: dead. */
    private volatile GTask task;

    /** Its place in {@link HostRegistry}. */
    int shard;
    int index;

    /** By the M that mounts it, or by its own thread. A release store: the start or unpark that follows is the fence. */
    void give(GTask next) {
        TASK.setRelease(this, next);
    }

    /** True while it has a task. */
    boolean isBusy() {
        return task != null;
    }

    Host(Sched sched) {
        this.sched = sched;
        thread = VThreads.newThread(sched.pool, "", false, this);
        continuation = VThreads.continuationOf(thread);
    }

    @Override
    public void run() {
        ClassLoader loader = thread.getContextClassLoader();
        while (true) {
            GTask g = task;
            while (g != null) {
                g.runOn(thread);
                ThreadRemains.clear(thread, loader);
                g = Hosts.ended(sched, this);
            }
            if (!parkedInCache) {
                break;
            }
            while (task == null) {
                Thread.interrupted(); // by somebody who kept the thread of a task that is over
                LockSupport.park();
            }
        }
        sched.hosts.remove(this);
    }

    /** Set by {@link Hosts#ended}: somebody may give it a task at any moment from then on. Read and written by the host's thread. */
    boolean parkedInCache;
}
