package dev.pinion.model;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is explored: so many Ps and Ms, what the Gs do, who else acts, and which mistakes the protocol has. Ps, Ms and Gs are named by
 * numbers; Gs count from 1.
 */
final class Setting {
    /** What an M does at the start. */
    enum Start { ASLEEP, RUNNING, UNBORN }

    enum Kind { M, BIRTHS, TAKER, RESIZER, SUBMITTER }

    /** What a G does, one after another; then it ends. */
    enum Act { SUBMIT, COMPUTE, BLOCK }

    /** @param what the G submitted, or the bits of the Gs that must have run before the act is over */
    record Op(Act act, int what) {}

    record Machine(int home, Start start, int g) {}

    final int ps;
    final List<Machine> machines = new ArrayList<>();
    final List<List<Op>> gs = new ArrayList<>();
    final List<int[]> submitters = new ArrayList<>();
    final Set<Mistake> mistakes = EnumSet.noneOf(Mistake.class);
    int[] sizes = {};
    int takes;
    int takenP;
    int timeouts;
    boolean alwaysSearches;

    Setting(int ps) {
        this.ps = ps;
    }

    /** An M that sleeps in its slot: the first one of an idle P, or a spare. */
    Setting sleeping(int p) {
        machines.add(new Machine(p, Start.ASLEEP, 0));
        return this;
    }

    /** An M that has just begun a G on its P. */
    Setting running(int p, int g) {
        machines.add(new Machine(p, Start.RUNNING, g));
        return this;
    }

    /** An M that may be born for this P. */
    Setting unborn(int p) {
        machines.add(new Machine(p, Start.UNBORN, 0));
        return this;
    }

    /** The next G. */
    Setting g(Op... ops) {
        gs.add(List.of(ops));
        return this;
    }

    /** A thread without a P that submits these Gs. */
    Setting submitter(int... ids) {
        submitters.add(ids);
        return this;
    }

    /** A thread that may take a P from the M that runs on it, at any time, so many times at most. */
    Setting taker(int p, int times) {
        takenP = p;
        takes = times;
        return this;
    }

    /** A thread that sets GOMAXPROCS to one after another. */
    Setting resizes(int... to) {
        sizes = to;
        return this;
    }

    /** A sleeper on timer duty may wake by itself, so many times in all. */
    Setting timeouts(int times) {
        timeouts = times;
        return this;
    }

    /** Ms with nothing to run always look at the other Ps. Else they may or may not, whatever the counts of Ms say. */
    Setting alwaysSearching() {
        alwaysSearches = true;
        return this;
    }

    Setting with(Mistake mistake) {
        mistakes.add(mistake);
        return this;
    }

    boolean has(Mistake mistake) {
        return mistakes.contains(mistake);
    }

    static Op submit(int g) {
        return new Op(Act.SUBMIT, g);
    }

    /** Keeps its P, computing, until these Gs have run. */
    static Op computeUntil(int... ids) {
        return new Op(Act.COMPUTE, bits(ids));
    }

    /** Blocks, announced, until these Gs have run. */
    static Op blockUntil(int... ids) {
        return new Op(Act.BLOCK, bits(ids));
    }

    private static int bits(int... ids) {
        int bits = 0;
        for (int id : ids) {
            bits |= 1 << id;
        }
        return bits;
    }

    // ---- the processes, numbered: Ms, births, taker, resizer, submitters

    int births() {
        return machines.size();
    }

    int taker() {
        return machines.size() + 1;
    }

    int resizer() {
        return machines.size() + 2;
    }

    int processes() {
        return machines.size() + 3 + submitters.size();
    }

    Kind kind(int process) {
        int n = process - machines.size();
        return n < 0 ? Kind.M : n >= 3 ? Kind.SUBMITTER : Kind.values()[n + 1];
    }

    String name(int process) {
        int m = machines.size();
        return switch (kind(process)) {
            case M -> "M" + process + " of P" + machines.get(process).home();
            case SUBMITTER -> "submitter " + (process - m - 3);
            case BIRTHS -> "sysmon's births";
            default -> kind(process).name().toLowerCase(java.util.Locale.ROOT);
        };
    }
}
