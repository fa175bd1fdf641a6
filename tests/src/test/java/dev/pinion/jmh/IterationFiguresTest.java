package dev.pinion.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.cpu.StealTime;
import dev.pinion.cpu.ThreadCounters;
import dev.pinion.cpu.Throttling;
import dev.pinion.jmh.IterationFigures.Snapshot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IterationFiguresTest {
    private static final long SECOND = 1_000_000_000;
    private static final long UNKNOWN = ThreadCounters.UNKNOWN;
    private static final ThreadCounters START = new ThreadCounters(10, 100, 1000, SECOND, 0);
    private static final Worker FIRST = new Worker("a.B.c-jmh-worker-1", 7, 2, START);
    private static final Worker SECOND_ONE = new Worker("a.B.c-jmh-worker-2", 8, 3, START);
    private static final Worker LOOSE = new Worker("a.B.c-jmh-worker-1", 7, Worker.NOT_PINNED, ThreadCounters.AT_BIRTH);

    private static Snapshot before(Map<Worker, ThreadCounters> workers) {
        return new Snapshot(5 * SECOND, 5 * SECOND + 1000, workers, new Throttling.Reading(4, 9000), new StealTime(50, 1000));
    }

    private static Snapshot after(Map<Worker, ThreadCounters> workers) {
        return new Snapshot(6 * SECOND - 1000, 6 * SECOND, workers, new Throttling.Reading(4, 9000), new StealTime(51, 1100));
    }

    private static ThreadCounters later(long migrations, long voluntary, long involuntary, long waitedNanos) {
        return new ThreadCounters(10 + migrations, 100 + voluntary, 1000 + involuntary, 2 * SECOND, waitedNanos);
    }

    private static List<String> doubtsOf(Worker worker, ThreadCounters to) {
        return IterationFigures.between(before(Map.of(worker, START)), after(Map.of(worker, to))).doubts();
    }

    @Test
    void workersAreAddedUpAndTheWorstOneCounts() {
        IterationFigures figures = IterationFigures.between(before(Map.of(FIRST, START, SECOND_ONE, START)),
                after(Map.of(FIRST, later(0, 5, 6, SECOND / 1000), SECOND_ONE, later(0, 7, 8, SECOND / 100))));
        assertEquals(new IterationFigures(0, 12, 14, 1, 0, 0, 1, List.of(), List.of()), figures, "one percent is tolerated");
    }

    @Test
    void aWorkerKeptFromItsCoreIsADoubt() {
        assertEquals(List.of("worker-1 was kept from CPU 2 for 1.1 % of the iteration"), doubtsOf(FIRST, later(0, 0, 9, 11 * SECOND / 1000)));
        assertEquals(List.of("worker-1 was kept from every CPU for 50.0 % of the iteration"), doubtsOf(LOOSE, later(9, 0, 9, SECOND / 2)));
    }

    @Test
    void onlyAPinnedWorkerMustNotMigrate() {
        assertEquals(List.of("worker-1 left CPU 2, to which it was pinned"), doubtsOf(FIRST, later(1, 0, 0, 0)));
        assertEquals(List.of(), doubtsOf(LOOSE, later(1, 0, 0, 0)));
    }

    @Test
    void throttlingAndStealAreDoubts() {
        Snapshot end = after(Map.of(FIRST, START));
        assertEquals(List.of("a CPU quota withheld 3.5 ms of CPU time, all CPUs together", "the hypervisor took 1.1 % of the CPUs' time"),
                IterationFigures.between(before(Map.of(FIRST, START)), new Snapshot(end.begun(), end.ended(), end.workers(),
                        new Throttling.Reading(5, 12_500), new StealTime(61, 2000))).doubts());
    }

    @Test
    void aWorkerBornInTheIterationIsCountedFromItsBirth() {
        IterationFigures figures = IterationFigures.between(before(Map.of()), after(Map.of(FIRST, later(0, 5, 6, 0))));
        assertEquals(5, figures.voluntary());
        assertEquals(List.of(), figures.doubts());
        assertEquals(List.of(), figures.unknown());
        assertEquals(105, IterationFigures.between(before(Map.of()), after(Map.of(LOOSE, later(0, 5, 6, 0)))).voluntary());
    }

    @Test
    void whatCannotBeReadIsUnknownAndNot0() {
        ThreadCounters nothing = new ThreadCounters(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
        IterationFigures figures = IterationFigures.between(new Snapshot(0, 0, Map.of(FIRST, START, SECOND_ONE, START), null, null),
                new Snapshot(SECOND, SECOND, Map.of(FIRST, nothing, SECOND_ONE, later(0, 0, 0, SECOND)), null, null));
        for (double figure : new double[] {figures.migrations(), figures.voluntary(), figures.involuntary(), figures.runDelayPercent(),
                figures.throttles(), figures.throttledMillis(), figures.stealPercent()}) {
            assertTrue(Double.isNaN(figure), figures.toString());
        }
        assertEquals(List.of("migrations", "switches", "run delay", "throttling", "steal time"), figures.unknown());
        assertEquals(List.of("worker-2 was kept from CPU 3 for 100.0 % of the iteration"), figures.doubts(), "what is known still counts");
    }

    @Test
    void workersThatAreNotKnownOrHaveEndedLeaveNoFigure() {
        IterationFigures none = IterationFigures.between(before(Map.of()), after(Map.of()));
        assertTrue(Double.isNaN(none.migrations()) && Double.isNaN(none.runDelayPercent()), none.toString());
        assertEquals(List.of("which threads run the benchmark"), none.unknown());
        IterationFigures gone = IterationFigures.between(before(Map.of(FIRST, START, SECOND_ONE, START)), after(Map.of(FIRST, START)));
        assertTrue(Double.isNaN(gone.voluntary()), gone.toString());
        assertEquals(List.of("what befell a worker that has ended"), gone.unknown());
    }

    @Test
    void withoutATickThereIsNoStealTime() {
        Snapshot end = after(Map.of(FIRST, START));
        assertEquals(List.of("steal time"), IterationFigures.between(before(Map.of(FIRST, START)),
                new Snapshot(end.begun(), end.ended(), end.workers(), end.throttled(), new StealTime(50, 1000))).unknown());
    }

    @Test
    void theKernelsIdsAreReadOffAThreadDump() {
        String dump = """
                "main" #1 [90] prio=5 os_prio=0 cpu=61.39ms elapsed=0.20s tid=0x00007f1c5c02f2a0 nid=90 waiting on condition  [0x1]
                   java.lang.Thread.State: WAITING (parking)
                "a.B.c-jmh-worker-1" #31 [4711] daemon prio=5 os_prio=0 cpu=0.39ms elapsed=0.20s tid=0x00007f1c5c02f2a0 nid=4711 runnable  [0x2]
                "a.B.c-jmh-worker-12" #32 daemon prio=5 os_prio=0 cpu=0.39ms elapsed=0.20s tid=0x00007f1c5c02f2a0 nid=0x10 waiting on condition
                "ForkJoinPool-1-worker-1" #33 [5] daemon prio=5 nid=5 runnable
                """;
        assertEquals(Map.of("a.B.c-jmh-worker-1", 4711, "a.B.c-jmh-worker-12", 16), WorkerThreads.tids(dump));
    }
}
