package dev.pinion.bench;

import dev.pinion.bench.program.CpuMask;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * Whether the machine is what it was: a loop of fixed length, timed on each CPU of a run right before and right after it. A time more than
 * {@value #DRIFT_PERCENT} % from the median of all the session's times on that CPU means that something else had the core, or its clock
 * changed. Cores differ, so each is compared with itself.
 */
final class Calibration {

    private static final int DRIFT_PERCENT = 5;
    private static final double DRIFT = DRIFT_PERCENT / 100.0;

    /** Before the first verdict on a CPU there are so many times, for a median. */
    private static final int FIRST = 7;

    private final IntToDoubleFunction loop;
    private final Map<Integer, double[]> times = new HashMap<>();

    /** @param loop runs the loop on the CPU given and returns its time, in any unit */
    Calibration(IntToDoubleFunction loop) {
        this.loop = loop;
    }

    /** Runs the loop on all these CPUs and says whether none of them has drifted. One thread at a time. */
    boolean isSteady(List<Integer> cpus) {
        boolean steady = true;
        for (int cpu : cpus) {
            double[] before = times.computeIfAbsent(cpu, c -> first(c));
            double now = loop.applyAsDouble(cpu);
            steady &= Math.abs(now / Statistics.median(before) - 1) <= DRIFT;
            double[] all = Arrays.copyOf(before, before.length + 1);
            all[before.length] = now;
            times.put(cpu, all);
        }
        return steady;
    }

    private double[] first(int cpu) {
        double[] first = new double[FIRST];
        for (int i = 0; i < FIRST; i++) {
            first[i] = loop.applyAsDouble(cpu);
        }
        return first;
    }

    /** The real loop, some ten milliseconds of arithmetic, by a thread that is bound to the CPU for its time. */
    static final class Loop implements IntToDoubleFunction {
        private static final int STEPS = 5_000_000;
        private static final int WARM_UPS = 20;

        private final Runnable work;
        private long sink;

        Loop() {
            work = this::steps;
            for (int i = 0; i < WARM_UPS; i++) {
                work.run();
            }
        }

        /** @param work what is timed instead of the arithmetic */
        Loop(Runnable work) {
            this.work = work;
        }

        @Override
        public double applyAsDouble(int cpu) {
            double[] nanos = new double[1];
            BitSet cpus = new BitSet();
            cpus.set(cpu);
            // A thread of its own, which ends: nothing that is started later inherits its one CPU.
            Thread thread = Thread.ofPlatform().name("bench-calibration").start(() -> {
                CpuMask.of(cpus).bind();
                long started = System.nanoTime();
                work.run();
                nanos[0] = System.nanoTime() - started;
            });
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this", e);
            }
            if (nanos[0] == 0) {
                throw new IllegalStateException("no thread can be bound to CPU " + cpu);
            }
            return nanos[0];
        }

        private void steps() {
            long value = sink | 1;
            for (int i = 0; i < STEPS; i++) {
                value ^= value << 13;
                value ^= value >>> 7;
                value ^= value << 17;
            }
            sink = value;
        }
    }
}
