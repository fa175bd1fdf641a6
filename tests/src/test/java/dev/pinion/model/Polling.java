package dev.pinion.model;

/**
 * Gs that wait for file descriptors, and the Ms that look for them. (Network, Netpoll, SocketWaits, Direction; race 12.) What an M has in its hands
 * of the epoll, and has not delivered, is X; how many Gs it woke is OP; where a look goes on is OTHERWISE.
 */
final class Polling {
    private Polling() {}

    /** Somebody waits, and no M sleeps in the epoll: two reads, of which the second is the one that races. */
    static boolean lacksSleeper(World w) {
        return w.get(World.WAITING) != 0 && w.get(World.IN_EPOLL) == 0;
    }

    /** M.await: what comes before FUTEX_WAIT. */
    static boolean toFutex(World w) {
        if (!w.flag(World.LEAVES)) {
            return w.go(Pc.FUTEX_WAIT);
        }
        w.flag(World.LEAVES, false);
        return w.go(w.has(Mistake.SLEEPER_LEAVES_SILENTLY) ? Pc.FUTEX_WAIT : Pc.NET_LEFT);
    }

    /** By an M in SCHED; to deliver also without a P. */
    static boolean look(World w, Pc pc) {
        int home = w.home();
        switch (pc) {
            case FIND_NET -> { // the clock is not read every time
                boolean waits = w.get(World.WAITING) != 0;
                w.flag(World.NET, waits);
                Pc then = w.setting.timers() ? Pc.FIND_TIMERS : Pc.FIND_NEXT;
                return waits && w.setting.looksOften && w.choose(2) == 1 ? looks(w, then) : w.go(then);
            }
            case FIND_NET_LAST -> {
                w.flag(World.NET, w.has(Mistake.CLAIM_WITHOUT_LOOK_AFTER_IDLE) && w.get(World.WAITING) != 0);
                boolean skips = w.get(World.IDLE_COUNT) >= w.get(World.PROCS) - 1 && w.choose(2) == 1; // it does not spin, and so on
                return skips ? w.go(Pc.FIND_SEARCH) : looks(w, Pc.FIND_NET_RING);
            }
            case FIND_NET_RING -> {
                w.drain();
                w.my(World.RETURN, 0);
                return Running.found(w, w.poll(w.ring(home)), Pc.FIND_SEARCH);
            }
            case NET_LOOK -> {
                take(w);
                return w.go(Pc.NET_DELIVER);
            }
            case NET_DELIVER -> {
                return w.my(World.X) == 0 ? w.go(Pc.NET_DELIVERED) : deliver(w);
            }
            default -> { // NET_DELIVERED
                int woken = w.my(World.OP);
                Pc then = Pc.of(w.my(World.OTHERWISE));
                w.my(World.OP, 0);
                w.my(World.OTHERWISE, 0);
                if (woken <= 1 || w.get(World.PROCS) == 1) {
                    w.my(World.RETURN, 0);
                    return w.go(then);
                }
                w.drain();
                w.my(World.RETURN, then.ordinal());
                return w.go(Pc.WAKE_SPINNING);
            }
        }
    }

    private static boolean looks(World w, Pc then) {
        w.my(World.OTHERWISE, then.ordinal());
        return w.go(Pc.NET_LOOK);
    }

    /** epoll_wait brings what is ready, once: the sockets are edge-triggered. */
    private static void take(World w) {
        w.drain();
        w.my(World.X, w.get(World.EVENTS));
        w.set(World.EVENTS, 0);
        if (w.has(Mistake.WAKE_EVENT_BY_EDGE)) {
            w.set(World.WAKE_EVENT, 0);
        }
    }

