package dev.pinion.sched;

import dev.pinion.nativelib.Boot;
import dev.pinion.netpoll.Netpoll;
import dev.pinion.netpoll.SocketWaits;

/** Puts netpoll under the JDK's sockets, once in a process. */
final class Sockets implements SocketWaits.Callers {
    private static boolean tried;

    private Sockets() {}

    /** Before the first scheduler. */
    static synchronized void install() {
        if (!tried) {
            Boot.defineSocketPoller(); // before the first class that names it
            tried = true;
            Sockets callers = new Sockets();
            String reason = SocketWaits.install(callers);
            if (reason != null) {
                callers.refused(reason);
            }
        }
    }

    @Override
    public Netpoll ofCaller() {
        M m = M.current();
        return m == null ? null : m.sched.network.netpoll();
    }

    @Override
    public void refused(String reason) {
        Warnings.say("sockets wait in the JDK's own pollers: " + reason + ".");
    }
}
