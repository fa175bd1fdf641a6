package dev.pinion.sched;

/** A G and the M it is locked to, from its first {@code lockOSThread} to the matching {@code unlockOSThread} or the G's end. */
final class LockedG {
    final Thread thread;
    final Runnable continuation;

    /** Its M. Set before anybody else can know this G. */
    M m;

    /** Locks that are not undone. By the G. */
    int count = 1;

    /** The next one in a {@link LockedReady}, under its lock. */
    LockedG nextReady;

    /** The next one in its chain of {@link LockedGs}, under its lock. */
    LockedG nextInTable;

    /** The P given to the M for the G's turn. By the giver, before the futex word. */
    private P turn;

    /** The M has been given a P for the G's turn and has not run the G yet. By the M. */
    boolean hasTurn;

    /** The M has slept and settled whether it keeps its idle slot. By the M. */
    boolean settled;

    /** The M sleeps until the G's turn. By the M; a hint to others. */
    volatile boolean asleep;

    /** The M is bound to the CPU of another P than its home, which is out of service. By the M; a hint to others. */
    boolean lodges;

    LockedG(Thread thread, Runnable continuation) {
        this.thread = thread;
        this.continuation = continuation;
    }

    /** Gives the M a P, in SCHED at {@code epoch}, to run the G with. By the owner of the P, who took the G off its ready list. */
    void giveTurn(P p, long epoch) {
        turn = p;
        m.give(epoch, false);
    }

    /** The P given. On the M, which has read the futex word. */
    P takeTurn() {
        hasTurn = true;
        return turn;
    }
}
