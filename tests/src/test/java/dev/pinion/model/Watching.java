package dev.pinion.model;

/** sysmon's look at what nobody was woken for, and its deep sleep. (Sysmon.look, retake, loop.) The P at hand is I. */
final class Watching {
    private Watching() {}

    static boolean step(World w, Pc pc) {
        int p = w.my(World.I);
        switch (pc) {
            case SYSMON_LOOK -> {
                w.my(World.RETURN, 0);
                w.flag(World.FOUND, w.size(World.GLOBAL) != 0);
                return w.go(Pc.SYSMON_P);
            }
            case SYSMON_P -> {
                int next = w.getP(p, World.NEXT);
                boolean stays = next != 0 && next == w.getP(p, World.SEEN_NEXT) && !w.has(Mistake.SYSMON_SEES_NO_RUNNEXT);
                boolean late = w.isDue(p) && (w.get(World.IDLE_BITS) & 1 << p) == 0 && !w.has(Mistake.SYSMON_SEES_NO_TIMERS);
                w.setP(p, World.SEEN_NEXT, next);
                if (w.size(w.ring(p)) != 0 || stays || late) {
                    w.flag(World.FOUND, true);
                }
                return w.go(Pc.SYSMON_SLICE);
            }
            case SYSMON_SLICE -> {
                if (!w.setting.slices || w.has(Mistake.SYSMON_TAKES_NOTHING)) {
                    return nextP(w, p);
                }
                boolean runs = w.has(Mistake.SYSMON_PASSES_CALLS) ? w.getP(p, World.STATE) == World.RUNNING : w.isBusy(p);
                boolean others = w.getP(p, World.NEXT) != 0 || w.size(w.ring(p)) != 0 || w.isDue(p)
                        || w.size(World.GLOBAL) != 0 && w.get(World.IDLE_COUNT) == 0;
                boolean still = runs && w.getP(p, World.SEEN_EPOCH) == w.getP(p, World.EPOCH);
                w.setP(p, World.SEEN_EPOCH, runs ? w.getP(p, World.EPOCH) : 0);
                if (still && others && w.choose(2) == 1) {
                    w.my(World.X, w.getP(p, World.STATE));
                    return w.go(Pc.SYSMON_TAKE);
                }
                return nextP(w, p);
            }
            case SYSMON_TAKE -> {
                int epoch = w.take(p, w.getP(p, World.SEEN_EPOCH), w.my(World.X));
                w.my(World.X, 0);
                w.setP(p, World.SEEN_EPOCH, 0);
                if (epoch == 0) {
                    return nextP(w, p);
                }
                w.my(World.T, p);
                w.my(World.T_EPOCH, epoch);
                w.my(World.I, 0);
                w.flag(World.FOUND, false);
                w.my(World.RETURN, Pc.SYSMON_LOOK.ordinal());
                return w.go(Pc.HAND_OFF);
            }
            case SYSMON_ANY -> {
                boolean wanted = w.flag(World.FOUND) && w.get(World.IDLE_COUNT) != 0 && w.get(World.SPINNING) == 0;
                w.flag(World.FOUND, false);
                w.my(World.RETURN, Pc.SYSMON_LOOK.ordinal());
                return w.go(wanted ? Pc.WAKE_SPINNING : Pc.SYSMON_SLEEP);
            }
            case SYSMON_SLEEP -> {
                w.my(World.RETURN, 0);
                if (w.get(World.IDLE_COUNT) < w.get(World.PROCS)) {
                    return w.go(Pc.SYSMON_LOOK);
                }
                return w.go(Pc.SYSMON_SAY);
            }
            case SYSMON_SAY -> {
                w.set(World.DEEP, 1);
                return w.go(w.has(Mistake.SYSMON_SLEEPS_AT_ONCE) ? Pc.SYSMON_DEEP : Pc.SYSMON_AGAIN);
            }
            case SYSMON_AGAIN -> {
                return w.get(World.IDLE_COUNT) < w.get(World.PROCS) ? awake(w) : w.go(Pc.SYSMON_DEEP);
            }
            default -> { // SYSMON_DEEP: until it is woken; that a second ends it too is a help that does not count
                return w.my(World.FUTEX) != 0 && awake(w);
            }
        }
    }

    private static boolean nextP(World w, int p) {
        int next = p + 1 == w.setting.ps ? 0 : p + 1;
        w.my(World.I, next);
        return w.go(next == 0 ? Pc.SYSMON_ANY : Pc.SYSMON_P);
    }

    private static boolean awake(World w) {
        w.my(World.FUTEX, 0);
        w.set(World.DEEP, 0);
        return w.go(Pc.SYSMON_LOOK);
    }
}
