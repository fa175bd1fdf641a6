package dev.pinion.sched;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.RejectedExecutionException;

/**
 * A scheduler's way to its end. However many threads close it, one ends it, and none of them hears of the end before it has come. Any
 * thread may call any method.
 */
public final class Lifetime {
    private static final int OPEN = 0;
    /** Takes nothing new from users; what runs goes on, and may start threads that were made before. */
    private static final int SHUT = 1;
    /** Somebody is ending it, or looks for the last time whether he may. */
    private static final int ENDING = 2;
    private static final int ENDED = 3;

    private static final VarHandle PHASE;

    static {
        try {
            PHASE = MethodHandles.lookup().findVarHandle(Lifetime.class, "phase", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What ends. */
    interface Owner {
        /** Gs that are not over; one is counted before its starter looks at {@link #refuses}. */
        long numG();

        /** Ends the Ms; called once. */
        void stop();
    }

    private final String name;
    private final Owner owner;
    private volatile int phase;

    Lifetime(String name, Owner owner) {
        this.name = name;
        this.owner = owner;
    }

    public boolean isOpen() {
        return phase == OPEN;
    }

    public boolean isEnded() {
        return phase == ENDED;
    }

    /** From now on {@link #isOpen} is false. */
    public void shut() {
        PHASE.compareAndSet(this, OPEN, SHUT);
    }

    /** Whether a G that is counted already must not be started any more: nobody would run it. */
    public boolean refuses() {
        return phase >= ENDING;
    }

    /** @param what was asked for */
    public RejectedExecutionException refusal(String what) {
        return new RejectedExecutionException("The scheduler '" + name + "' is closed; " + what + " is refused.");
    }

    /** Ends it if it is shut and nothing is left. @return whether it has ended */
    public boolean tryEnd() {
        if (phase == ENDED) {
            return true;
        }
        if (phase != SHUT || owner.numG() != 0 || !PHASE.compareAndSet(this, SHUT, ENDING)) {
            return false;
        }
        // The store half of a Dekker pair: a starter counts its G and then looks at the phase. Either it is seen here, or it refuses.
        if (owner.numG() != 0) {
            phase = SHUT;
            return false;
        }
        end();
        return true;
    }

    /**
     * Ends it whatever is left.
     *
     * @param before run before anybody can hear of the end; not if another thread has ended it. If it throws, the end comes all the same
     */
    public void endNow(Runnable before) {
        shut();
        while (!PHASE.compareAndSet(this, SHUT, ENDING)) {
            if (phase == ENDED) {
                return;
            }
            Thread.yield();
        }
        try {
            before.run();
        } finally {
            end(); // the other closers wait for it
        }
    }

    private void end() {
        try {
            owner.stop();
        } finally {
            phase = ENDED;
        }
    }
}
