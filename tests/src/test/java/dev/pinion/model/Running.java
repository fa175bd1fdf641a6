package dev.pinion.model;

import dev.pinion.model.Setting.Op;

/** An M: sleep, find, run. (M, FindRunnable, Stealing.) */
final class Running {
    private Running() {}

    /** @return false: it cannot go on now */
    static boolean step(World w, Pc pc) {
        return switch (pc) {
            case LOOK_FUTEX, SLEEP_RETIRED, SLEEP_WHEN, FUTEX_WAIT, ASLEEP, TIMEOUT_TICKET -> sleep(w, pc);
            case G_OP -> act(w);
            case ENTER_STORE -> {
                w.setP(w.home(), World.STATE, World.SCHED);
                w.setP(w.home(), World.EPOCH, w.my(World.MY_EPOCH));
                yield w.go(Pc.SUBMIT_PUSH);
            }
            case G_END -> {
                w.my(World.G, 0);
                w.my(World.OP, 0);
                yield w.go(w.enter() ? Pc.FIND_RETIRED : Pc.LOSE);
            }
            case LOSE -> {
                offer(w);
                w.flag(World.DUTY, false);
                w.my(World.RETURN, 0);
                yield w.go(Pc.LOOK_FUTEX);
            }
            default -> find(w, pc);
        };
    }

    /** Clears the futex word and stands in the slot. */
    static void offer(World w) {
        w.drain();
        w.my(World.FUTEX, 0);
        w.setP(w.home(), World.SLOTS, w.getP(w.home(), World.SLOTS) | 1 << w.self);
        w.flag(World.OFFERED, true);
    }

    private static boolean sleep(World w, Pc pc) {
        int home = w.home();
        switch (pc) {
            case LOOK_FUTEX -> {
                w.my(World.DEADLINE, 0);
                if (w.my(World.FUTEX) == World.ALARM) {
                    return w.go(Pc.ALARM_SEEN);
                }
                if (w.my(World.FUTEX) == World.ASLEEP) {
                    boolean duty = w.flag(World.DUTY) && (w.setting.timers() || w.setting.net());
                    return duty ? w.go(Pc.SLEEP_RETIRED) : Polling.toFutex(w);
                }
                w.my(World.FUTEX, World.ASLEEP);
                w.flag(World.DUTY, false);
                w.flag(World.OFFERED, false);
                w.flag(World.LEAVES, false);
                w.hold(w.my(World.OFFERED_EPOCH));
                w.flag(World.SPINS, w.my(World.OFFERED_SPIN) != 0);
                w.my(World.OFFERED_EPOCH, 0);
                w.my(World.OFFERED_SPIN, 0);
                w.mustOwn(home, w.my(World.MY_EPOCH));
                return w.go(Pc.FIND_RETIRED);
            }
            case SLEEP_RETIRED -> {
                boolean another = w.setting.net() && w.getP(home, World.SLEEPER) != w.self + 1;
                if (w.getP(home, World.RETIRED) != 0 || another) {
                    w.flag(World.DUTY, false);
                    return Polling.toFutex(w);
                }
                return w.go(w.setting.timers() ? Pc.SLEEP_WHEN : Pc.NET_WAITS);
            }
            case SLEEP_WHEN -> {
                w.my(World.DEADLINE, w.has(Mistake.DEADLINE_READ_EARLY) ? w.my(World.X) : w.nextWhen(home));
                w.my(World.X, 0);
                boolean due = w.my(World.DEADLINE) == Setting.EARLY && w.get(World.CLOCK) == Setting.EARLY;
                return w.go(due ? Pc.TIMEOUT_TICKET : w.setting.net() ? Pc.NET_WAITS : Pc.FUTEX_WAIT);
            }
            case FUTEX_WAIT -> {
                return w.go(w.my(World.FUTEX) == World.ASLEEP ? Pc.ASLEEP : Pc.LOOK_FUTEX);
            }
            case ASLEEP -> {
                if (!w.flag(World.DUTY) || w.my(World.DEADLINE) != Setting.EARLY || w.get(World.CLOCK) != Setting.EARLY) {
                    return false;
                }
                return w.go(Pc.TIMEOUT_TICKET);
            }
            default -> {
                w.my(World.DEADLINE, 0);
                if (w.tryTake(home)) {
                    w.flag(World.FOUND, false);
                    return w.go(Pc.RESUME_COUNT);
                }
                w.flag(World.DUTY, false);
                return w.go(Pc.LOOK_FUTEX);
            }
        }
    }

