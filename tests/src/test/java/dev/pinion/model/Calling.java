package dev.pinion.model;

/** A G in a call that seldom blocks, or blocked where nobody announced it. (BlockingCalls.seldomBlocks, unmount; races 8 and 9.) */
final class Calling {
    private Calling() {}

    static boolean step(World w, Pc pc) {
        int g = w.my(World.G);
        switch (pc) {
            case STALLED -> {
                return over(w, g) && w.go(Pc.G_OP); // whoever has taken the P meanwhile, the M finds out when it enters
            }
            case CALLING -> {
                if (!over(w, g)) {
                    return false;
                }
                if (w.has(Mistake.UNBLOCK_BY_STORE)) {
                    w.drain();
                    w.set(World.TAKEN_IN_CALL, w.get(World.TAKEN_IN_CALL) & ~(1 << w.self));
                    w.setP(w.home(), World.STATE, World.RUNNING);
                    w.setP(w.home(), World.EPOCH, w.my(World.MY_EPOCH));
                    return w.go(Pc.G_OP);
                }
                if (w.exchange(World.SYSCALL, World.RUNNING) || w.has(Mistake.UNBLOCK_IGNORES_FAILURE)) {
                    return w.go(Pc.G_OP);
                }
                w.flag(World.HOLDS, false);
                w.my(World.MY_EPOCH, 0);
                w.set(World.TAKEN_IN_CALL, w.get(World.TAKEN_IN_CALL) & ~(1 << w.self));
                return w.go(Pc.UNMOUNT);
            }
            default -> { // UNMOUNT, on an M that holds no P
                if (w.get(World.LOCK) != 0) {
                    return false;
                }
                w.place(g, w.my(World.OP));
                w.set(World.STARTED, w.get(World.STARTED) & ~(1 << g));
                w.my(World.G, 0);
                w.my(World.OP, 0);
                Submitting.pushGlobal(w, g);
                w.drain();
                w.my(World.RETURN, Pc.LOSE.ordinal());
                return w.go(w.has(Mistake.UNMOUNT_WITHOUT_WAKE) ? Pc.LOSE : Pc.WAKE_SPINNING);
            }
        }
    }

    /** What the G waits for has happened: it is past this act. */
    private static boolean over(World w, int g) {
        int until = w.setting.gs.get(g - 1).get(w.my(World.OP)).what();
        if ((w.get(World.RAN) & until) != until) {
            return false;
        }
        w.my(World.OP, w.my(World.OP) + 1);
        return true;
    }

    /** What the kernel says of an M: asleep, and in no futex. */
    static boolean isBlocked(World w, int m) {
        Pc pc = m < 0 ? Pc.DONE : w.at(m);
        return pc == Pc.STALLED || pc == Pc.CALLING || pc == Pc.BLOCKED;
    }
}
