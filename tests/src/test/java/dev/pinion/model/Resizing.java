package dev.pinion.model;

/** GOMAXPROCS changes. (Resize.) The P at hand is T, the one after the last of this change I, the place in the list of sizes OP. */
final class Resizing {
    private Resizing() {}

    static boolean step(World w, Pc pc) {
        int t = w.my(World.T);
        switch (pc) {
            case RESIZE_NEXT -> {
                int[] sizes = w.setting.sizes;
                int at = w.my(World.OP);
                if (at == sizes.length) {
                    return w.go(Pc.DONE);
                }
                int old = w.get(World.PROCS);
                w.set(World.PROCS, sizes[at]);
                w.my(World.OP, at + 1);
                w.my(World.T, Math.min(old, sizes[at]));
                return w.go(sizes[at] > old ? Pc.REVIVE_UNMARK : Pc.MARK);
            }
            case MARK -> { // two Ps at most: the loop that marks and the one that takes are one
                w.drain();
                w.setP(t, World.RETIRED, 1);
                return w.go(Pc.OUT_DEAD);
            }
            case OUT_DEAD -> {
                return w.go(w.getP(t, World.STATE) == World.DEAD ? Pc.RESIZED : Pc.OUT_TICKET);
            }
            case OUT_TICKET -> {
                return w.go(w.tryTake(t) ? Pc.OUT_COUNT : Pc.OUT_TAKE);
            }
            case OUT_COUNT -> {
                w.count(-1);
                return w.go(Pc.OUT_ACQUIRE);
            }
            case OUT_ACQUIRE -> {
                w.my(World.T_EPOCH, w.acquire(t));
                return w.go(Pc.RETIRE_NEXT);
            }
            case OUT_TAKE -> {
                if (!w.isBusy(t)) {
                    return w.go(Pc.OUT_DEAD);
                }
                w.my(World.T_EPOCH, w.take(t));
                return w.go(Pc.RETIRE_NEXT);
            }
            case RESIZED -> {
                w.my(World.T, 0);
                w.my(World.RETURN, 0);
                return Submitting.wakeSysmon(w, Pc.RESIZE_NEXT);
            }
            case REVIVE_UNMARK -> {
                if (w.getP(t, World.STATE) != World.DEAD) {
                    return false;
                }
                w.setP(t, World.RETIRED, 0);
                return w.go(w.setting.timers() ? Pc.REVIVE_REOPEN : Pc.REVIVE_WORD);
            }
            case REVIVE_REOPEN -> {
                if (w.getP(t, World.TIMERS_LOCK) != 0) {
                    return false;
                }
                w.drain();
                w.setP(t, World.CLOSED, 0);
                return w.go(Pc.REVIVE_WORD);
            }
            case REVIVE_WORD -> {
                w.drain();
                if (w.getP(t, World.STATE) != World.DEAD) {
                    throw new Violation("revive of a P that is not DEAD");
                }
                w.setP(t, World.STATE, World.IDLE);
                w.setP(t, World.EPOCH, w.getP(t, World.EPOCH) + 1);
                return w.go(Pc.REVIVE_COUNT);
            }
            case REVIVE_COUNT -> {
                w.count(1);
                return w.go(Pc.REVIVE_BIT);
            }
            case REVIVE_BIT -> {
                w.setBit(t);
                boolean timers = w.setting.timers() && !w.has(Mistake.REVIVE_WITHOUT_LOOK_AT_TIMERS);
                return Idling.look(w, Pc.REVIVE_TICKET, timers ? Pc.REVIVE_TIMERS : Pc.REVIVE_NET);
            }
            case REVIVE_TIMERS -> {
                return w.go(w.nextWhen(t) != 0 ? Pc.REVIVE_TICKET : Pc.REVIVE_NET);
            }
            case REVIVE_NET -> {
                boolean lacks = Polling.lacksSleeper(w) && !w.has(Mistake.REVIVE_WITHOUT_LOOK_AT_THE_NETWORK);
                return w.go(lacks ? Pc.REVIVE_TICKET : Pc.RESIZED);
            }
            case REVIVE_TICKET -> {
                w.my(World.RETURN, Pc.RESIZED.ordinal());
                return w.go(w.tryTake(t) ? Pc.START_COUNT : Pc.RESIZED);
            }
            default -> {
                return retire(w, pc, t);
            }
        }
    }

