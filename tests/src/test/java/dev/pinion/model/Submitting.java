package dev.pinion.model;

/** A G becomes runnable, and somebody is woken for it. (Submit, Sched.wake, IdlePs.takeAny.) */
final class Submitting {
    private Submitting() {}

    static boolean step(World w, Pc pc) {
        switch (pc) {
            case SUBMIT_PUSH -> {
                int home = w.home();
                w.mustOwn(home, w.my(World.MY_EPOCH));
                w.drain();
                int kicked = w.getP(home, World.NEXT);
                boolean lone = kicked == 0 && w.size(w.ring(home)) == 0;
                boolean skip = lone && !w.setting.announcesAll && w.choose(2) == 1; // P.skipLoneWake: either
                pushNext(w);
                return w.go(skip ? Pc.SUBMIT_LEAVE_ALONE : Pc.SUBMIT_PROCS);
            }
            case SUBMIT_PROCS -> {
                return w.go(w.get(World.PROCS) == 1 ? Pc.SUBMIT_LEAVE_ALONE : Pc.SUBMIT_LEAVE);
            }
            case SUBMIT_LEAVE_ALONE -> {
                w.mustOwn(w.home(), w.my(World.MY_EPOCH));
                w.storeWord(w.home(), w.my(World.MY_EPOCH), World.RUNNING);
                return w.goBack();
            }
            case SUBMIT_LEAVE -> {
                w.mustOwn(w.home(), w.my(World.MY_EPOCH));
                w.storeWord(w.home(), w.my(World.MY_EPOCH), World.RUNNING);
                if (!w.has(Mistake.SUBMIT_WITHOUT_FENCE)) {
                    w.drain();
                }
                return w.go(Pc.SUBMIT_ANY);
            }
            case SUBMIT_ANY -> {
                return w.get(World.IDLE_COUNT) == 0 ? w.goBack() : w.go(Pc.WAKE_SPINNING);
            }
            case SUBMITTER_NEXT -> {
                int[] gs = w.setting.submitters.get(w.self - w.setting.resizer() - 1);
                int at = w.my(World.OP);
                if (at == gs.length) {
                    w.my(World.RETURN, 0);
                    return w.go(Pc.DONE);
                }
                w.my(World.OP, at + 1);
                w.my(World.X, gs[at]);
                w.my(World.RETURN, Pc.SUBMITTER_NEXT.ordinal());
                if (w.setting.isTimed(gs[at])) {
                    w.my(World.T, 0);
                    return w.go(Pc.TIMER_ADD);
                }
                return push(w);
            }
            default -> { // FOREIGN_PUSH
                return push(w);
            }
        }
    }

    private static boolean push(World w) {
        if (w.get(World.LOCK) != 0) {
            return false;
        }
        pushGlobal(w, w.my(World.X));
        w.my(World.X, 0);
        if (!w.has(Mistake.SUBMIT_WITHOUT_FENCE)) {
            w.drain();
        }
        return w.go(Pc.WAKE_SPINNING);
    }

    /** LocalRunQueue.pushNext of the G in X. */
    static void pushNext(World w) {
        w.drain();
        int kicked = w.getP(w.home(), World.NEXT);
        w.setP(w.home(), World.NEXT, w.my(World.X));
        w.my(World.X, 0);
        if (kicked != 0) {
            w.storeRing(w.home(), kicked);
        }
    }

    /** GlobalRunQueue.push, with the lock free: taking it is an RMW, size and unlock are stores. */
    static void pushGlobal(World w, int g) {
        w.drain();
        w.set(World.LOCK, w.self + 1);
        w.storeGlobal(g);
    }

    /** Sched.wake. Ends at RETURN. */
    static boolean wake(World w, Pc pc) {
        switch (pc) {
            case WAKE_SPINNING -> {
                return w.get(World.SPINNING) != 0 ? w.goBack() : w.go(Pc.WAKE_ANY);
            }
            case WAKE_ANY -> {
                boolean late = w.has(Mistake.RAISE_AFTER_TICKET) || w.has(Mistake.RAISE_AFTER_WAKE);
                return w.get(World.IDLE_COUNT) == 0 ? w.goBack() : w.go(late ? Pc.WAKE_MASK : Pc.WAKE_RAISE);
            }
            case WAKE_RAISE -> {
                w.drain();
                if (w.get(World.SPINNING) != 0) {
                    return w.goBack();
                }
                w.spinning(1);
                return w.go(Pc.WAKE_MASK);
            }
            case WAKE_MASK -> {
                w.my(World.I, w.get(World.IDLE_BITS));
                return w.go(w.my(World.I) == 0 ? lower(w) : Pc.WAKE_TICKET);
            }
            case WAKE_TICKET -> {
                int p = Integer.numberOfTrailingZeros(w.my(World.I));
                if (w.has(Mistake.TICKET_BY_STORE)) {
                    w.drain();
                    boolean free = (w.get(World.IDLE_BITS) & 1 << p) != 0;
                    return free ? w.go(Pc.WAKE_TICKET_STORE) : lost(w, p);
                }
                return w.tryTake(p) ? won(w, p) : lost(w, p);
            }
            case WAKE_TICKET_STORE -> {
                int p = Integer.numberOfTrailingZeros(w.my(World.I));
                w.tryTake(p);
                return won(w, p);
            }
            case WAKE_LOWER -> {
                w.spinning(-1);
                return w.has(Mistake.NO_LOOK_AFTER_LOWERING) ? w.goBack() : w.go(Pc.WAKE_AGAIN);
            }
            case WAKE_SYSMON -> {
                if (w.get(World.DEEP) != 0 && !w.has(Mistake.SYSMON_SLEEPS_ON)) {
                    w.of(w.setting.watch(), World.FUTEX, 1);
                }
                return w.goBack();
            }
            default -> { // WAKE_AGAIN: the bits, not the count, which is up before the bit is and would make this a busy wait
                return w.get(World.IDLE_BITS) == 0 ? w.goBack() : w.go(Pc.WAKE_SPINNING);
            }
        }
    }

    /** Sysmon.wakeIfDeep, by who has made a P busy that was idle. */
    static boolean wakeSysmon(World w, Pc then) {
        if (!w.setting.sysmon) {
            return w.go(then);
        }
        w.my(World.RETURN, then.ordinal());
        return w.go(Pc.WAKE_SYSMON);
    }

    private static boolean won(World w, int p) {
        w.my(World.I, 0);
        w.my(World.T, p);
        w.flag(World.GIVE_SPIN, true);
        return w.go(Pc.START_COUNT);
    }

    private static boolean lost(World w, int p) {
        w.my(World.I, w.my(World.I) & ~(1 << p));
        return w.go(w.my(World.I) == 0 ? lower(w) : Pc.WAKE_TICKET);
    }

    private static Pc lower(World w) {
        boolean raised = !w.has(Mistake.RAISE_AFTER_TICKET) && !w.has(Mistake.RAISE_AFTER_WAKE);
        return raised ? Pc.WAKE_LOWER : Pc.WAKE_AGAIN;
    }
}
