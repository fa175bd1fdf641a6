package dev.pinion.observe;

/**
 * What a scheduler's watchdog has proved of lost wake-ups, and made good: 0 in all, or there is a bug. Written by its sysmon alone; any thread
 * may read.
 */
public final class LostWakes {
    private volatile long queued;
    private volatile long unpolled;
    private volatile long edges;
    private volatile long spinning;

    public void queued() {
        queued++;
    }

    public void unpolled() {
        unpolled++;
    }

    public void edges(int more) {
        edges += more;
    }

    public void spinning() {
        spinning++;
    }

    /** How often a G lay queued though a P was idle, nobody searched, and sysmon's call for a searcher had no effect. */
    public long ofQueued() {
        return queued;
    }

    /** How often events lay in the epoll, and those whose turn it was did not come to look. */
    public long ofUnpolled() {
        return unpolled;
    }

    /** Threads that waited for a file descriptor that was ready, its event gone. */
    public long ofEdges() {
        return edges;
    }

    /** How often the count of those that search was not 0 though nobody did, which keeps all wake-ups back. */
    public long ofSpinning() {
        return spinning;
    }
}