    /** Direction.signal, and M.ready of who waited. */
    private static boolean deliver(World w) {
        int bit = Integer.lowestOneBit(w.my(World.X));
        int g = Integer.numberOfTrailingZeros(bit);
        boolean waits = (w.get(World.WAITERS) & bit) != 0;
        boolean parked = (w.get(World.PARKED) & bit) != 0;
        boolean holds = w.flag(World.HOLDS);
        if (waits && parked && !holds && w.get(World.LOCK) != 0) {
            return false;
        }
        w.drain();
        w.my(World.X, w.my(World.X) & ~bit);
        if (!waits) {
            w.set(World.READY, w.get(World.READY) | bit);
            return true;
        }
        w.set(World.WAITERS, w.get(World.WAITERS) & ~bit);
        w.wait(-1);
        w.my(World.OP, w.my(World.OP) + 1);
        if (!parked) {
            w.set(World.PERMITS, w.get(World.PERMITS) | bit);
            return true;
        }
        w.set(World.PARKED, w.get(World.PARKED) & ~bit);
        if (holds) {
            w.mustOwn(w.home(), w.my(World.MY_EPOCH));
            w.storeRing(w.home(), g);
            return true;
        }
        Submitting.pushGlobal(w, g);
        w.drain();
        w.my(World.RETURN, Pc.NET_DELIVER.ordinal());
        return w.go(Pc.WAKE_SPINNING);
    }

    /** Network.claimsSleep and sleep; the network itself. */
    static boolean sleep(World w, Pc pc) {
        switch (pc) {
            case NET_EVENT -> {
                int left = w.my(World.X);
                if (left == 0) {
                    return w.go(Pc.DONE);
                }
                int bits = left;
                for (int n = w.choose(Integer.bitCount(left)); n > 0; n--) {
                    bits &= bits - 1;
                }
                int bit = Integer.lowestOneBit(bits);
                w.my(World.X, left & ~bit);
                w.set(World.EVENTS, w.get(World.EVENTS) | bit);
                return true;
            }
            case NET_WAITS -> {
                boolean waits = w.has(Mistake.CLAIM_WITHOUT_LOOK_AFTER_IDLE) ? w.flag(World.NET) : w.get(World.WAITING) != 0;
                return waits ? w.go(Pc.NET_CLAIM) : toFutex(w);
            }
            case NET_CLAIM -> { // no busy P has looked of late: that may be so
                boolean all = w.get(World.IDLE_COUNT) >= w.get(World.PROCS);
                return all || w.choose(2) == 1 ? w.go(Pc.NET_SLEEPER) : toFutex(w);
            }
            case NET_SLEEPER -> {
                if (w.get(World.IN_EPOLL) != 0) {
                    return toFutex(w);
                }
                w.drain();
                w.set(World.IN_EPOLL, w.self + 1);
                w.flag(World.LEAVES, true);
                return w.go(Pc.NET_POLLING);
            }
            case NET_POLLING -> {
                w.drain();
                if (w.my(World.FUTEX) != World.ASLEEP) {
                    return w.go(Pc.NET_END);
                }
                w.my(World.FUTEX, World.POLLING);
                return w.go(Pc.NET_EPOLL);
            }
            case NET_EPOLL -> {
                boolean woken = w.get(World.WAKE_EVENT) != 0;
                if (w.get(World.EVENTS) == 0 && !woken) {
                    boolean due = w.my(World.DEADLINE) == Setting.EARLY && w.get(World.CLOCK) == Setting.EARLY;
                    w.optional = !due;
                    return (due || w.setting.impatient) && w.go(Pc.NET_BACK);
                }
                take(w);
                w.flag(World.FOUND, woken);
                w.my(World.DEADLINE, 0);
                return w.go(Pc.NET_BACK);
            }
            case NET_BACK -> {
                w.drain();
                if (w.my(World.FUTEX) == World.POLLING) {
                    w.my(World.FUTEX, World.ASLEEP);
                }
                return w.go(w.flag(World.FOUND) && !w.has(Mistake.DRAIN_AFTER_THE_END) ? Pc.NET_DRAIN : Pc.NET_END);
            }
            case NET_DRAIN -> {
                w.set(World.WAKE_EVENT, 0);
                return w.go(w.has(Mistake.DRAIN_AFTER_THE_END) ? Pc.NET_GIVEN : Pc.NET_END);
            }
            case NET_END -> {
                w.drain();
                w.set(World.IN_EPOLL, 0);
                return w.go(w.flag(World.FOUND) && w.has(Mistake.DRAIN_AFTER_THE_END) ? Pc.NET_DRAIN : Pc.NET_GIVEN);
            }
            default -> {
                return left(w, pc);
            }
        }
    }

