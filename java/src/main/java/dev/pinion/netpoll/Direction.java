package dev.pinion.netpoll;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Reading or writing of one file descriptor: idle (null), ready, or a thread that waits. Each change is a CAS, so any two events, and an event
 * and a timeout, decide between them who wakes the thread.
 *
 * <p>Ready says that an edge came while nobody waited. It may be out of date: who reads has read it all meanwhile. Then the next wait returns at
 * once, the JDK tries again, and waits a second time.
 */
final class Direction {
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

    /** Where the thread in {@link #state} is counted. Written before that, by the thread. */
    private Epoll countedIn;

    /** By the thread that is about to wait. @return true: there is nothing to wait for */
    boolean begin(Thread self, Epoll epoll) {
        while (true) {
            Object seen = state;
            if (seen == READY) {
                if (STATE.compareAndSet(this, READY, null)) {
                    return true;
                }
            } else if (seen != null) {
                // Two channels of one file descriptor, made by other than the JDK: the first to wait looks again.
                Thread displaced = wake();
                if (displaced != null) {
                    LockSupport.unpark(displaced);
                }
            } else {
                epoll.addWaiting(1); // before it can be found
                countedIn = epoll;
                if (STATE.compareAndSet(this, null, self)) {
                    return false;
                }
                epoll.addWaiting(-1);
            }
        }
    }

    /** By the thread, whatever ended its wait. */
    void end(Thread self) {
        Epoll epoll = countedIn;
        if (state == self && STATE.compareAndSet(this, self, null)) {
            epoll.addWaiting(-1);
        }
    }

    /** An edge has come. Any thread. @return who is to be woken; null: nobody waits, and the edge is kept */
    Thread signal() {
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
                Thread waiter = wake();
                if (waiter != null) {
                    return waiter;
                }
            }
        }
    }

    private Thread wake() {
        Object seen = state;
        Epoll epoll = countedIn;
        if (seen instanceof Thread waiter && STATE.compareAndSet(this, waiter, null)) {
            epoll.addWaiting(-1);
            return waiter;
        }
        return null;
    }

    /** Forgets an edge of an earlier file of the same number. */
    void forget() {
        STATE.compareAndSet(this, READY, null);
    }

    /** Whether a thread waits that is counted there. A hint. */
    boolean waitsIn(Epoll epoll) {
        return state instanceof Thread && countedIn == epoll;
    }
}
