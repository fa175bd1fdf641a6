package dev.pinion.netpoll;

import dev.pinion.nativelib.Natives;
import java.util.concurrent.locks.LockSupport;

/** An event of the kernel's for which Gs wait as the JDK's sockets make them. */
public final class EventWait implements AutoCloseable {
    private final int event;

    /** Once {@link Natives} are loaded. */
    public EventWait() {
        Fds.prepare();
        long both = Natives.netpollCreate();
        Natives.netpollClose((int) both);
        event = (int) (both >>> 32);
    }

    public void set() {
        Natives.netpollWake(event);
    }

    /** On a G of the scheduler. As the JDK does it tries before it waits, so what it waits for is not there already. */
    public void await(Netpoll netpoll) {
        Fd fd = Fds.get(event);
        while (Natives.netpollDrain(event) < 0) {
            if (fd.registerIn(netpoll.open()) < 0) {
                throw new IllegalStateException("not registered");
            }
            if (!fd.read.begin(Thread.currentThread(), netpoll.epoll())) {
                netpoll.begun();
                while (fd.read.waitsIn(netpoll.epoll())) {
                    LockSupport.park();
                }
            }
        }
    }

    /** As if a thread waited, which need not be one that can. */
    public void pretend(Thread thread, Netpoll netpoll) {
        Fd fd = Fds.get(event);
        if (fd.registerIn(netpoll.open()) < 0 || fd.read.begin(thread, netpoll.epoll())) {
            throw new IllegalStateException("not registered, or set already");
        }
        netpoll.begun();
    }

    /** The next batches that a look brings are lost. */
    public static void loseBatches(Netpoll netpoll, int count) {
        netpoll.epoll().batchesToLose = count;
    }

    public static boolean hasLost(Netpoll netpoll) {
        return netpoll.epoll().batchesToLose == 0;
    }

    @Override
    public void close() {
        Natives.netpollClose(event);
    }
}