    private static boolean find(World w, Pc pc) {
        int home = w.home();
        if (pc != Pc.RUN && pc != Pc.FOUND_LOWER) {
            w.mustOwn(home, w.my(World.MY_EPOCH));
        }
        switch (pc) {
            case FIND_RETIRED -> {
                if (w.getP(home, World.RETIRED) == 0) {
                    return w.go(w.setting.net() ? Pc.FIND_NET : w.setting.timers() ? Pc.FIND_TIMERS : Pc.FIND_NEXT);
                }
                w.my(World.T, home);
                w.my(World.T_EPOCH, w.my(World.MY_EPOCH));
                return w.go(w.flag(World.SPINS) ? Pc.RETIRE_LOWER : Pc.RETIRE_NEXT);
            }
            case FIND_TIMERS -> { // the clock is not read every time
                w.my(World.I, 0);
                if (!w.isDue(home) || w.choose(2) == 1) {
                    return w.go(Pc.FIND_NEXT);
                }
                w.my(World.T, home);
                w.my(World.RETURN, Pc.FIND_FIRED.ordinal());
                return w.go(Pc.FIRE_POP);
            }
            case FIND_FIRED -> {
                boolean wake = w.my(World.OP) > 1 && w.get(World.IDLE_COUNT) != 0;
                w.drain();
                w.my(World.OP, 0);
                w.my(World.RETURN, wake ? Pc.FIND_NEXT.ordinal() : 0);
                return w.go(wake ? Pc.WAKE_SPINNING : Pc.FIND_NEXT);
            }
            case FIND_NEXT -> {
                w.my(World.RETURN, 0);
                w.drain();
                int g = w.getP(home, World.NEXT);
                w.setP(home, World.NEXT, 0);
                return found(w, g, Pc.FIND_RING);
            }
            case FIND_RING -> {
                w.drain();
                return found(w, w.poll(w.ring(home)), Pc.FIND_GLOBAL);
            }
            case FIND_GLOBAL -> {
                return batch(w, true, w.flag(World.NET) ? Pc.FIND_NET_LAST : Pc.FIND_SEARCH);
            }
            case FIND_SEARCH -> {
                w.my(World.I, 0);
                if (w.get(World.PROCS) <= 1) {
                    return w.go(nothing(w));
                }
                if (w.flag(World.SPINS)) {
                    return w.go(Pc.FIND_STEAL);
                }
                return w.go(w.setting.alwaysSearches || w.choose(2) == 0 ? Pc.FIND_RAISE : nothing(w)); // "as many as are worth it"
            }
            case FIND_RAISE -> {
                w.spinning(1);
                w.flag(World.SPINS, true);
                return w.go(Pc.FIND_STEAL);
            }
            case FIND_STEAL -> {
                return steal(w);
            }
            case FIND_STEAL_TIMERS -> {
                if (!w.isDue(w.my(World.I))) {
                    return w.go(Pc.FIND_PEEK_NEXT);
                }
                w.my(World.T, w.my(World.I));
                w.my(World.RETURN, Pc.FIND_STOLEN_TIMERS.ordinal());
                return w.go(Pc.FIRE_POP);
            }
            case FIND_STOLEN_TIMERS -> {
                w.drain();
                w.my(World.RETURN, 0);
                w.my(World.OP, 0);
                int g = w.getP(home, World.NEXT);
                w.setP(home, World.NEXT, 0);
                if (g == 0) {
                    g = w.poll(w.ring(home));
                }
                if (g == 0) {
                    return w.go(Pc.FIND_PEEK_NEXT);
                }
                w.my(World.I, 0);
                return found(w, g, Pc.FIND_PEEK_NEXT);
            }
            case FIND_PEEK_NEXT -> {
                w.my(World.X, w.getP(w.my(World.I), World.NEXT));
                return w.my(World.X) != 0 ? w.go(Pc.FIND_STEAL_NEXT) : nextVictim(w);
            }
            case FIND_STEAL_NEXT -> {
                w.drain();
                int g = w.my(World.X);
                w.my(World.X, 0);
                if (w.getP(w.my(World.I), World.NEXT) != g) {
                    return nextVictim(w);
                }
                w.setP(w.my(World.I), World.NEXT, 0);
                w.my(World.I, 0);
                return found(w, g, Pc.FIND_STEAL);
            }
            case FIND_GLOBAL_LAST -> {
                return batch(w, false, nothing(w));
            }
            case FIND_DUE -> {
                return w.go(w.isDue(home) ? Pc.FIND_RETIRED : Pc.IDLE_OFFER);
            }
            case FOUND_LOWER -> {
                w.spinning(-1);
                w.flag(World.SPINS, false);
                if (w.has(Mistake.CHAIN_LOOKS_BEFORE_LOWERING)) {
                    boolean more = w.flag(World.FOUND);
                    w.flag(World.FOUND, false);
                    return chained(w, more);
                }
                return w.go(w.has(Mistake.NO_CHAIN) ? Pc.RUN : Pc.CHAIN_GLOBAL);
            }
            case CHAIN_GLOBAL -> {
                return w.size(World.GLOBAL) != 0 ? looked(w, true) : w.go(Pc.CHAIN_RING);
            }
            case CHAIN_RING -> {
                return w.size(w.ring(w.my(World.I))) != 0 ? looked(w, true) : w.go(Pc.CHAIN_NEXT);
            }
            case CHAIN_NEXT -> {
                int p = w.my(World.I);
                if (p != home && w.getP(p, World.NEXT) != 0 && !w.has(Mistake.CHAIN_WITHOUT_RUNNEXT)) {
                    return looked(w, true);
                }
                w.my(World.I, p + 1);
                return p + 1 == w.setting.ps ? looked(w, false) : w.go(Pc.CHAIN_RING);
            }
            default -> { // RUN
                w.mustOwn(home, w.my(World.MY_EPOCH));
                int bit = 1 << w.my(World.G);
                if ((w.get(World.STARTED) & bit) != 0) {
                    throw new Violation("G" + w.my(World.G) + " runs twice");
                }
                w.set(World.STARTED, w.get(World.STARTED) | bit);
                w.my(World.OP, w.place(w.my(World.G)));
                w.my(World.RETURN, 0);
                w.storeWord(home, w.my(World.MY_EPOCH), World.RUNNING);
                return w.go(Pc.G_OP);
            }
        }
    }

