package dev.pinion.netpoll;

/** What is known of one file descriptor number: where it is registered, for which generation, and who waits. */
final class Fd {
    final int number;
    final Direction read = new Direction();
    final Direction write = new Direction();

    /** Where it is registered; null: nowhere, or that is being done. */
    private volatile Epoll.Pair registered;

    private volatile int generation;

    Fd(int number) {
        this.number = number;
    }

    /** Whether an event is of the file that has the number now. */
    boolean isOf(int eventGeneration) {
        return generation == eventGeneration;
    }

    Direction direction(boolean reads) {
        return reads ? read : write;
    }

    /**
     * Sees to it that events of the present file come to the epoll. By a thread that is about to wait; a reader and a writer may do it at
     * once, and then register twice, which is harmless.
     *
     * @return 0 or {@code -errno}
     */
    int registerIn(Epoll epoll) {
        int now = Fds.generation(number);
        Epoll.Pair pair = epoll.pair();
        if (registered == pair && generation == now) {
            return 0;
        }
        registered = null; // the other direction must not rely on what may fail
        if (generation != now) {
            generation = now; // before the first event of it
            read.forget();
            write.forget();
        }
        return addTo(epoll, pair, now);
    }

    private int addTo(Epoll epoll, Epoll.Pair first, int now) {
        Epoll.Pair pair = first;
        int r = pair.add(number, now);
        while (r == -Epoll.EBADFD) {
            r = epoll.repair(pair);
            if (r < 0) {
                return r;
            }
            pair = epoll.pair();
            r = pair.add(number, now);
        }
        if (r == 0) {
            registered = pair;
        }
        return r;
    }

    /** What is ready has not been passed on: the kernel is to report it once more. Allocates nothing. */
    void reportAgain(Epoll.Pair pair) {
        if (pair.add(number, generation) != 0) {
            registered = null; // then the next wait does
        }
    }

    /** Nobody looks at that epoll any more. */
    void clear(Epoll epoll) {
        read.clear(epoll);
        write.clear(epoll);
    }

    /** Registers it once more if somebody waits for it there; the kernel then reports what is ready. */
    void renewIn(Epoll epoll, Epoll.Pair pair) {
        if (read.waitsIn(epoll) || write.waitsIn(epoll)) {
            registered = pair.add(number, generation) == 0 ? pair : null;
        }
    }
}
