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
    enum Start { ASLEEP, ON_DUTY, POLLING, SEARCHING, RUNNING, UNBORN }

    enum Kind { M, BIRTHS, TAKER, CLOCK, SYSMON, TRIPWIRE, NETWORK, RESIZER, SUBMITTER }

    /** What a G does, one after another; then it ends. */
    enum Act { SUBMIT, TIMER, COMPUTE, BLOCK, CALL, STALL, READ }

    /** @param what the G submitted or to be woken by a timer, or the bits of the Gs that must have run before the act is over */
    record Op(Act act, int what) {}

    record Machine(int home, Start start, int g) {}

    /** A deadline that comes at some moment. */
    static final int EARLY = 1;

    /** A deadline in another age of the world: who sleeps until then sleeps for ever. */
    static final int LATE = 2;

    final int ps;
    final List<Machine> machines = new ArrayList<>();
    final List<List<Op>> gs = new ArrayList<>();
    final List<int[]> submitters = new ArrayList<>();
    final Set<Mistake> mistakes = EnumSet.noneOf(Mistake.class);
    int[] sizes = {};
    int takes;
    int takenP;
    final int[] armed;
    int[] queued = {};
    boolean sysmon;
    boolean slices;
    boolean tripwire;
    boolean freshHints;
    boolean runsOn;
    int watchedP;
    boolean alwaysSearches;
    boolean announcesAll;
    boolean impatient;
    boolean looksOften;

    /** The Gs that wait for a file descriptor of their own, once. As bits. */
    int readers;

    /** Those of them that wait already. */
    int parked;

    /** The Gs that only a timer makes runnable, as bits; and those of them whose deadline is {@link #LATE}. */
    int timed;

    int never;

    Setting(int ps) {
        this.ps = ps;
        armed = new int[ps];
    }

    /** An M that sleeps in its slot: the first one of an idle P, or a spare. */
    Setting sleeping(int p) {
        machines.add(new Machine(p, Start.ASLEEP, 0));
        return this;
    }

    /** The M that put an idle P to sleep, and waits for its first deadline. After {@link #armed}. */
    Setting dozing(int p) {
        machines.add(new Machine(p, Start.ON_DUTY, 0));
        return this;
    }

    /** The M that put an idle P to sleep, and sleeps in the epoll. After {@link #armed}. */
    Setting polling(int p) {
        machines.add(new Machine(p, Start.POLLING, 0));
        return this;
    }

    /** An M that has just been woken to search. */
    Setting searching(int p) {
        machines.add(new Machine(p, Start.SEARCHING, 0));
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
        for (Op op : ops) {
            readers |= op.act() == Act.READ ? 1 << gs.size() : 0;
        }
        return this;
    }

    /** The next G, which a timer with this deadline makes runnable once somebody has added it. */
    Setting timed(int deadline, Op... ops) {
        g(ops);
        timed |= 1 << gs.size();
        if (deadline == LATE) {
            never |= 1 << gs.size();
        }
        return this;
    }

    /** The next G, which waits for its file descriptor from the start. */
    Setting reader(Op... ops) {
        g(ops);
        readers |= 1 << gs.size();
        parked |= 1 << gs.size();
        return this;
    }

    /** The next G, which waits for a file descriptor that is never ready. */
    Setting waiter() {
        reader();
        never |= 1 << gs.size();
        return this;
    }

    /** The timer of this G is in the P's heap from the start. */
    Setting armed(int p, int g) {
        armed[p] |= 1 << g;
        return this;
    }

    /** These Gs are in the global queue from the start. */
    Setting queued(int... ids) {
        queued = ids;
        return this;
    }

    /** A thread without a P that submits these Gs, or adds their timers. */
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

    /** sysmon looks at the queues again and again, and sleeps deeply while every P is idle. */
    Setting sysmon() {
        sysmon = true;
        return this;
    }

    /** sysmon takes the P of a G that has run for a slice, too. */
    Setting slices() {
        slices = true;
        return this;
    }

    /** This P has a tripwire. */
    Setting tripwire(int p) {
        watchedP = p;
        tripwire = true;
        return this;
    }

    /** The tripwire wakes only who stands in the slot, or is just leaving it. Else any M of the P, asleep or not. */
    Setting freshHints() {
        freshHints = true;
        return this;
    }

    /** Back from an announced call without its P, a G runs on, as over a native frame. Else it unmounts or runs on. */
    Setting runningOn() {
        runsOn = true;
        return this;
    }

    /** No wake is skipped for a lone G, as is so with those of {@code go}. Else it may be or not. */
    Setting announcingAll() {
        announcesAll = true;
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

    /** A busy P may look at the network between any two Gs. Else it does only before it would go idle. */
    Setting lookingOften() {
        looksOften = true;
        return this;
    }

    /** Who sleeps in the epoll may wake for no reason but that a long time has passed. */
    Setting impatient() {
        impatient = true;
        return this;
    }

    boolean timers() {
        return timed != 0;
    }

    boolean net() {
        return readers != 0;
    }

    boolean isTimed(int g) {
        return (timed & 1 << g) != 0;
    }

    boolean has(Mistake mistake) {
        return mistakes.contains(mistake);
    }

    static Op submit(int g) {
        return new Op(Act.SUBMIT, g);
    }

    /** Adds the timer that makes this G runnable. */
    static Op timer(int g) {
        return new Op(Act.TIMER, g);
    }

    /** Keeps its P, computing, until these Gs have run. */
    static Op computeUntil(int... ids) {
        return new Op(Act.COMPUTE, bits(ids));
    }

    /** Blocks, announced, until these Gs have run. */
    static Op blockUntil(int... ids) {
        return new Op(Act.BLOCK, bits(ids));
    }

    /** In a call that seldom blocks, until these Gs have run. */
    static Op callUntil(int... ids) {
        return new Op(Act.CALL, bits(ids));
    }

    /** Blocks where nobody announced it, until these Gs have run. */
    static Op stallUntil(int... ids) {
        return new Op(Act.STALL, bits(ids));
    }

    /** Waits until its file descriptor is ready, which comes at some moment. */
    static Op read() {
        return new Op(Act.READ, 0);
    }

    private static int bits(int... ids) {
        int bits = 0;
        for (int id : ids) {
            bits |= 1 << id;
        }
        return bits;
    }

    // ---- the processes, numbered: Ms, births, taker, clock, sysmon, tripwire, network, resizer, submitters

    int births() {
        return machines.size();
    }

    int taker() {
        return machines.size() + 1;
    }

    int watch() {
        return machines.size() + 3;
    }

    int wire() {
        return machines.size() + 4;
    }

    int network() {
        return machines.size() + 5;
    }

    int resizer() {
        return machines.size() + 6;
    }

    int processes() {
        return machines.size() + 7 + submitters.size();
    }

    Kind kind(int process) {
        int n = process - machines.size();
        return n < 0 ? Kind.M : n >= 7 ? Kind.SUBMITTER : Kind.values()[n + 1];
    }

    String name(int process) {
        int m = machines.size();
        return switch (kind(process)) {
            case M -> "M" + process + " of P" + machines.get(process).home();
            case SUBMITTER -> "submitter " + (process - m - 7);
            case BIRTHS -> "sysmon's births";
            default -> kind(process).name().toLowerCase(java.util.Locale.ROOT);
        };
    }
}
