package dev.pinion.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Visits every state that any interleaving reaches, breadth first, so that the first violation has a shortest trace. A violation is a
 * {@link Violation} thrown by a step, or a state from which no further steps lead to the end any more (optional steps do not count).
 */
final class Explorer {
    /** A process's step, or with this bit a flush of its store buffer. */
    private static final int FLUSH = 0x80;

    private final World w;
    private final int maxStates;
    private final Fingerprints seen = new Fingerprints();
    private final ArrayDeque<byte[]> frontier = new ArrayDeque<>();
    private final Ints parent = new Ints();
    private final Ints move = new Ints();
    private final Ints edgeFrom = new Ints();
    private final Ints edgeTo = new Ints();
    private final BitSet done = new BitSet();

    private Explorer(Setting setting, int maxStates) {
        w = new World(setting);
        this.maxStates = maxStates;
    }

    /** @param problem null when every promise was kept; else what was broken, with the trace */
    record Verdict(int states, String problem, List<String> trace) {
        @Override
        public String toString() {
            return problem == null ? states + " states, no violation" : problem + "\n" + String.join("\n", trace);
        }
    }

    static Verdict explore(Setting setting, int maxStates) {
        return new Explorer(setting, maxStates).run();
    }

    private Verdict run() {
        note(w.initial(), -1, 0);
        for (int from = 0; !frontier.isEmpty(); from++) {
            byte[] state = frontier.poll();
            for (int process = 0; process < w.setting.processes(); process++) {
                try {
                    expand(from, state, process);
                } catch (Violation v) {
                    List<String> trace = trace(from);
                    trace.add(line(process, state));
                    return new Verdict(seen.size(), v.getMessage(), trace);
                }
            }
            if (seen.size() > maxStates) {
                throw new IllegalStateException("more than " + maxStates + " states; make the setting smaller");
            }
        }
        int stuck = firstStuck();
        return stuck < 0 ? new Verdict(seen.size(), null, List.of()) : new Verdict(seen.size(), "it never ends", untilNothingMoves(stuck));
    }

    private void expand(int from, byte[] state, int process) {
        w.self = process;
        w.b = state;
        if (w.buffered()) {
            w.b = state.clone();
            w.flush();
            reached(from, process | FLUSH, false);
        }
        int choices = 1;
        for (int choice = 0; choice < choices; choice++) {
            if (step(state, process, choice)) {
                choices = w.choices;
                reached(from, process | choice << 8, w.optional);
            }
        }
    }

    private boolean step(byte[] state, int process, int choice) {
        w.b = state.clone();
        w.self = process;
        w.choice = choice;
        w.choices = 1;
        w.optional = false;
        return Protocol.step(w);
    }

    private void reached(int from, int how, boolean optional) {
        Epochs.canonical(w);
        int to = note(w.b, from, how);
        if (!optional && to != from) {
            edgeFrom.add(from);
            edgeTo.add(to);
        }
    }

    private int note(byte[] state, int from, int how) {
        int known = seen.add(state);
        if (known >= 0) {
            return known;
        }
        int number = seen.size() - 1;
        parent.add(from);
        move.add(how);
        frontier.add(state);
        w.b = state;
        done.set(number, w.done());
        return number;
    }

    /** The first state seen that cannot reach the end, or -1: backwards from all ends. */
    private int firstStuck() {
        int n = seen.size();
        int[] start = new int[n + 1];
        for (int i = 0; i < edgeTo.size(); i++) {
            start[edgeTo.get(i) + 1]++;
        }
        for (int i = 0; i < n; i++) {
            start[i + 1] += start[i];
        }
        int[] sources = new int[edgeTo.size()];
        int[] fill = start.clone();
        for (int i = 0; i < edgeTo.size(); i++) {
            sources[fill[edgeTo.get(i)]++] = edgeFrom.get(i);
        }
        int[] stack = new int[n];
        int top = 0;
        for (int i = done.nextSetBit(0); i >= 0; i = done.nextSetBit(i + 1)) {
            stack[top++] = i;
        }
        BitSet saved = (BitSet) done.clone();
        while (top > 0) {
            int to = stack[--top];
            for (int i = start[to]; i < start[to + 1]; i++) {
                if (!saved.get(sources[i])) {
                    saved.set(sources[i]);
                    stack[top++] = sources[i];
                }
            }
        }
        int first = saved.nextClearBit(0);
        return first < n ? first : -1;
    }

    // ---- traces: the moves are replayed

    private List<String> trace(int number) {
        ArrayDeque<Integer> moves = new ArrayDeque<>();
        for (int i = number; parent.get(i) >= 0; i = parent.get(i)) {
            moves.push(move.get(i));
        }
        List<String> lines = new ArrayList<>();
        byte[] state = w.initial();
        Epochs.canonical(w);
        for (int how : moves) {
            lines.add(line(how, state));
            state = replay(state, how);
        }
        w.b = state;
        return lines;
    }

    private byte[] replay(byte[] state, int how) {
        if ((how & FLUSH) != 0) {
            w.self = how & FLUSH - 1;
            w.b = state.clone();
            w.flush();
        } else {
            step(state, how & 0xff, how >> 8);
        }
        Epochs.canonical(w);
        return w.b;
    }

    /** The way to a stuck state, and on for as long as somebody makes a step that leads to a new state. */
    private List<String> untilNothingMoves(int stuck) {
        List<String> lines = trace(stuck);
        lines.add("  -- from here on it cannot end:");
        byte[] state = w.b;
        Fingerprints after = new Fingerprints();
        after.add(state);
        boolean moved = true;
        while (moved) {
            moved = false;
            for (int process = 0; process < w.setting.processes() && !moved; process++) {
                for (int how : new int[] {process | FLUSH, process}) {
                    w.self = process;
                    w.b = state;
                    boolean can = (how & FLUSH) != 0 ? w.buffered() : step(state, process, 0) && !w.optional;
                    if (!moved && can) {
                        byte[] next = replay(state, how);
                        if (after.add(next) < 0) {
                            lines.add(line(how, state));
                            state = next;
                            moved = true;
                        }
                    }
                }
            }
        }
        w.b = state;
        StringBuilder rest = new StringBuilder("  -- stands:");
        for (w.self = 0; w.self < w.setting.processes(); w.self++) {
            rest.append("  ").append(w.setting.name(w.self)).append(' ').append(Pc.of(w.my(World.PC)));
        }
        lines.add(rest.toString());
        return lines;
    }

    private String line(int how, byte[] before) {
        w.b = before;
        w.self = how & FLUSH - 1;
        String what = (how & FLUSH) != 0 ? "its oldest store becomes visible" : Pc.of(w.my(World.PC)).text;
        int g = w.my(World.G);
        String who = w.setting.name(w.self) + (g != 0 ? ", G" + g : "");
        return String.format("  %-16s %-46s | %s", who, what, Picture.of(w));
    }
}
