package dev.pinion.netpoll;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Reading or writing of one file descriptor: idle (null), ready, or a {@link Waiter}. Each change is a CAS, so any two events, and an event
 * and a timeout, decide between them who wakes the thread.
 *
 * <p>Ready says that an edge came while nobody waited. It may be out of date: who reads has read it all meanwhile. Then the next wait returns at
 * once, the JDK tries again, and waits a second time.
 */
final class Direction {
    /** One wait of a thread, and where it is counted. Each wait has one of its own: what was seen of an earlier one is never taken for this. */
    record Waiter(Thread thread, Epoll epoll) {}

    private static final Object READY = new Object();
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Direction.class, "state", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused")
    private volatile Object state;

    /** By the thread that is about to wait. @return true: there is nothing to wait for */
    boolean begin(Thread self, Epoll epoll) {
        Waiter mine = null;
        while (true) {
            Object seen = state;
            if (seen == READY) {
                if (STATE.compareAndSet(this, READY, null)) {
                    return true;
                }
            } else if (seen != null) {
                // Two channels of one file descriptor, made by other than the JDK: the first to wait looks again.
                Waiter displaced = (Waiter) seen;
                if (takeOut(displaced)) {
                    LockSupport.unpark(displaced.thread);
                }
            } else {
                if (mine == null) {
                    mine = new Waiter(self, epoll);
                }
                epoll.addWaiting(1); // before it can be found
                if (STATE.compareAndSet(this, null, mine)) {
                    return false;
                }
                epoll.addWaiting(-1);
            }
        }
    }

    /** By the thread, whatever ended its wait. */
    void end(Thread self) {
        if (state instanceof Waiter waiter && waiter.thread == self) {
            takeOut(waiter);
        }
    }

    /** An edge has come. Any thread. @return who is to be woken; null: nobody waits, and the edge is kept */
    Waiter signal() {
        while (true) {
            Object seen = state;
            if (seen == READY) {
                return null;
            }
            if (seen == null) {
                if (STATE.compareAndSet(this, null, READY)) {
                    return null;
                }
            } else {
                Waiter waiter = (Waiter) seen;
                if (takeOut(waiter)) {
                    return waiter;
                }
            }
        }
    }

    /** Ends this wait. Any thread. @return true: the caller is to wake it; false: it is over already */
    boolean takeOut(Waiter waiter) {
        if (!STATE.compareAndSet(this, waiter, null)) {
            return false;
        }
        waiter.epoll.addWaiting(-1);
        return true;
    }

    /**
     * It could not be woken: undoes the {@link #signal} that returned it. What is ready must be reported again after that, for an edge that was
     * kept since goes with it. If it has left meanwhile (time-out), that report takes it out.
     */
    void putBack(Waiter waiter) {
        waiter.epoll.addWaiting(1);
        while (true) {
            Object seen = state;
            if (seen instanceof Waiter) {
                waiter.epoll.addWaiting(-1); // two channels of one file descriptor: the JDK's map of waiters has forgotten the first, too
                return;
            }
            if (STATE.compareAndSet(this, seen, waiter)) {
                return;
            }
        }
    }

    /** Gives an end to a wait in an epoll that nobody looks at any more; the thread is not woken. */
    void clear(Epoll epoll) {
        if (state instanceof Waiter waiter && waiter.epoll == epoll) {
            takeOut(waiter);
        }
    }

    /** This wait goes on. A hint. */
    boolean isIn(Waiter waiter) {
        return state == waiter;
    }

    /** The wait that goes on now, if it is one there; or null. A hint. */
    Waiter waiterIn(Epoll epoll) {
        return state instanceof Waiter waiter && waiter.epoll == epoll ? waiter : null;
    }

    /** Forgets an edge of an earlier file of the same number. */
    void forget() {
        STATE.compareAndSet(this, READY, null);
    }

    /** Whether a thread waits that is counted there. A hint. */
    boolean waitsIn(Epoll epoll) {
        return waiterIn(epoll) != null;
    }
}
