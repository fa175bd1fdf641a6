package dev.pinion.demo;

import dev.pinion.terminal.Terminal;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Which P ran which G when. Each G writes its own row only, so they need no lock; the picture is drawn after all of them are over.
 */
final class Timeline {
    private static final int[] BACKGROUNDS = {41, 42, 43, 44, 45, 46, 101, 102, 104, 105};

    /** A span so many times the typical one was interrupted: Gs of one core share it, and in most of that time another one ran. */
    private static final int PREEMPTED = 4;

    private final long begin;
    private final int[][] ps;
    private final long[][] starts;
    private final long[][] ends;
    private final int[] used;
    private long typical;

    /** @param begin {@code System.nanoTime()} where the picture starts */
    Timeline(long begin, int gs, int spansOfEach) {
        this.begin = begin;
        ps = new int[gs][spansOfEach];
        starts = new long[gs][spansOfEach];
        ends = new long[gs][spansOfEach];
        used = new int[gs];
    }

    /** By one thread for each {@code g}. Times are {@code System.nanoTime()}. */
    void ran(int g, int p, long start, long end) {
        int i = used[g]++;
        ps[g][i] = p;
        starts[g][i] = start;
        ends[g][i] = end;
    }

    /** The P in a carrier's name, as {@code VirtualThread[#29]/runnable@pinion-P0-M1} has it; -1 where there is none. */
    static int numberOfP(String thread) {
        int at = thread.lastIndexOf("-P");
        int end = thread.indexOf("-M", at + 2);
        if (at < 0 || end < 0) {
            return -1;
        }
        try {
            return Integer.parseInt(thread, at + 2, end, 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /**
     * One line for each P; in a column stands the G that had most of that time, and a dot where no G ran.
     *
     * @param cpuOfP  what is known of it
     * @param nanos   how long it took, from {@code begin}
     * @param columns how many columns that is
     */
    String draw(int procs, Map<Integer, Integer> cpuOfP, long nanos, int columns, Terminal terminal) {
        StringBuilder out = new StringBuilder();
        typical = typicalSpan();
        double perColumn = Math.max(1, nanos) / (double) columns;
        for (int p = 0; p < procs; p++) {
            Integer cpu = cpuOfP.get(p);
            out.append(String.format("  %-14s ", "P" + p + (cpu == null || cpu < 0 ? "" : " on CPU " + cpu)));
            for (int column = 0; column < columns; column++) {
                int g = mostOf(p, begin + (long) (column * perColumn), begin + (long) ((column + 1) * perColumn));
                out.append(g < 0 ? terminal.paint(Terminal.DIM, ".")
                        : terminal.paint(BACKGROUNDS[g % BACKGROUNDS.length], Integer.toString(g % 10)));
            }
            out.append('\n');
        }
        return out.toString();
    }

    private long typicalSpan() {
        long[] spans = IntStream.range(0, used.length)
                .mapToObj(g -> IntStream.range(0, used[g]).mapToLong(i -> ends[g][i] - starts[g][i])).flatMapToLong(Function.identity())
                .sorted().toArray();
        return spans.length == 0 ? 0 : spans[spans.length / 2];
    }

    private int mostOf(int p, long from, long to) {
        int best = -1;
        long most = 0;
        long longest = PREEMPTED * typical;
        for (int g = 0; g < used.length; g++) {
            long time = 0;
            for (int i = 0; i < used[g]; i++) {
                if (ps[g][i] == p && ends[g][i] - starts[g][i] <= longest) {
                    time += Math.max(0, Math.min(to, ends[g][i]) - Math.max(from, starts[g][i]));
                }
            }
            if (time > most) {
                most = time;
                best = g;
            }
        }
        return best;
    }
}
