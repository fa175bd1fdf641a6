package dev.pinion.model;

/** A P with nothing to run. (Idle.sleep, M.prepareSleep, M.resume, Sched.anyQueued.) */
final class Idling {
    private Idling() {}

    static boolean step(World w, Pc pc) {
        int home = pc.name().startsWith("LOOK") ? -1 : w.home();
        switch (pc) {
            case IDLE_OFFER -> {
                w.mustOwn(home, w.my(World.MY_EPOCH));
                if (!w.has(Mistake.NEVER_OFFERED)) {
                    Running.offer(w);
                }
                if (w.has(Mistake.DEADLINE_READ_EARLY)) {
                    w.my(World.X, w.nextWhen(home));
                }
                w.setP(home, World.SLEEPER, w.self + 1);
                w.flag(World.DUTY, true);
                w.flag(World.HOLDS, false);
                return w.go(Pc.IDLE_WORD);
            }
            case IDLE_WORD -> {
                w.mustOwn(home, w.my(World.MY_EPOCH));
                w.setP(home, World.OWNER, 0);
                w.storeWord(home, w.my(World.MY_EPOCH), World.IDLE);
                w.my(World.MY_EPOCH, 0);
                return w.go(Pc.IDLE_COUNT);
            }
            case IDLE_COUNT -> {
                w.count(1);
                return w.go(Pc.IDLE_BIT);
            }
            case IDLE_BIT -> {
                w.setBit(home);
                boolean lower = w.flag(World.SPINS) && !w.has(Mistake.LOOK_BEFORE_LOWERING);
                return w.go(lower ? Pc.IDLE_LOWER : Pc.IDLE_RETIRED);
            }
            case IDLE_LOWER -> {
                w.spinning(-1);
                w.flag(World.SPINS, false);
                return w.go(w.has(Mistake.LOOK_BEFORE_LOWERING) ? Pc.LOOK_FUTEX : Pc.IDLE_RETIRED);
            }
            case IDLE_RETIRED -> {
                Pc idle = w.flag(World.SPINS) ? Pc.IDLE_LOWER
                        : w.has(Mistake.FUTEX_CLEARED_LATE) ? Pc.IDLE_CLEAR_FUTEX : Pc.LOOK_FUTEX;
                if (w.has(Mistake.NO_LOOK_AFTER_IDLE)) {
                    return w.go(idle);
                }
                return w.getP(home, World.RETIRED) != 0 ? w.go(Pc.IDLE_TICKET) : look(w, Pc.IDLE_TICKET, idle);
            }
            case IDLE_CLEAR_FUTEX -> {
                w.my(World.FUTEX, 0);
                return w.go(Pc.LOOK_FUTEX);
            }
            case IDLE_TICKET -> {
                if (w.tryTake(home)) {
                    return w.go(Pc.IDLE_SPIN);
                }
                if (w.flag(World.SPINS) || w.has(Mistake.LOST_TICKET_WITHOUT_WAKE)) {
                    return w.go(w.flag(World.SPINS) ? Pc.IDLE_LOWER : Pc.LOOK_FUTEX);
                }
                w.my(World.RETURN, Pc.LOOK_FUTEX.ordinal());
                return w.go(Pc.WAKE_SPINNING); // who has the P now need not search, and somebody counted on this spinner
            }
            case IDLE_SPIN -> {
                w.flag(World.FOUND, w.getP(home, World.RETIRED) == 0);
                return w.go(Pc.RESUME_COUNT);
            }
            case LOOK_GLOBAL -> {
                return w.size(World.GLOBAL) != 0 ? looked(w, World.OTHERWISE) : w.go(Pc.LOOK_RING);
            }
            case LOOK_RING -> {
                int p = w.my(World.I);
                if (w.size(w.ring(p)) != 0) {
                    return looked(w, World.OTHERWISE);
                }
                w.my(World.I, p + 1);
                return p + 1 == w.setting.ps ? looked(w, World.RETURN) : true;
            }
            case RESUME_COUNT -> {
                w.count(-1);
                return w.go(w.flag(World.FOUND) && !w.flag(World.SPINS) ? Pc.RESUME_RAISE : Pc.RESUME_ACQUIRE);
            }
            case RESUME_RAISE -> {
                w.spinning(1);
                return w.go(Pc.RESUME_ACQUIRE);
            }
            case RESUME_ACQUIRE -> {
                w.my(World.MY_EPOCH, w.acquire(home));
                return w.go(Pc.RESUME_WITHDRAW);
            }
            default -> { // RESUME_WITHDRAW
                w.drain();
                w.setP(home, World.SLOTS, w.getP(home, World.SLOTS) & ~(1 << w.self));
                w.flag(World.OFFERED, false);
                w.hold(w.my(World.MY_EPOCH));
                w.flag(World.SPINS, w.flag(World.FOUND));
                w.flag(World.FOUND, false);
                w.flag(World.LEAVES, false);
                return Submitting.wakeSysmon(w, w.my(World.X) != 0 ? Pc.NET_DELIVER : Pc.FIND_RETIRED); // what the epoll brought
            }
        }
    }

    /** Goes and looks at every queue. */
    static boolean look(World w, Pc found, Pc nothing) {
        w.my(World.OTHERWISE, found.ordinal());
        w.my(World.RETURN, nothing.ordinal());
        w.my(World.I, 0);
        return w.go(Pc.LOOK_GLOBAL);
    }

    private static boolean looked(World w, int where) {
        Pc next = Pc.of(w.my(where));
        w.my(World.I, 0);
        w.my(World.OTHERWISE, 0);
        if (next == Pc.LOOK_FUTEX || next == Pc.IDLE_TICKET) {
            w.my(World.RETURN, 0);
        }
        return w.go(next);
    }
}
