package dev.pinion.demo;

import dev.pinion.Pinion;
import dev.pinion.WaitGroup;
import dev.pinion.terminal.Terminal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The classic Go program: ten Gs on a WaitGroup, each of which sleeps 10 ms and then counts, timed with several GOMAXPROCS. It runs under
 * the agent; without it, {@link Pinion} starts a scheduler of its own at the first call.
 */
final class GoProgram {
    private static final int GS = 10;
    private static final int SLEEP_MILLIS = 10;
    private static final int STEPS = 10_000_000;

    /** How often a G looks which P it is on. */
    private static final int STEPS_OF_A_SPAN = 100_000;

    private static final int RUNS = 5;
    private static final int COLUMNS = 60;
    private static final Pattern CPU_OF_P = Pattern.compile("^\\s*P(\\d+):.*\\bcpu=(-?\\d+)", Pattern.MULTILINE);

    private final Terminal terminal = Terminal.of(1);

    /** The picture of the first run sets the scale of the others. */
    private double nanosPerColumn;

    private GoProgram() {}

    public static void main(String[] arguments) throws InterruptedException {
        new GoProgram().show();
    }

    private void show() throws InterruptedException {
        System.out.println("Default GOMAXPROCS: " + Pinion.gomaxprocs());
        System.out.println("NumCPU: " + Pinion.numCpu());
        System.out.printf(Locale.ROOT, "%d Gs, each sleeps %d ms and counts to %,d; the median of %d runs.%n",
                GS, SLEEP_MILLIS, STEPS, RUNS);
        System.out.println("A digit is a G, a dot a P that runs none.");
        int before = Pinion.gomaxprocs();
        for (int warmUp = 0; warmUp < 2; warmUp++) {
            run(before);
        }
        TreeSet<Integer> numbers = new TreeSet<>();
        numbers.add(1);
        numbers.add(4);
        numbers.add(Pinion.numCpu());
        for (int procs : numbers) {
            Run run = median(procs);
            double millis = run.nanos / 1e6;
            System.out.println();
            System.out.printf(Locale.ROOT, "With GOMAXPROCS=%d: %.1fms%n", procs, millis);
            System.out.print(draw(run, procs));
            System.out.flush();
        }
        Pinion.gomaxprocs(before);
    }

    private record Run(long nanos, Timeline timeline, Map<Integer, Integer> cpuOfP) {}

    /** One run alone would show what else the machine did at that moment. */
    private static Run median(int procs) throws InterruptedException {
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            runs.add(run(procs));
        }
        runs.sort(Comparator.comparingLong(Run::nanos));
        return runs.get(RUNS / 2);
    }

    private static Run run(int procs) throws InterruptedException {
        Pinion.gomaxprocs(procs);
        WaitGroup all = new WaitGroup();
        LongAdder total = new LongAdder();
        long begin = System.nanoTime();
        Timeline timeline = new Timeline(begin, GS, STEPS / STEPS_OF_A_SPAN);
        for (int g = 0; g < GS; g++) {
            int number = g;
            all.go(() -> total.add(sleepAndCount(number, timeline)));
        }
        all.await();
        long nanos = System.nanoTime() - begin;
        if (total.sum() != (long) GS * STEPS / 2) {
            throw new IllegalStateException("the Gs counted " + total.sum() + " odd numbers, not " + (long) GS * STEPS / 2);
        }
        return new Run(nanos, timeline, cpuOfP());
    }

    private static long sleepAndCount(int number, Timeline timeline) {
        try {
            Thread.sleep(SLEEP_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this G", e);
        }
        long count = 0;
        long start = System.nanoTime();
        for (int i = 0; i < STEPS; i += STEPS_OF_A_SPAN) {
            count += countOdd(i, i + STEPS_OF_A_SPAN);
            long end = System.nanoTime();
            timeline.ran(number, Timeline.numberOfP(Thread.currentThread().toString()), start, end);
            start = end;
        }
        return count;
    }

    private static long countOdd(int from, int to) {
        long count = 0;
        for (int i = from; i < to; i++) {
            count += i % 2;
        }
        return count;
    }

    private static Map<Integer, Integer> cpuOfP() {
        Map<Integer, Integer> cpus = new HashMap<>();
        Matcher matcher = CPU_OF_P.matcher(Pinion.scheduler().schedTraceDetail());
        while (matcher.find()) {
            cpus.put(Integer.valueOf(matcher.group(1)), Integer.valueOf(matcher.group(2)));
        }
        return cpus;
    }

    private String draw(Run run, int procs) {
        if (nanosPerColumn == 0) {
            nanosPerColumn = (double) run.nanos / COLUMNS;
        }
        // A run that took longer than the first, on a busy machine, is squeezed rather than wrapped.
        int columns = Math.clamp(Math.round(run.nanos / nanosPerColumn), 1, COLUMNS);
        return run.timeline.draw(procs, run.cpuOfP, run.nanos, columns, terminal);
    }
}
