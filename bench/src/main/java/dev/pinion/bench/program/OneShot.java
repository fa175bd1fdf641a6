package dev.pinion.bench.program;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/** One message without a value, sent once and received once, by whichever threads come. */
final class OneShot {

    private static final VarHandle STATE = state();

    /** Null: nothing yet. A thread: the receiver waits. {@link #SENT}: the message is there. */
    @SuppressWarnings("unused") // through STATE
    private volatile Object state;
    private static final Object SENT = new Object();

    void send() {
        Object before = STATE.getAndSet(this, SENT);
        if (before instanceof Thread receiver) {
            LockSupport.unpark(receiver);
        }
    }

    void receive() {
        if (STATE.compareAndSet(this, null, Thread.currentThread())) {
            while (state != SENT) {
                LockSupport.park(this);
            }
        }
    }

    private static VarHandle state() {
        try {
            return MethodHandles.lookup().findVarHandle(OneShot.class, "state", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
