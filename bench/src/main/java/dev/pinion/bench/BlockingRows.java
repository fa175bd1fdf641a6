package dev.pinion.bench;

import dev.pinion.bench.Workload.Api;
import dev.pinion.bench.Workload.Figure;
import dev.pinion.bench.Workload.Goal;
import dev.pinion.bench.Workload.Goal.Kind;
import dev.pinion.bench.Workload.Shape;
import dev.pinion.bench.Workload.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The catalogue's rows about what holds an M: calls that block, announced or not, and tasks that compute for long. */
final class BlockingRows {
    private static final int HEAP = 1024;
    private static final int FEW_PAIRS = 5;
    private static final int ONE_P = 1;

    private static final Set<Condition> QUIET = Set.of(Condition.QUIET);
    private static final Set<Condition> HOGS = Set.of(Condition.HOG, Condition.HOGS4);
    private static final Set<Condition> ANY = Set.of(Condition.QUIET, Condition.HOG, Condition.HOGS4);

    static final List<Workload> ALL = List.of(
            row("announced-block", "announced-block", Api.GO, 10,
                    "a G blocks in read of an empty FIFO (Pinion: BlockingFile, JDK: FileInputStream): time until the next G runs",
                    nanos("p50", atMost(10_000, ANY), new Goal(Side.GO, ONE_P, Kind.RATIO, 0.10)),
                    nanos("p99", atMost(50_000, ANY)), nanos("max"), missed()),
            row("block-unannounced", "block-unannounced", Api.THREAD, 10,
                    "the same in a plain FileInputStream on every side; the next G computes and yields until the reader is back: wants the whole core",
                    found()),
            row("block-unannounced-light", "block-unannounced-light", Api.THREAD, 10,
                    "the same; the next G computes 20 us and ends, then the P idles 1 ms: less than any fair share of the core",
                    found()),
            row("call-not-blocking", "call-not-blocking", Api.GO, 5,
                    "a call that need not block, and a cached read of 4 KiB: ns each, and how much over the bare call",
                    nanos("call"), nanos("call-over", atMost(20, QUIET)), nanos("read"), nanos("read-over", atMost(150, QUIET))),
            row("wakeup-syscall", "wakeup-syscall", Api.GO, 12,
                    "Go's BenchmarkWakeupParallelSyscall: two tasks in turns, nanosleep of a delay (announced) before each message", delays()),
            row("wakeup-syscall-found", "wakeup-syscall", Api.THREAD, 12, "the same with a nanosleep that nobody announced", delays()),
            row("fifo-burst", "fifo-burst", Api.GO, 10,
                    "300 Gs each open a FIFO of their own (announced): until all are in; OS threads more than before, 5 s after", burst()),
            row("fifo-burst-found", "fifo-burst", Api.THREAD, 10, "the same by a plain FileInputStream", burst()),
            row("hogs-beside-sleeper", "hogs-beside-sleeper", Api.THREAD, 16,
                    "four Gs that compute for ever beside one that sleeps 2 ms: how late it is",
                    nanos("p50", atMost(200_000, QUIET)), nanos("p99", atMost(2_000_000, QUIET)), nanos("max"), missed()),
            row("many-hogs", "many-hogs", Api.THREAD, 30,
                    "200 Gs of 100 ms of computing beside the same sleeper: how late; all hogs' time; OS threads more than before",
                    nanos("p50", atMost(2_000_000, QUIET)), nanos("p99"), nanos("max"), missed(),
                    nanos("total", new Goal(Side.JDK, ONE_P, Kind.RATIO, 1.05)), count("threads-most", atMost(32, QUIET))),
            row("blocking-mix", "blocking-mix", Api.GO, 12,
                    "0, 10 and 50 % of 64 Gs block in nanosleep (announced) for 1 us to 100 ms, the rest computes: time per 10 us piece", mix()),
            row("blocking-mix-found", "blocking-mix", Api.THREAD, 12, "the same with a nanosleep that nobody announced", mix()),
            row("fsync-many", "fsync-many", Api.GO, 3,
                    "64 Gs each write 4 KiB and fsync to a file of their own; JDK: FileChannel on platform threads",
                    nanos("op", new Goal(Side.JDK, ONE_P, Kind.RATIO, 1.00), new Goal(Side.GO, ONE_P, Kind.RATIO, 1.00))),
            row("lone-reader", "lone-reader", Api.GO, 8,
                    "a lone G reads a cached file of 1 GiB in 4 KiB pieces; JDK: FileChannel on a platform thread",
                    nanos("op", new Goal(Side.JDK, ONE_P, Kind.RATIO, 1.10)), count("hand-offs", atMost(0, QUIET))));

    private BlockingRows() {
    }

    private static Workload row(String name, String program, Api api, int seconds, String about, Figure... figures) {
        return new Workload(name, program, api, HEAP, seconds, FEW_PAIRS, Shape.CORE, about, List.of(figures));
    }

    private static Figure[] found() {
        return new Figure[] {nanos("p50", atMost(20_000, QUIET), atMost(100_000, HOGS)),
            nanos("p99", atMost(60_000, QUIET), atMost(3_000_000, HOGS)), nanos("max"), missed(atMost(0, QUIET), atMost(1, HOGS))};
    }

    private static Figure[] delays() {
        List<Figure> figures = new ArrayList<>();
        for (int micros : new int[] {0, 1, 2, 5, 10, 20, 50, 100}) {
            figures.add(nanos(micros + "us", new Goal(Side.GO, 0, Kind.RATIO, 1.00)));
        }
        return figures.toArray(Figure[]::new);
    }

    private static Figure[] burst() {
        return new Figure[] {nanos("all-in", atMost(500_000_000, QUIET)), missed(atMost(0, QUIET)), count("threads-most"),
            count("threads-after", atMost(4, QUIET))};
    }

    private static Figure[] mix() {
        Goal[] goals = {atMost(1 / 0.95, QUIET)};
        return new Figure[] {nanos("op-0"), nanos("op-10"), new Figure("slower-10", Unit.FACTOR, List.of(goals)), nanos("op-50"),
            new Figure("slower-50", Unit.FACTOR, List.of(goals))};
    }

    /** Pinion's own figure, whoever the other side is. */
    private static Goal atMost(double limit, Set<Condition> conditions) {
        return new Goal(null, ONE_P, Kind.ABSOLUTE, limit, conditions);
    }

    private static Figure missed(Goal... goals) {
        return new Figure("missed", Unit.PERCENT, List.of(goals));
    }

    private static Figure nanos(String metric, Goal... goals) {
        return new Figure(metric, Unit.NANOS, List.of(goals));
    }

    private static Figure count(String metric, Goal... goals) {
        return new Figure(metric, Unit.COUNT, List.of(goals));
    }
}