    static boolean found(World w, int g, Pc otherwise) {
        if (g == 0) {
            return w.go(otherwise);
        }
        w.my(World.G, g);
        return w.go(!w.flag(World.SPINS) ? Pc.RUN : w.has(Mistake.CHAIN_LOOKS_BEFORE_LOWERING) ? Pc.CHAIN_GLOBAL : Pc.FOUND_LOWER);
    }

    /** Sched.anyStealable has come to an end. */
    private static boolean looked(World w, boolean more) {
        w.my(World.I, 0);
        if (w.has(Mistake.CHAIN_LOOKS_BEFORE_LOWERING)) {
            w.flag(World.FOUND, more);
            return w.go(Pc.FOUND_LOWER);
        }
        return chained(w, more);
    }

    private static boolean chained(World w, boolean more) {
        w.my(World.RETURN, more ? Pc.RUN.ordinal() : 0);
        return w.go(more ? Pc.WAKE_SPINNING : Pc.RUN);
    }

    /** Where the search ends without a G. */
    private static Pc nothing(World w) {
        return w.setting.timers() ? Pc.FIND_DUE : Pc.IDLE_OFFER;
    }

    /** GlobalRunQueue.pollBatch or poll: the size is read without the lock. */
    private static boolean batch(World w, boolean share, Pc otherwise) {
        int n = w.size(World.GLOBAL);
        if (n == 0) {
            return w.go(otherwise);
        }
        w.drain();
        if (w.get(World.LOCK) != 0) {
            return false;
        }
        int g = w.poll(World.GLOBAL);
        for (int i = share ? n / w.get(World.PROCS) + 1 : 1; i > 1 && w.size(World.GLOBAL) > 0; i--) {
            w.append(w.ring(w.home()), w.poll(World.GLOBAL));
        }
        return found(w, g, otherwise);
    }

