package dev.pinion.sched;

/** A P's parked hosts (Go's gFree): last in, first out, so that the warmest runs next. By the owner of the P, in SCHED. */
final class DeadHosts {
    /** Go keeps up to 64 dead Gs at a P. */
    private static final int CAPACITY = 64;

    private final Host[] hosts = new Host[CAPACITY];
    private int count;

    boolean push(Host host) {
        if (count == CAPACITY) {
            return false;
        }
        hosts[count++] = host;
        return true;
    }

    Host pop() {
        if (count == 0) {
            return null;
        }
        Host host = hosts[--count];
        hosts[count] = null;
        return host;
    }

    int count() {
        return count;
    }
}
