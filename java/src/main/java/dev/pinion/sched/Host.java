package dev.pinion.sched;

import dev.pinion.vthread.ThreadRemains;
import dev.pinion.vthread.VThreads;
import java.util.concurrent.locks.LockSupport;

/**
 * A virtual thread that runs {@code go}'s tasks, one after the other. When a task ends and the head of its P's queue is a fresh one, that
 * runs next without unmounting; else the host parks in the P's {@link DeadHosts}, or ends. This is where a spawn becomes a few
 * nanoseconds: no thread is made, no stack mounted.
 */
final class Host implements Runnable {
    private final Sched sched;
    final Thread thread;
    final Runnable continuation;

    /** The task to run; written by the M that mounts it or by {@link #run} itself. Null: dead. */
    volatile GTask task;

    /** Its place in {@link HostRegistry}. */
    int shard;
    int index;

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
