package dev.pinion.netpoll;

/**
 * The network of one scheduler: the JDK's sockets, polled by the Ps.
 *
 * <p><b>The problem.</b> A virtual thread that waits for a socket parks in the JDK's {@code Poller}, and another thread, which sleeps in epoll,
 * unparks it: two hops from the kernel to the core that runs the G, or, where the JDK's pollers are virtual threads themselves, two pollers
 * that take turns with the program on its own Ps. Here an M that has nothing to run sleeps in the epoll, and runs what it brings.
 *
 * <p><b>What becomes of the JDK's own pollers.</b> {@link sun.nio.ch.PinionPoller} stands in the place of all read and write pollers; there are no
 * sub-pollers and no master. The thread that the JDK starts for each of them ends at once. A virtual thread that is none of Pinion's (of an
 * executor of the program's own, or of the JDK's scheduler beside a {@code Scheduler} made by the program) waits as on the JDK with
 * {@code jdk.pollerMode=1}: in an epoll of its own with a thread, both made when the first such thread waits. Platform threads never come here.
 * Rejected: to replace the elements of the JDK's arrays of pollers, because the JDK has started its threads by then.
 *
 * <p><b>Registered once, edge-triggered.</b> Each {@link Fd} is registered for both directions when the first G waits for it, and a {@link
 * Direction} keeps what came. The JDK tries before it waits, always, so an edge that came between its try and its wait is found as "ready": the wait
 * returns at once, and it tries again. An edge whose waiter has left (time-out, interrupt, close) is lost with it, and nothing with that: who
 * comes next tries first.
 *
 * <p><b>Numbers are reused.</b> The JDK's {@code Poller} never hears of a close, so "registered" would outlive the file, and its successor would wait
 * for ever. What the JDK does call, for each socket, channel and pipe, before a virtual thread waits for it the first time, is {@code
 * IOUtil.configureBlocking}, and for each Selector {@code EPoll.create}. Both are wrapped (native/reset.c) and begin a new generation of the
 * number. {@link Fd#registerIn} compares it at each wait: one load. The generation travels in the event, so that what comes late of an earlier
 * file (a copy of it may live on in a child process) is dropped. EEXIST becomes a second registration of the same file, which reports again what
 * is ready. So a descriptor that is duplicated, inherited or closed behind our back costs a registration at worst. Not covered: native code that
 * puts another file under the number of an open Java socket with {@code dup2}.
 *
 * <p><b>Who waits is counted</b> in the {@link Epoll}; while nobody does, nobody polls. The two halves of that race:
 *
 * <pre>
 *   a G begins to wait                          a P goes idle
 *   W1 count itself                             I1, I2 of native/pinion.h, race 2 (the ticket; full fence)
 *   W2 CAS the direction's state (full fence)   I3 read the count; not 0: race 12 there
 *   W3 does its M still hold the P?
 *      then its P will come to I3
 *   W4 else: an idle P is woken, and comes to I3
 * </pre>
 *
 * <p><b>An edge against the wait.</b> Both change the state by a CAS: null to the thread, null to ready, the thread to null. Who takes the thread out
 * of the state, and nobody else, wakes it, and it is counted out first. Two Ms may poll at once: the kernel gives an event to one of them, and of two
 * events for one direction the second finds null or ready.
 *
 * <p><b>The epoll closed by a stranger</b> (a daemon's loop over all numbers): a call that fails as it only can then, or a new generation of its
 * number, makes it anew, and registers all that is waited for. An M that sleeps in the closed one is woken within a second at worst.
 *
 * <p><b>One epoll for all Ps.</b> One for each was tried, in a rough version where a descriptor belongs to the epoll of the P that waited for it
 * first. Two Ps on two cores of one L3, JDK 25, three runs of two seconds each, nanoseconds a round trip and slowest over fastest connection:
 *
 * <pre>
 *   connections        shared                         one for each P
 *    1                  7,858 to 11,147                588,099 to 729,430
 *   64                  8,173 to 8,844, 0.96 to 0.97   6,720 to 8,013, 0.27 to 0.35
 * </pre>
 *
 * What it gains with 64 it pays for with fairness: connections stay with the P that they came to, however many it has. And a G that was stolen, or
 * started elsewhere, waits in the epoll of a P whose M may sleep on its futex; the rough version left that to sysmon's look. To do better, each
 * such wait would have to wake that M, only so that it sleeps in the epoll. Not measured: 10,000 connections, and one for each of several L3s.
 *
 * <p>Which P looks when is in {@code dev.pinion.sched.Network}.
 */
public final class Netpoll {
    /** The scheduler. */
    public interface Owner {
        /** The caller, a G, waits from now on: if its M holds no P any more, one of the idle Ps must look. */
        void waitBegun();

        /** Says once why this scheduler's sockets wait in the JDK's own way. */
        void refused(String reason);
    }

    private final Owner owner;
    private volatile Epoll epoll;
    private volatile boolean failed;

    public Netpoll(Owner owner) {
        this.owner = owner;
    }

    /** Null before the first wait. */
    public Epoll epoll() {
        return epoll;
    }

    /** The epoll, made at the first wait. On a G. @return null: there is none to be had */
    Epoll open() {
        Epoll now = epoll;
        return now != null ? now : make();
    }

    private synchronized Epoll make() {
        if (epoll == null && !failed) {
            int[] error = new int[1];
            Epoll made = Epoll.create(error);
            if (made == null) {
                failed = true;
                owner.refused("the kernel gives no epoll (errno " + -error[0] + ")");
            }
            if (made != null) {
                made.rehearse();
            }
            epoll = made;
        }
        return epoll;
    }

    void begun() {
        owner.waitBegun();
    }
}