    /** Resize.retire: by the M that holds P T, or by the resizer. */
    private static boolean retire(World w, Pc pc, int t) {
        if (pc == Pc.RETIRE_LOWER) {
            w.spinning(-1);
            w.flag(World.SPINS, false);
            return w.go(Pc.RETIRE_NEXT);
        }
        if (pc == Pc.RETIRE_ADDED) {
            return added(w);
        }
        if (pc == Pc.RETIRE_NUDGE) {
            return nudge(w);
        }
        w.mustOwn(t, w.my(World.T_EPOCH));
        w.drain();
        switch (pc) {
            case RETIRE_NEXT -> {
                w.my(World.X, w.getP(t, World.NEXT));
                w.setP(t, World.NEXT, 0);
                return w.go(w.my(World.X) == 0 ? Pc.RETIRE_RING : Pc.RETIRE_PUSH);
            }
            case RETIRE_RING -> {
                w.my(World.X, w.poll(w.ring(t)));
                return w.go(w.my(World.X) != 0 ? Pc.RETIRE_PUSH : w.setting.timers() ? Pc.RETIRE_TIMERS : Pc.RETIRE_KILL);
            }
            case RETIRE_TIMERS -> {
                if (w.getP(t, World.TIMERS_LOCK) != 0) {
                    return false;
                }
                w.my(World.X, w.getP(t, World.TIMERS));
                w.setP(t, World.TIMERS, 0);
                w.setP(t, World.CLOSED, w.has(Mistake.RETIRE_LEAVES_THE_HEAP_OPEN) ? 0 : 1);
                return w.go(w.my(World.X) == 0 ? Pc.RETIRE_KILL : Pc.RETIRE_MOVE);
            }
            case RETIRE_MOVE -> {
                if (w.getP(0, World.TIMERS_LOCK) != 0) {
                    return false;
                }
                int left = w.my(World.X);
                w.storeTimer(0, Integer.numberOfTrailingZeros(left));
                w.my(World.X, left & left - 1);
                return left == Integer.lowestOneBit(left) ? w.go(Pc.RETIRE_KILL) : true;
            }
            case RETIRE_PUSH -> {
                if (w.get(World.LOCK) != 0) {
                    return false;
                }
                Submitting.pushGlobal(w, w.my(World.X));
                w.my(World.X, 0);
                return w.go(Pc.RETIRE_RING);
            }
            default -> { // RETIRE_KILL
                w.setP(t, World.STATE, World.DEAD);
                w.setP(t, World.EPOCH, w.getP(t, World.EPOCH) + 1);
                w.setP(t, World.OWNER, 0);
                w.my(World.T_EPOCH, 0);
                w.my(World.T, 0);
                boolean resizer = w.self == w.setting.resizer();
                if (!resizer) {
                    w.flag(World.HOLDS, false);
                    w.my(World.MY_EPOCH, 0);
                }
                Pc after = w.setting.net() ? Pc.RETIRE_NUDGE : resizer ? Pc.RESIZED : Pc.LOSE;
                boolean timers = w.setting.timers() && !w.has(Mistake.RETIRE_WAKES_NOBODY_FOR_TIMERS);
                w.my(World.RETURN, (timers ? Pc.RETIRE_ADDED : after).ordinal());
                return w.has(Mistake.RETIRE_WITHOUT_WAKE) ? w.goBack() : w.go(Pc.WAKE_SPINNING);
            }
        }
    }

    /** Its timers went to P0. */
    private static boolean added(World w) {
        boolean resizer = w.self == w.setting.resizer();
        Pc after = w.setting.net() ? Pc.RETIRE_NUDGE : resizer ? Pc.RESIZED : Pc.LOSE;
        w.my(World.RETURN, after.ordinal());
        w.my(World.T, 0);
        return w.go(Pc.TIMER_LOOK);
    }

    /** M.nudge of one that sleeps in the epoll, whose P has gone. The others of that P have nothing to look for. */
    private static boolean nudge(World w) {
        for (int m = 0; m < w.setting.machines.size(); m++) {
            if (w.getP(w.setting.machines.get(m).home(), World.STATE) == World.DEAD && w.of(m, World.FUTEX) == World.POLLING) {
                w.set(World.WAKE_EVENT, 1);
            }
        }
        w.my(World.RETURN, 0);
        return w.go(w.self == w.setting.resizer() ? Pc.RESIZED : Pc.LOSE);
    }
}
