package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.cpu.AffinityMask;
import dev.pinion.cpu.HostFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class NoiseCheckTest {
    private static final List<Integer> CPUS = List.of(0, 1);

    /** The machine's pace: time of the loop by CPU. */
    private final Map<Integer, Double> pace = new HashMap<>(Map.of(0, 10.0, 1, 20.0));
    private final Calibration calibration = new Calibration(pace::get);
    private int runs;
    private long now;

    /** A run of a second. */
    private Sample sample() {
        now += 1_000_000_000L;
        return new Sample(Map.of("op", (double) ++runs), null, Double.NaN, "");
    }

    @Test
    void eachCpuIsComparedWithItself() {
        assertTrue(calibration.isSteady(CPUS));
        pace.put(1, 20.9);
        assertTrue(calibration.isSteady(CPUS), "4.5 %");
        pace.put(1, 21.1);
        assertFalse(calibration.isSteady(CPUS), "5.5 %");
        assertTrue(calibration.isSteady(List.of(0)));
        pace.put(1, 18.9);
        assertFalse(calibration.isSteady(CPUS), "a faster clock is another machine, too");
    }

    @Test
    void aRunBesideWhichTheMachineDriftedIsRepeated() throws Exception {
        NoiseCheck noise = new NoiseCheck(calibration, 100, () -> now);
        Sample kept = noise.run(CPUS, () -> {
            pace.put(0, runs == 0 ? 12.0 : 10.0);
            return sample();
        });
        // The first ended at another pace, and the second began at it.
        assertEquals(3.0, kept.metrics().get("op"));
        assertEquals(new NoiseCheck.Repeats(2, 0), noise.takeRepeats());
        assertEquals(new NoiseCheck.Repeats(0, 0), noise.takeRepeats());
    }

    @Test
    void afterTwoRepeatsTheRunCountsAndIsSaidToHaveDrifted() throws Exception {
        NoiseCheck noise = new NoiseCheck(calibration, 100, () -> now);
        assertTrue(calibration.isSteady(CPUS));
        pace.put(0, 12.0);
        assertEquals(3.0, noise.run(CPUS, this::sample).metrics().get("op"));
        assertEquals(new NoiseCheck.Repeats(2, 1), noise.takeRepeats());
    }

    @Test
    void repeatsEndWithTheirTime() throws Exception {
        NoiseCheck noise = new NoiseCheck(calibration, 1.5, () -> now);
        assertTrue(calibration.isSteady(CPUS));
        pace.put(0, 12.0);
        noise.run(CPUS, this::sample);
        assertEquals(new NoiseCheck.Repeats(1, 1), noise.takeRepeats());
    }

    @Test
    void aRunBesideWhichNoCpuIsTimedIsSaidToBeUnchecked() throws Exception {
        NoiseCheck noise = new NoiseCheck(calibration, 100, () -> now);
        assertEquals(1.0, noise.run(List.of(), this::sample).metrics().get("op"));
        NoiseCheck.Repeats repeats = noise.takeRepeats();
        assertEquals(new NoiseCheck.Repeats(0, 0, 1), repeats);
        assertEquals(0, noise.takeRepeats().unchecked());
        Results results = Made.results(new Line(Made.line("yield", "op", 0, 1, 1, 1).rows(), repeats));
        assertEquals("No run that was checked was repeated. Not checked: 1 runs, since every CPU of theirs had a hog.", results.noiseSentence());
        assertFalse(Made.results(Made.line("yield", "op", 0, 1, 1, 1)).noiseSentence().contains("hecked"));
    }

    @Test
    void theRealLoopTakesItsTime() throws Exception {
        int cpu = CpuSet.allowed(HostFiles.ofThisMachine()).getLast();
        assertTrue(new Calibration.Loop().applyAsDouble(cpu) > 100_000, "not even a tenth of a millisecond");
    }

    @Test
    void theRealLoopRunsOnTheCpuItIsToldTo() throws Exception {
        HostFiles host = HostFiles.ofThisMachine();
        List<dev.pinion.cpu.CpuSet> ran = new CopyOnWriteArrayList<>();
        Calibration.Loop loop = new Calibration.Loop(() -> ran.add(AffinityMask.readOrEmpty(host, "thread-self")));
        List<dev.pinion.cpu.CpuSet> told = new ArrayList<>();
        for (int cpu : CpuSet.allowed(host)) {
            loop.applyAsDouble(cpu);
            told.add(dev.pinion.cpu.CpuSet.parseKernel(Integer.toString(cpu)));
        }
        assertEquals(told, ran);
    }
}
