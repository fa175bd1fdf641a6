package dev.pinion.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.compare.Comparison.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Made-up measurements of a program that takes 10 s on two cores. */
class ReasonsTest {
    private static final double[] EVEN = {1, 1.01, 0.99, 1, 1};
    private static final Trace BUSY = new Trace(100_000);

    private static List<String> reasons(double[] ratios, Sample.Use use, Trace trace) {
        List<Pair> pairs = new ArrayList<>();
        for (double ratio : ratios) {
            pairs.add(new Pair(new Sample(Map.of(Figure.WALL, use.wallNanos()), use), new Sample(Map.of(Figure.WALL, ratio * use.wallNanos()), use)));
        }
        return Reasons.of(pairs, trace, Report.main(Comparison.of(pairs)));
    }

    private static Sample.Use use(double cpu, double gc, double jit, double switches) {
        return new Sample.Use(10e9, cpu, gc, jit, switches, 2, Double.NaN);
    }

    private static void only(String part, List<String> reasons) {
        assertEquals(1, reasons.size(), reasons.toString());
        assertTrue(reasons.getFirst().contains(part), reasons.toString());
    }

    @Test
    void whatComputesHardlyBlocks() {
        only("it computes and hardly ever blocks: 100 context switches in a second of CPU time, and CPU time for 1.9 of 2 cores",
                reasons(EVEN, use(19e9, 0, 0, 1900), BUSY));
    }

    @Test
    void whatSwitchesMuchIsNotSaidToCompute() {
        assertEquals(List.of(), reasons(EVEN, use(19e9, 0, 0, 1_900_000), BUSY));
    }

    @Test
    void whatCollectsGarbageIsSaidTo() {
        only("50 % of the CPU time is the garbage collector's", reasons(EVEN, use(18e9, 9e9, 0, 180_000), BUSY));
    }

    @Test
    void whatIsCompiledMostOfTheTimeIsTooShort() {
        only("30 % of the CPU time is the JIT compiler's", reasons(EVEN, use(10e9, 0, 3e9, 100_000), BUSY));
    }

    @Test
    void whatUsesHardlyAnyCpuWaits() {
        only("it uses a CPU for 5 % of the time only", reasons(EVEN, use(0.5e9, 0, 0, 5000), BUSY));
    }

    @Test
    void aProgramWithoutVirtualThreadsIsToldSoWhateverTheOutcome() {
        only("hardly anything in virtual threads", reasons(EVEN, use(10e9, 0, 0, 100_000), new Trace(3)));
        only("hardly anything in virtual threads", reasons(new double[] {1.2, 1.2, 1.3, 1.2, 1.2}, use(10e9, 0, 0, 100_000), new Trace(3)));
    }

    @Test
    void withoutATraceNothingIsSaidOfVirtualThreads() {
        assertEquals(List.of(), reasons(EVEN, use(10e9, 0, 0, 100_000), null));
    }

    @Test
    void aClearDifferenceNeedsNoExcuse() {
        assertEquals(List.of(), reasons(new double[] {0.5, 0.5, 0.6, 0.5, 0.5}, use(19e9, 9e9, 0, 1900), BUSY));
    }

    @Test
    void aShortRunThatIsWorseHasAStartInIt() {
        only("Pinion's own start", reasons(new double[] {1.5, 1.5, 1.6, 1.5, 1.4}, new Sample.Use(0.3e9, 0.3e9, 0, 0, 3000, 2, Double.NaN), BUSY));
    }

    @Test
    void runsThatAreFarApartAreSaidToBe() {
        only("up to 2.0 times apart", reasons(new double[] {0.8, 1.6, 1.2, 1, 0.9}, use(10e9, 0, 0, 100_000), BUSY));
    }

    @Test
    void aGeneratorAtItsLimitIsSaidToBe() {
        only("load generator itself was at its limit", reasons(EVEN, new Sample.Use(10e9, 10e9, 0, 0, 100_000, 1, 0.97), BUSY));
    }
}
