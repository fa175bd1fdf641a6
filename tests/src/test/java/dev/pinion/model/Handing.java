package dev.pinion.model;

/** A P changes its M. (HandOff, M.give, P.popIdle, Machines.request and serve.) Ends at RETURN. */
final class Handing {
    private Handing() {}

    static boolean step(World w, Pc pc) {
        int t = w.my(World.T);
        switch (pc) {
            case START_COUNT -> {
                w.count(-1);
                return w.go(w.flag(World.GIVE_SPIN) && w.has(Mistake.RAISE_AFTER_TICKET) ? Pc.START_RAISE : Pc.START_ACQUIRE);
            }
            case START_RAISE -> {
                w.spinning(1);
                return w.go(Pc.START_ACQUIRE);
            }
            case START_ACQUIRE -> {
                w.my(World.T_EPOCH, w.acquire(t));
                w.flag(World.STARTS, w.setting.sysmon);
                return w.go(Pc.POP_SLEEPER);
            }
            case HAND_OFF -> {
                w.mustOwn(t, w.my(World.T_EPOCH));
                int next = w.my(World.T_EPOCH) + (w.has(Mistake.TAKE_AND_HAND_OFF_KEEP_EPOCH) ? 0 : 1);
                w.my(World.T_EPOCH, next);
                w.storeWord(t, next, World.SCHED);
                return w.go(Pc.POP_SLEEPER);
            }
            case POP_SLEEPER -> {
                return pop(w, t, w.getP(t, World.SLEEPER) - 1, Pc.POP_ANY);
            }
            case POP_ANY -> {
                int slots = w.getP(t, World.SLOTS);
                int m = slots == 0 ? -1 : Integer.numberOfTrailingZeros(slots);
                return pop(w, t, m, w.self == w.setting.births() ? Pc.BIRTH_START : Pc.REQUEST);
            }
            case GIVE_FUTEX -> {
                w.drain();
                boolean polling = w.of(w.my(World.HAND), World.FUTEX) == World.POLLING;
                give(w, w.my(World.HAND), t);
                return w.go(polling && !w.has(Mistake.GIVER_WRITES_NO_EVENT) ? Pc.GIVE_EVENT : Pc.GIVE_WAKE);
            }
            case GIVE_EVENT -> {
                w.my(World.HAND, 0);
                w.set(World.WAKE_EVENT, 1);
                return given(w);
            }
            case GIVE_WAKE -> {
                int m = w.my(World.HAND);
                w.my(World.HAND, 0);
                if (w.at(m) == Pc.ASLEEP) {
                    w.of(m, World.PC, Pc.LOOK_FUTEX.ordinal());
                }
                return given(w);
            }
            case GIVEN_RAISE -> {
                w.spinning(1);
                return ended(w);
            }
            case REQUEST -> {
                w.drain();
                w.setP(t, World.WANTED, w.my(World.T_EPOCH));
                w.setP(t, World.WANTED_SPIN, w.flag(World.GIVE_SPIN) ? 1 : 0);
                w.setP(t, World.OWNER, w.setting.births() + 1);
                if (w.setting.sysmon) {
                    w.of(w.setting.watch(), World.FUTEX, 1);
                }
                return given(w);
            }
            case BIRTH_TAKE -> {
                return serve(w);
            }
            case BIRTH_START -> {
                for (int m = 0; m < w.setting.machines.size(); m++) {
                    if (w.setting.machines.get(m).home() == t && w.at(m) == Pc.UNBORN) {
                        give(w, m, t);
                        w.of(m, World.PC, Pc.LOOK_FUTEX.ordinal());
                        return given(w);
                    }
                }
                return w.go(Pc.REQUEST); // no thread to be had: tries again
            }
            default -> { // TAKE: at any time, or never
                if (w.get(World.TAKES) == 0 || !w.isBusy(w.setting.takenP)) {
                    return false;
                }
                w.optional = true;
                w.set(World.TAKES, w.get(World.TAKES) - 1);
                w.my(World.T, w.setting.takenP);
                w.my(World.T_EPOCH, w.take(w.setting.takenP));
                w.my(World.RETURN, Pc.TAKE.ordinal());
                return w.go(Pc.HAND_OFF);
            }
        }
    }

    private static boolean pop(World w, int p, int m, Pc otherwise) {
        if (m < 0 || (w.getP(p, World.SLOTS) & 1 << m) == 0) {
            return w.go(otherwise);
        }
        w.drain();
        w.setP(p, World.SLOTS, w.getP(p, World.SLOTS) & ~(1 << m));
        w.my(World.HAND, m);
        return w.go(Pc.GIVE_FUTEX);
    }

    private static void give(World w, int m, int p) {
        if ((w.of(m, World.FLAGS) & World.HOLDS) != 0) {
            throw new Violation(w.setting.name(m) + " is given a P while it runs");
        }
        w.of(m, World.OFFERED_EPOCH, w.my(World.T_EPOCH));
        w.of(m, World.OFFERED_SPIN, w.flag(World.GIVE_SPIN) ? 1 : 0);
        if (!w.has(Mistake.GIVEN_ONLY_TO_SLEEPERS) || w.of(m, World.FUTEX) == World.ASLEEP) {
            w.of(m, World.FUTEX, World.GIVEN);
        }
        w.setP(p, World.OWNER, m + 1);
    }

    private static boolean given(World w) {
        w.my(World.T_EPOCH, 0);
        return w.flag(World.GIVE_SPIN) && w.has(Mistake.RAISE_AFTER_WAKE) ? w.go(Pc.GIVEN_RAISE) : ended(w);
    }

    private static boolean ended(World w) {
        w.my(World.T, 0);
        boolean wake = w.flag(World.STARTS);
        w.flag(World.STARTS, false);
        w.flag(World.GIVE_SPIN, false);
        return wake ? w.go(Pc.WAKE_SYSMON) : w.goBack();
    }

