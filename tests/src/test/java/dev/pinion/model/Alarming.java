package dev.pinion.model;

import java.util.stream.IntStream;

/** A P's tripwire, and the M it wakes. (tripwire.c, M.taken, M.answersAlarm, Alarm.take; race 10.) The P is T, the word at hand T_EPOCH, X. */
final class Alarming {
    private Alarming() {}

    static boolean tripwire(World w, Pc pc) {
        int p = w.my(World.T);
        switch (pc) {
            case TRIP_LOOK -> {
                if (!w.isBusy(p)) {
                    return false;
                }
                w.my(World.T_EPOCH, w.getP(p, World.EPOCH));
                w.my(World.X, w.getP(p, World.STATE));
                return w.go(Pc.TRIP_PROOF);
            }
            case TRIP_PROOF -> {
                return Calling.isBlocked(w, w.getP(p, World.HOLDER) - 1) ? w.go(Pc.TRIP_AGAIN) : turned(w);
            }
            case TRIP_AGAIN -> {
                boolean same = w.getP(p, World.EPOCH) == w.my(World.T_EPOCH) && w.getP(p, World.STATE) == w.my(World.X);
                return same ? w.go(Pc.TRIP_ALARM) : turned(w);
            }
            case TRIP_ALARM -> {
                w.setP(p, World.ALARM_EPOCH, w.my(World.T_EPOCH));
                w.setP(p, World.ALARM_STATE, w.my(World.X));
                w.my(World.T_EPOCH, 0);
                w.my(World.X, 0);
                return w.go(Pc.TRIP_FUTEX);
            }
            case TRIP_FUTEX -> { // P.spare is a hint: it may name any M of the P, or none
                int[] ms = IntStream.range(0, w.setting.machines.size()).filter(m -> mayBeNamed(w, m, p)).toArray();
                int spare = w.choose(ms.length + 1);
                if (spare < ms.length && (w.of(ms[spare], World.FUTEX) == World.ASLEEP || w.has(Mistake.ALARM_OVER_GIVEN))) {
                    w.of(ms[spare], World.FUTEX, World.ALARM);
                    w.my(World.HAND, ms[spare]);
                    return w.go(Pc.TRIP_WAKE);
                }
                if (w.setting.sysmon) {
                    w.of(w.setting.watch(), World.FUTEX, 1);
                }
                return turned(w);
            }
            default -> { // TRIP_WAKE
                int m = w.my(World.HAND);
                w.my(World.HAND, 0);
                if (w.at(m) == Pc.ASLEEP) {
                    w.of(m, World.PC, Pc.LOOK_FUTEX.ordinal());
                }
                return turned(w);
            }
        }
    }

    private static boolean mayBeNamed(World w, int m, int p) {
        boolean offered = (w.of(m, World.FLAGS) & World.OFFERED) != 0;
        return w.setting.machines.get(m).home() == p && w.at(m) != Pc.UNBORN && (offered || !w.setting.freshHints);
    }

    private static boolean turned(World w) {
        w.my(World.T_EPOCH, 0);
        w.my(World.X, 0);
        return w.go(Pc.TRIP_LOOK);
    }

    static boolean answer(World w, Pc pc) {
        int home = w.home();
        switch (pc) {
            case ALARM_SEEN -> {
                w.drain();
                if (w.my(World.FUTEX) != World.ALARM && !w.has(Mistake.ALARM_CLEARED_BY_STORE)) {
                    return w.go(Pc.LOOK_FUTEX);
                }
                w.my(World.FUTEX, World.ASLEEP);
                return w.go(w.flag(World.OFFERED) ? Pc.ALARM_WITHDRAW : Pc.LOOK_FUTEX);
            }
            case ALARM_WITHDRAW -> {
                w.drain();
                int slots = w.getP(home, World.SLOTS);
                if ((slots & 1 << w.self) == 0 && !w.has(Mistake.ALARM_IGNORES_GIVER)) {
                    return w.go(Pc.LOOK_FUTEX); // a giver has it
                }
                if (!w.has(Mistake.ALARM_WITHOUT_WITHDRAWAL)) {
                    w.setP(home, World.SLOTS, slots & ~(1 << w.self));
                    w.flag(World.OFFERED, false);
                }
                return w.go(Pc.ALARM_READ);
            }
            case ALARM_READ -> {
                w.my(World.T, home);
                w.my(World.T_EPOCH, w.getP(home, World.ALARM_EPOCH));
                w.my(World.X, w.getP(home, World.ALARM_STATE));
                return w.my(World.T_EPOCH) == 0 ? falseAlarm(w) : w.go(Pc.ALARM_CLEAR);
            }
            case ALARM_CLEAR -> {
                w.setP(home, World.ALARM_EPOCH, 0);
                w.setP(home, World.ALARM_STATE, 0);
                return w.go(Pc.ALARM_PROOF);
            }
            case ALARM_PROOF -> {
                return Calling.isBlocked(w, w.getP(home, World.HOLDER) - 1) ? w.go(Pc.ALARM_TAKE) : falseAlarm(w);
            }
            case ALARM_TAKE -> {
                int epoch = w.has(Mistake.ALARM_TAKES_BLINDLY) ? w.take(home) : w.take(home, w.my(World.T_EPOCH), w.my(World.X));
                if (epoch == 0) {
                    return falseAlarm(w);
                }
                forget(w);
                w.flag(World.DUTY, false);
                w.hold(epoch);
                return w.go(Pc.FIND_RETIRED);
            }
            default -> { // ALARM_OFFER: the futex word may say ALARM again, and stays
                w.drain();
                w.setP(home, World.SLOTS, w.getP(home, World.SLOTS) | 1 << w.self);
                w.flag(World.OFFERED, true);
                return w.go(Pc.LOOK_FUTEX);
            }
        }
    }

    private static boolean falseAlarm(World w) {
        forget(w);
        return w.go(w.has(Mistake.ALARM_FORGETS_THE_OFFER) ? Pc.LOOK_FUTEX : Pc.ALARM_OFFER);
    }

    private static void forget(World w) {
        w.my(World.T, 0);
        w.my(World.T_EPOCH, 0);
        w.my(World.X, 0);
    }
}
