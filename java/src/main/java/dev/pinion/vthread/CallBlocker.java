package dev.pinion.vthread;

import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import sun.nio.ch.Interruptible;

/**
 * What {@code Thread.interrupt} calls while its target is in a blocking call, as for NIO's channels. A thread has one at most: inside a
 * channel's own blocking operation there is no call of ours.
 */
public abstract class CallBlocker implements Interruptible {
    private static final JavaLangAccess ACCESS = SharedSecrets.getJavaLangAccess();

    /** From now on an interrupt of the calling thread calls {@link #interrupted}. One that came before does not: look at the status. */
    public final void install() {
        ACCESS.blockedOn(this);
    }

    /** No call of {@link #interrupted} is under way any more, and none will come. By the thread that installed it. */
    public final void uninstall() {
        ACCESS.blockedOn(null);
    }

    /** On the interrupting thread, which holds a lock of the target: to be brief, and to start nothing. */
    protected abstract void interrupted();

    /** On the interrupting thread afterwards, without the lock. The target may be far away by now. */
    protected abstract void afterInterrupt();

    @Override
    public final void interrupt(Thread target) {
        interrupted();
    }

    @Override
    public final void postInterrupt() {
        afterInterrupt();
    }
}
