package dev.pinion.model;

/** Timers are added and fire. (TimerHeap, Sched.schedule, M.stillHolds, Sched.timerAdded.) The P whose heap it is is T. Ends at RETURN. */
final class Timing {
    private Timing() {}

    static boolean step(World w, Pc pc) {
        int t = w.my(World.T);
        switch (pc) {
            case TICK -> {
                w.set(World.CLOCK, Setting.EARLY);
                return w.go(Pc.DONE);
            }
            case FIRE_POP -> {
                if (!w.isDue(t)) {
                    w.my(World.T, 0);
                    return w.goBack();
                }
                if (w.getP(t, World.TIMERS_LOCK) != 0) {
                    return false;
                }
                w.drain();
                int due = w.getP(t, World.TIMERS) & ~w.setting.never;
                w.my(World.X, Integer.numberOfTrailingZeros(due));
                w.setP(t, World.TIMERS, w.getP(t, World.TIMERS) & ~Integer.lowestOneBit(due));
                return w.go(Pc.FIRE_PUSH);
            }
            case FIRE_PUSH -> { // a nested Submit.local: in SCHED already, and it wakes nobody
                w.mustOwn(w.home(), w.my(World.MY_EPOCH));
                Submitting.pushNext(w);
                w.my(World.OP, w.my(World.OP) + 1);
                return w.go(Pc.FIRE_POP);
            }
            case TIMER_ADD -> {
                if (w.getP(t, World.TIMERS_LOCK) != 0) {
                    return false;
                }
                w.drain();
                if (w.getP(t, World.CLOSED) != 0) {
                    w.my(World.T, 0); // P0, which never goes
                    return true;
                }
                w.storeTimer(t, w.my(World.X));
                w.my(World.X, 0);
                boolean onM = w.setting.kind(w.self) == Setting.Kind.M;
                return onM ? w.go(Pc.TIMER_HOLDS) : w.has(Mistake.TIMER_FROM_OUTSIDE_WAKES_NOBODY) ? added(w) : w.go(Pc.TIMER_LOOK);
            }
            case TIMER_HOLDS -> {
                if (!w.has(Mistake.HOLDS_WITHOUT_FENCE)) {
                    w.drain();
                }
                return holds(w, t) ? added(w) : w.go(Pc.TIMER_LOOK);
            }
            case TIMER_LOOK -> {
                if (!w.has(Mistake.TIMER_ADDED_WITHOUT_FENCE)) {
                    w.drain();
                }
                return w.buffered() || w.nextWhen(t) != 0 ? w.go(Pc.TIMER_TICKET) : added(w); // one's own store is seen by oneself
            }
            default -> { // TIMER_TICKET
                return w.tryTake(t) ? w.go(Pc.START_COUNT) : added(w);
            }
        }
    }

    private static boolean holds(World w, int p) {
        if (!w.flag(World.HOLDS) || p != w.home()) {
            return false;
        }
        return w.has(Mistake.HOLDS_BY_FIELD) || w.getP(p, World.EPOCH) == w.my(World.MY_EPOCH) && w.getP(p, World.STATE) != World.IDLE;
    }

    private static boolean added(World w) {
        w.my(World.T, 0);
        return w.goBack();
    }
}
