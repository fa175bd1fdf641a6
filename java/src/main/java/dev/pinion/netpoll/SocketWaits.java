package dev.pinion.netpoll;

import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.vthread.SocketPollers;
import sun.nio.ch.PinionPoller;

/** How the JDK's sockets wait in a G: what {@link PinionPoller} asks. */
public final class SocketWaits implements PinionPoller.Waits {
    /** Tells which scheduler's thread asks. */
    public interface Callers {
        /** The netpoll of the scheduler that the calling virtual thread runs on; null: it is not one of ours, or that has none. */
        Netpoll ofCaller();

        /** Says once why sockets wait in the JDK's own pollers. */
        void refused(String reason);
    }

    private final Callers callers;

    private SocketWaits(Callers callers) {
        this.callers = callers;
    }

    /**
     * Puts itself under the JDK's sockets. Once in a process.
     *
     * @return null; or why the JDK's own pollers stay, in half a sentence
     */
    public static String install(Callers callers) {
        return SocketPollers.replace(new SocketWaits(callers));
    }

    @Override
    public boolean prepare() {
        int got = Natives.installResets();
        if (got != SharedLayout.RESET_ALL) {
            callers.refused("this JDK lacks natives that Pinion must wrap (of mask " + SharedLayout.RESET_ALL + " only " + got + " are there)");
            return false;
        }
        int r = Fds.prepare();
        if (r < 0) {
            callers.refused("there is no memory for what is known of file descriptors (errno " + -r + ")");
            return false;
        }
        return true;
    }

    @Override
    public int begin(int fd, boolean read) {
        Netpoll netpoll = callers.ofCaller();
        Epoll epoll = netpoll == null || !Fds.has(fd) ? null : netpoll.open();
        if (epoll == null) {
            return FOREIGN;
        }
        Fd known = Fds.get(fd);
        int r = known.registerIn(epoll);
        if (r < 0) {
            return r;
        }
        if (known.direction(read).begin(Thread.currentThread(), epoll)) {
            return READY;
        }
        r = known.registerIn(epoll); // again: somebody may have made the epoll anew, and not seen that this thread waits
        if (r < 0) {
            known.direction(read).end(Thread.currentThread());
            return r;
        }
        netpoll.begun();
        return WAITING;
    }

    @Override
    public boolean end(int fd, boolean read) {
        Netpoll netpoll = callers.ofCaller();
        if (netpoll == null || !Fds.has(fd) || netpoll.epoll() == null) {
            return false;
        }
        Fds.get(fd).direction(read).end(Thread.currentThread());
        return true;
    }
}