    /** It is the sleeper no more. */
    private static boolean left(World w, Pc pc) {
        switch (pc) {
            case NET_GIVEN -> {
                boolean ready = w.my(World.X) != 0 || w.flag(World.FOUND);
                w.flag(World.FOUND, false);
                if (!ready) { // a time-out, or it never slept: the code knows no difference
                    w.flag(World.LEAVES, !w.has(Mistake.SLEEPER_LEAVES_SILENTLY_AFTER_A_TIME_OUT));
                    return w.go(w.my(World.DEADLINE) != 0 ? Pc.TIMEOUT_TICKET : Pc.LOOK_FUTEX);
                }
                w.my(World.OTHERWISE, Pc.LOOK_FUTEX.ordinal());
                return w.go(w.my(World.FUTEX) != World.ASLEEP ? Pc.NET_DELIVER : Pc.NET_TICKET);
            }
            case NET_TICKET -> {
                if (!w.tryTake(w.home())) {
                    return w.go(Pc.NET_DELIVER);
                }
                w.my(World.OTHERWISE, w.my(World.X) == 0 ? 0 : Pc.FIND_RETIRED.ordinal());
                return w.go(Pc.RESUME_COUNT);
            }
            case NET_LEFT -> {
                w.drain();
                return w.go(w.get(World.WAITING) != 0 ? Pc.NET_LEFT_SLEEPER : Pc.FUTEX_WAIT);
            }
            default -> { // NET_LEFT_SLEEPER
                if (w.get(World.IN_EPOLL) != 0) {
                    return w.go(Pc.FUTEX_WAIT);
                }
                w.my(World.RETURN, Pc.LOOK_FUTEX.ordinal());
                return w.go(Pc.WAKE_SPINNING);
            }
        }
    }

    /** A G reads. Its file descriptor is its own. */
    static boolean read(World w, Pc pc) {
        int bit = 1 << w.my(World.G);
        switch (pc) {
            case READ_COUNT -> {
                if (isReady(w, bit)) {
                    return over(w);
                }
                if (!w.has(Mistake.COUNTED_AFTER_IT_CAN_BE_FOUND)) {
                    w.wait(1);
                }
                return w.go(Pc.READ_BEGIN);
            }
            case READ_BEGIN -> {
                if (isReady(w, bit)) {
                    w.wait(-1);
                    return over(w);
                }
                w.drain();
                w.set(World.WAITERS, w.get(World.WAITERS) | bit);
                return w.go(Pc.READ_HOLDS);
            }
            case READ_HOLDS -> {
                w.drain();
                if (w.has(Mistake.COUNTED_AFTER_IT_CAN_BE_FOUND)) {
                    w.wait(1);
                }
                boolean holds = w.flag(World.HOLDS) && w.getP(w.home(), World.EPOCH) == w.my(World.MY_EPOCH)
                        && w.getP(w.home(), World.STATE) != World.IDLE;
                return w.go(holds || w.has(Mistake.WAIT_WITHOUT_A_P_WAKES_NOBODY) ? Pc.READ_PARK : Pc.READ_LACKS);
            }
            case READ_LACKS -> {
                w.my(World.RETURN, Pc.READ_PARK.ordinal());
                return w.go(lacksSleeper(w) ? Pc.WAKE_SPINNING : Pc.READ_PARK);
            }
            default -> { // READ_PARK
                w.drain();
                w.my(World.RETURN, 0);
                if ((w.get(World.PERMITS) & bit) != 0) {
                    w.set(World.PERMITS, w.get(World.PERMITS) & ~bit);
                    return over(w);
                }
                w.set(World.PARKED, w.get(World.PARKED) | bit);
                w.set(World.STARTED, w.get(World.STARTED) & ~bit);
                w.place(w.my(World.G), w.my(World.OP) + 1);
                return w.go(Pc.G_END);
            }
        }
    }

    /** Direction.begin: the edge that came before. */
    private static boolean isReady(World w, int bit) {
        if ((w.get(World.READY) & bit) == 0) {
            return false;
        }
        w.drain();
        w.set(World.READY, w.get(World.READY) & ~bit);
        return true;
    }

    private static boolean over(World w) {
        w.my(World.OP, w.my(World.OP) + 1);
        return w.go(Pc.G_OP);
    }
}
