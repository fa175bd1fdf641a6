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

    /** On a G of the scheduler. */
    public void await(Netpoll netpoll) {
        Thread self = Thread.currentThread();
        Direction direction = Fds.get(event).read;
        if (Fds.get(event).registerIn(netpoll.open()) < 0) {
            throw new IllegalStateException("not registered");
        }
        if (direction.begin(self, netpoll.epoll())) {
            return;
        }
        netpoll.begun();
        while (direction.waitsIn(netpoll.epoll())) {
            LockSupport.park();
        }
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
