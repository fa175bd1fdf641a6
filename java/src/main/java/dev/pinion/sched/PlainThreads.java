package dev.pinion.sched;

import dev.pinion.queue.SpinLock;
import dev.pinion.vthread.HostContainer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The plain virtual threads of a scheduler that stands in for the JDK's list of all threads ({@link HostContainer#jdkListsThreads}): each P
 * lists those that were started on it, and one list under a lock has the rest. Threads that an executor or a scope lists are not listed twice.
 */
final class PlainThreads implements Supplier<Stream<Thread>>, LongSupplier {
    private final Sched sched;
    private final boolean listed = !HostContainer.jdkListsThreads();
    private final SpinLock lock = new SpinLock(Sched.RELAX);

    /** Of threads that hold no P, and of Ps that went. Under the lock. */
    private final StartedThreads foreign = new StartedThreads(this);

    PlainThreads(Sched sched) {
        this.sched = sched;
    }

    /** A thread is about to be queued for the first time. By the owner of {@code p}. @throws OutOfMemoryError before anything changed */
    void started(P p, Thread thread) {
        if (listed && HostContainer.inNoContainer(thread)) {
            p.started.add(thread);
        }
    }

    /** As {@link #started}, by a thread that holds no P. */
    void startedOutside(Thread thread) {
        if (listed && HostContainer.inNoContainer(thread)) {
            lock.lock();
            try {
                foreign.add(thread);
            } finally {
                lock.unlock();
            }
        }
    }

    /** By the owner of a P that is about to sleep. */
    void tidy(P p) {
        if (listed) {
            p.started.tidy();
        }
    }

    /** Now and then, by sysmon. */
    void sweep() {
        if (listed) {
            for (P p : sched.allPs()) {
                p.started.sweep();
            }
            foreign.sweep();
            lock.lock();
            try {
                foreign.tidy();
            } finally {
                lock.unlock();
            }
        }
    }

    /** By the owner of a P that goes: nobody would tidy its list. */
    void moveOutside(P p) {
        if (listed) {
            lock.lock();
            try {
                foreign.moveFrom(p.started);
            } catch (OutOfMemoryError e) {
                // they stay in the P's list, all of them, where dumps find them
            } finally {
                lock.unlock();
            }
        }
    }

    /** What a thread dump shows of this scheduler: these, and the hosts that run a task. Any thread. */
    @Override
    public Stream<Thread> get() {
        Stream<Thread> all = Stream.concat(sched.hosts.busy(), foreign.living());
        for (P p : sched.allPs()) {
            all = Stream.concat(all, p.started.living());
        }
        return all;
    }

    /** How many plain threads have ended in the scheduler so far, more or less. */
    @Override
    public long getAsLong() {
        long n = 0;
        for (P p : sched.allPs()) {
            n += p.plainEnded;
        }
        return n;
    }
}