    private static boolean serve(World w) {
        for (int p = 0; p < w.setting.ps; p++) {
            if (w.getP(p, World.WANTED) != 0) {
                w.my(World.T, p);
                w.my(World.T_EPOCH, w.getP(p, World.WANTED));
                w.flag(World.GIVE_SPIN, w.getP(p, World.WANTED_SPIN) != 0);
                w.setP(p, World.WANTED, 0);
                w.setP(p, World.WANTED_SPIN, 0);
                w.my(World.RETURN, Pc.BIRTH_TAKE.ordinal());
                return w.go(Pc.POP_SLEEPER);
            }
        }
        return false;
    }

    /** A G in an announced call. (HandOff.beforeBlock, afterBlock, BlockingCalls.end.) */
    static boolean block(World w, Pc pc) {
        int home = w.home();
        switch (pc) {
            case BLOCK_RETIRED -> {
                w.mustOwn(home, w.my(World.T_EPOCH));
                return w.go(w.getP(home, World.RETIRED) != 0 ? Pc.HAND_OFF : Pc.BLOCK_QUEUE);
            }
            case BLOCK_QUEUE -> {
                boolean empty = w.size(w.ring(home)) == 0 && w.getP(home, World.NEXT) == 0;
                if (w.has(Mistake.BLOCK_FORGETS_RUNNEXT)) {
                    empty = w.size(w.ring(home)) == 0;
                }
                return w.go(!empty ? Pc.HAND_OFF : w.setting.timers() ? Pc.BLOCK_TIMERS : w.setting.net() ? Pc.BLOCK_NET : Pc.BLOCK_WORD);
            }
            case BLOCK_TIMERS -> {
                return w.go(w.getP(home, World.TIMERS) != 0 ? Pc.HAND_OFF : w.setting.net() ? Pc.BLOCK_NET : Pc.BLOCK_WORD);
            }
            case BLOCK_NET -> {
                boolean lacks = Polling.lacksSleeper(w) && !w.has(Mistake.BLOCK_LEAVES_THE_NETWORK);
                return w.go(lacks ? Pc.HAND_OFF : Pc.BLOCK_WORD);
            }
            case BLOCK_WORD -> {
                w.mustOwn(home, w.my(World.T_EPOCH));
                w.setP(home, World.OWNER, 0);
                w.storeWord(home, w.my(World.T_EPOCH), World.IDLE);
                w.my(World.T_EPOCH, 0);
                return w.go(Pc.BLOCK_COUNT);
            }
            case BLOCK_COUNT -> {
                w.count(1);
                return w.go(Pc.BLOCK_BIT);
            }
            case BLOCK_BIT -> {
                w.setBit(home);
                return w.go(w.has(Mistake.BLOCK_WITHOUT_LOOK) ? Pc.BLOCKED : Pc.BLOCK_AGAIN);
            }
            case BLOCK_AGAIN -> {
                boolean timers = w.setting.timers() && !w.has(Mistake.BLOCK_WITHOUT_LOOK_AT_TIMERS);
                Pc net = w.setting.net() && !w.has(Mistake.BLOCK_LEAVES_THE_NETWORK) ? Pc.BLOCK_LOOK_NET : Pc.BLOCKED;
                return w.getP(home, World.RETIRED) != 0 ? w.go(Pc.BLOCK_TICKET)
                        : Idling.look(w, Pc.BLOCK_TICKET, timers ? Pc.BLOCK_LOOK_TIMERS : net);
            }
            case BLOCK_LOOK_TIMERS -> {
                return w.go(w.nextWhen(home) != 0 ? Pc.BLOCK_TICKET : w.setting.net() ? Pc.BLOCK_LOOK_NET : Pc.BLOCKED);
            }
            case BLOCK_LOOK_NET -> {
                return w.go(Polling.lacksSleeper(w) ? Pc.BLOCK_TICKET : Pc.BLOCKED);
            }
            case BLOCK_TICKET -> {
                w.my(World.RETURN, Pc.BLOCKED.ordinal());
                return w.tryTake(home) ? w.go(Pc.START_COUNT) : w.go(Pc.BLOCKED);
            }
            case BLOCKED -> {
                int until = w.setting.gs.get(w.my(World.G) - 1).get(w.my(World.OP)).what();
                if ((w.get(World.RAN) & until) != until) {
                    return false;
                }
                w.my(World.OP, w.my(World.OP) + 1);
                w.my(World.T, 0);
                w.my(World.RETURN, 0);
                boolean announced = w.flag(World.ANNOUNCED);
                boolean own = announced
                        && (w.has(Mistake.UNBLOCK_WITHOUT_TICKET) ? w.getP(home, World.STATE) == World.IDLE : w.tryTake(home));
                w.flag(World.ANNOUNCED, false);
                boolean unmounts = announced && !own && !w.setting.runsOn && w.choose(2) == 0; // not so over a native frame
                return w.go(own ? Pc.UNBLOCK_COUNT : unmounts ? Pc.UNMOUNT : Pc.G_OP);
            }
            case UNBLOCK_COUNT -> {
                w.count(-1);
                return w.go(Pc.UNBLOCK_ACQUIRE);
            }
            case UNBLOCK_ACQUIRE -> {
                w.hold(w.acquire(home));
                return w.go(Pc.UNBLOCK_RUN);
            }
            default -> { // UNBLOCK_RUN
                w.mustOwn(home, w.my(World.MY_EPOCH));
                w.storeWord(home, w.my(World.MY_EPOCH), World.RUNNING);
                return Submitting.wakeSysmon(w, Pc.G_OP);
            }
        }
    }
}
