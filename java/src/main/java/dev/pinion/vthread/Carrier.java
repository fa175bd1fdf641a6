package dev.pinion.vthread;

import java.util.concurrent.ForkJoinPool;
import jdk.internal.misc.CarrierThread;

/**
 * A platform thread on which virtual threads are mounted. Being a {@code CarrierThread}, it hears from the JDK before a G blocks in one
 * of the calls that the JDK compensates for. It never runs the pool it belongs to: {@link #run} is the scheduler's own loop.
 */
public abstract class Carrier extends CarrierThread {
    @SuppressWarnings("this-escape") // setName is final
    protected Carrier(ForkJoinPool pool, String name) {
        super(pool);
        setName(name);
        QueuedWork.pretend(this);
    }

    /** The loop of the M; its end is the thread's. */
    protected abstract void runMachine();

    /**
     * The mounted G is about to block in a call announced by the JDK. On the G.
     *
     * @return true when {@link #afterAnnouncedBlock} shall be called
     */
    protected abstract boolean beforeAnnouncedBlock();

    /**
     * The announced call is over, or a G has unmounted. May be called when nothing was announced.
     *
     * @param unmounted a G has just left this carrier without having ended: the JDK says so after each yield of a continuation
     */
    protected abstract void afterAnnouncedBlock(boolean unmounted);

    @Override
    public final void run() {
        runMachine();
    }

    @Override
    public final boolean beginBlocking() {
        return beforeAnnouncedBlock();
    }

    @Override
    public final void endBlocking() {
        afterAnnouncedBlock(Thread.currentThread() == this);
    }

    /**
     * Never 0: the JDK would wrap a yielded or early-unparked continuation in a {@code ForkJoinTask} and submit it as from outside; so it
     * calls {@code execute} with the bare continuation.
     */
    @Override
    public final int getQueuedTaskCount() {
        return 1;
    }
}
