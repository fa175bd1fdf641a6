package dev.pinion.model;

import dev.pinion.model.Setting.Op;

/** An M: sleep, find, run. (M, FindRunnable, Stealing.) */
final class Running {
    private Running() {}

    /** @return false: it cannot go on now */
    static boolean step(World w, Pc pc) {
        return switch (pc) {
            case LOOK_FUTEX, FUTEX_WAIT, ASLEEP, TIMEOUT_TICKET -> sleep(w, pc);
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
                if (w.my(World.FUTEX) == 0) {
                    return w.go(Pc.FUTEX_WAIT);
                }
                w.my(World.FUTEX, 0);
                w.flag(World.DUTY, false);
                w.flag(World.OFFERED, false);
                w.flag(World.HOLDS, true);
                w.flag(World.SPINS, w.my(World.OFFERED_SPIN) != 0);
                w.my(World.MY_EPOCH, w.my(World.OFFERED_EPOCH));
                w.my(World.OFFERED_EPOCH, 0);
                w.my(World.OFFERED_SPIN, 0);
                w.mustOwn(home, w.my(World.MY_EPOCH));
                return w.go(Pc.FIND_RETIRED);
            }
            case FUTEX_WAIT -> {
                return w.go(w.my(World.FUTEX) == 0 ? Pc.ASLEEP : Pc.LOOK_FUTEX);
            }
            case ASLEEP -> {
                if (!w.flag(World.DUTY) || w.get(World.TIMEOUTS) == 0) {
                    return false;
                }
                w.optional = true;
                w.set(World.TIMEOUTS, w.get(World.TIMEOUTS) - 1);
                return w.go(Pc.TIMEOUT_TICKET);
            }
            default -> {
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
                    return w.go(Pc.FIND_NEXT);
                }
                w.my(World.T, home);
                w.my(World.T_EPOCH, w.my(World.MY_EPOCH));
                return w.go(w.flag(World.SPINS) ? Pc.RETIRE_LOWER : Pc.RETIRE_NEXT);
            }
            case FIND_NEXT -> {
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
                return batch(w, true, Pc.FIND_SEARCH);
            }
            case FIND_SEARCH -> {
                w.my(World.I, 0);
                if (w.get(World.PROCS) <= 1) {
                    return w.go(Pc.IDLE_OFFER);
                }
                if (w.flag(World.SPINS)) {
                    return w.go(Pc.FIND_STEAL);
                }
                return w.go(w.setting.alwaysSearches || w.choose(2) == 0 ? Pc.FIND_RAISE : Pc.IDLE_OFFER); // "as many as are worth it"
            }
            case FIND_RAISE -> {
                w.spinning(1);
                w.flag(World.SPINS, true);
                return w.go(Pc.FIND_STEAL);
            }
            case FIND_STEAL -> {
                return steal(w);
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
                return batch(w, false, Pc.IDLE_OFFER);
            }
            case FOUND_LOWER -> {
                w.spinning(-1);
                w.flag(World.SPINS, false);
                w.my(World.RETURN, Pc.RUN.ordinal());
                return w.go(w.has(Mistake.NO_CHAIN) ? Pc.RUN : Pc.WAKE_SPINNING);
            }
            default -> { // RUN
                w.mustOwn(home, w.my(World.MY_EPOCH));
                int bit = 1 << w.my(World.G);
                if ((w.get(World.STARTED) & bit) != 0) {
                    throw new Violation("G" + w.my(World.G) + " runs twice");
                }
                w.set(World.STARTED, w.get(World.STARTED) | bit);
                w.my(World.RETURN, 0);
                w.storeWord(home, w.my(World.MY_EPOCH), World.RUNNING);
                return w.go(Pc.G_OP);
            }
        }
    }

    private static boolean found(World w, int g, Pc otherwise) {
        if (g == 0) {
            return w.go(otherwise);
        }
        w.my(World.G, g);
        return w.go(w.flag(World.SPINS) ? Pc.FOUND_LOWER : Pc.RUN);
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
            return w.go(Pc.FIND_PEEK_NEXT);
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
            case COMPUTE -> {
                if ((w.get(World.RAN) & op.what()) != op.what()) {
                    return false;
                }
                w.my(World.OP, at + 1);
                return true;
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