    private static boolean steal(World w) {
        w.drain();
        if (w.my(World.I) == w.home()) {
            return nextVictim(w);
        }
        int ring = w.ring(w.my(World.I));
        int n = w.size(ring);
        n -= n / 2;
        if (n == 0) {
            return w.go(w.setting.timers() ? Pc.FIND_STEAL_TIMERS : Pc.FIND_PEEK_NEXT);
        }
        for (int i = 1; i < n; i++) {
            w.append(w.ring(w.home()), w.poll(ring));
        }
        w.my(World.I, 0);
        return found(w, w.poll(ring), Pc.FIND_PEEK_NEXT);
    }

    private static boolean nextVictim(World w) {
        int next = w.my(World.I) + 1;
        w.my(World.I, next == w.setting.ps ? 0 : next);
        return w.go(next == w.setting.ps ? Pc.FIND_GLOBAL_LAST : Pc.FIND_STEAL);
    }

    /** The G's next act: its first access. */
    private static boolean act(World w) {
        if ((w.get(World.TAKEN_IN_CALL) & 1 << w.self) != 0) {
            throw new Violation("G" + w.my(World.G) + " runs on after a call in which its P was taken");
        }
        var script = w.setting.gs.get(w.my(World.G) - 1);
        int at = w.my(World.OP);
        if (at == script.size()) {
            w.set(World.RAN, w.get(World.RAN) | 1 << w.my(World.G));
            return w.go(Pc.G_END);
        }
        Op op = script.get(at);
        switch (op.act()) {
            case SUBMIT -> {
                w.my(World.OP, at + 1);
                w.my(World.X, op.what());
                w.my(World.RETURN, Pc.G_OP.ordinal());
                if (w.has(Mistake.ENTER_BY_STORE) && w.flag(World.HOLDS)) {
                    w.drain();
                    if (w.getP(w.home(), World.STATE) == World.RUNNING && w.getP(w.home(), World.EPOCH) == w.my(World.MY_EPOCH)) {
                        return w.go(Pc.ENTER_STORE);
                    }
                }
                return w.go(w.enter() ? Pc.SUBMIT_PUSH : Pc.FOREIGN_PUSH);
            }
            case TIMER -> {
                w.my(World.OP, at + 1);
                w.my(World.X, op.what());
                w.my(World.T, w.home());
                w.my(World.RETURN, Pc.G_OP.ordinal());
                return w.go(Pc.TIMER_ADD);
            }
            case COMPUTE -> {
                if ((w.get(World.RAN) & op.what()) != op.what()) {
                    return false;
                }
                w.my(World.OP, at + 1);
                return true;
            }
            case STALL -> {
                return w.go(Pc.STALLED);
            }
            case READ -> {
                return w.go(Pc.READ_COUNT);
            }
            case CALL -> {
                return w.go(w.exchange(World.RUNNING, World.SYSCALL) ? Pc.CALLING : Pc.STALLED);
            }
            default -> {
                if (!w.enter()) {
                    return w.go(Pc.BLOCKED);
                }
                w.flag(World.ANNOUNCED, true);
                w.flag(World.HOLDS, false);
                w.my(World.T, w.home());
                w.my(World.T_EPOCH, w.my(World.MY_EPOCH));
                w.my(World.MY_EPOCH, 0);
                w.my(World.RETURN, Pc.BLOCKED.ordinal());
                return w.go(Pc.BLOCK_RETIRED);
            }
        }
    }
}
