package sun.nio.ch;

import java.io.IOException;
import jdk.internal.misc.InnocuousThread;

/**
 * What the JDK's sockets wait with, in the place of its own pollers. A G of Pinion's waits through {@link Waits}; any other virtual thread
 * as with the JDK's {@code EPollPoller}, in an epoll that a thread of its own polls, both made when the first such thread waits.
 *
 * <p>Compiled and shipped as {@code jdk.internal.vm.PinionNative}, and defined into {@code sun.nio.ch} before the JDK's {@code Poller} is
 * initialised. It is the one class that knows the inside of that.
 */
public final class PinionPoller extends Poller {
    /** The scheduler's side. On the thread that waits. */
    public interface Waits {
        int WAITING = 0;
        int READY = 1;

        /** Not one of its threads. */
        int FOREIGN = 2;

        /** To be put into {@code PollerProvider.INSTANCE}. Here, because a method of {@code PinionPoller} would initialise {@code Poller} first. */
        default Object provider() {
            return new Provider(this);
        }

        /** Makes it ready for {@link #begin}; once. @return false: it is not to be had, and has said why */
        boolean prepare();

        /** @return one of the three above, or {@code -errno} */
        int begin(int fd, boolean read);

        /** @return false: {@link #begin} said FOREIGN */
        boolean end(int fd, boolean read);
    }

    /** In the place of the JDK's provider. If the scheduler's side is not to be had, it is the JDK's pollers in threads of their own. */
    static final class Provider extends PollerProvider {
        private final Waits waits;
        private boolean prepared;
        private boolean usable;
        private PinionPoller reads;
        private PinionPoller writes;

        Provider(Waits waits) {
            this.waits = waits;
        }

        private synchronized PinionPoller get(boolean read) {
            if (!prepared) {
                prepared = true;
                usable = waits.prepare();
            }
            if (!usable) {
                return null;
            }
            if (reads == null) {
                reads = new PinionPoller(waits, true);
                writes = new PinionPoller(waits, false);
            }
            return read ? reads : writes;
        }

        @Override
        Poller readPoller(boolean subPoller) throws IOException {
            Poller ours = get(true);
            return ours != null ? ours : new EPollPoller(subPoller, true);
        }

        @Override
        Poller writePoller(boolean subPoller) throws IOException {
            Poller ours = get(false);
            return ours != null ? ours : new EPollPoller(subPoller, false);
        }
    }

    /** Ends the thread that the JDK starts for each poller, which prints what ends it. */
    private static final class NoThreadNeeded extends IOException {
        private static final long serialVersionUID = 1L;

        NoThreadNeeded() {
            super("polled by the scheduler");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }

        @Override
        public void printStackTrace() {}
    }

    private static final int ENOENT = 2;
    private static final int MAX_EVENTS = 512;

    private final Waits waits;
    private final boolean read;
    private volatile int foreignEpoll = -1;

    private PinionPoller(Waits waits, boolean read) {
        this.waits = waits;
        this.read = read;
    }

    @Override
    void implRegister(int fd) throws IOException {
        int result = waits.begin(fd, read);
        if (result == Waits.READY) {
            polled(fd);
        } else if (result == Waits.FOREIGN) {
            registerForeign(fd);
        } else if (result < 0) {
            throw new IOException("epoll_ctl failed: " + -result);
        }
    }

    @Override
    void implDeregister(int fd, boolean polled) {
        if (!waits.end(fd, read) && !polled) {
            EPoll.ctl(foreignEpoll, EPoll.EPOLL_CTL_DEL, fd, 0);
        }
    }

    /** By the thread that the JDK started for it. */
    @Override
    int poll(int timeout) throws IOException {
        throw new NoThreadNeeded();
    }

    private void registerForeign(int fd) throws IOException {
        int epoll = foreignEpoll;
        if (epoll < 0) {
            epoll = startForeign();
        }
        int events = (read ? EPoll.EPOLLIN : EPoll.EPOLLOUT) | EPoll.EPOLLONESHOT;
        int error = EPoll.ctl(epoll, EPoll.EPOLL_CTL_MOD, fd, events);
        if (error == ENOENT) {
            error = EPoll.ctl(epoll, EPoll.EPOLL_CTL_ADD, fd, events);
        }
        if (error != 0) {
            throw new IOException("epoll_ctl failed: " + error);
        }
    }

    private synchronized int startForeign() throws IOException {
        if (foreignEpoll < 0) {
            int epoll = EPoll.create();
            try {
                Thread thread = InnocuousThread.newSystemThread(read ? "Read-Poller" : "Write-Poller", () -> pollForeign(epoll));
                thread.setDaemon(true);
                thread.start();
            } catch (Throwable e) { // no thread to be had: the next one that waits tries again
                FileDispatcherImpl.closeIntFD(epoll);
                throw e;
            }
            foreignEpoll = epoll;
        }
        return foreignEpoll;
    }

    private void pollForeign(int epoll) {
        long events = EPoll.allocatePollArray(MAX_EVENTS);
        try {
            while (true) {
                int count = EPoll.wait(epoll, events, MAX_EVENTS, -1);
                for (int i = 0; i < count; i++) {
                    polled(EPoll.getDescriptor(EPoll.getEvent(events, i)));
                }
            }
        } catch (IOException e) {
            e.printStackTrace(); // as the JDK's
        }
    }
}
