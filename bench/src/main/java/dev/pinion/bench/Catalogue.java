package dev.pinion.bench;

import dev.pinion.bench.Workload.Api;
import dev.pinion.bench.Workload.Figure;
import dev.pinion.bench.Workload.Goal;
import dev.pinion.bench.Workload.Goal.Kind;
import dev.pinion.bench.Workload.Shape;
import dev.pinion.bench.Workload.Unit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Every workload, with what is asked of it. The order is the order of the table. */
final class Catalogue {

    private static final int SMALL = 1024;
    /** A million threads in either scheduler's shape, with room for the collector. */
    private static final int LARGE = 4096;
    /** Rows that take long are run less often in a full pass; their runs differ little. */
    private static final int FEW_PAIRS = 5;
    private static final int ALL_PAIRS = Integer.MAX_VALUE;

    private static final Goal NOT_SLOWER = new Goal(Side.JDK, 0, Kind.RATIO, 1.00);
    private static final Goal NOT_SLOWER_ONE_P = new Goal(Side.JDK, 1, Kind.RATIO, 1.00);

    private static final Goal SLEEP_P50 = new Goal(null, 0, Kind.ABSOLUTE, 20_000);
    private static final Goal SLEEP_P99 = new Goal(null, 0, Kind.ABSOLUTE, 100_000);

    private static final List<Workload> SCHEDULING = List.of(
            plain("spawn", "start + run + exit of an empty virtual thread, started from one", NOT_SLOWER),
            go("go-spawn", "spawn", "the same through Pinion.go; the other JVM sides use startVirtualThread",
                    new Goal(Side.JDK, 1, Kind.ABSOLUTE, 60), new Goal(Side.GO, 1, Kind.RATIO, 0.40),
                    new Goal(Side.GO, 2, Kind.RATIO, 0.25)),
            plain("yield", "Thread.yield between two Gs", new Goal(Side.MINIMAL, 1, Kind.RATIO, 1.15), NOT_SLOWER_ONE_P),
            plain("handoff", "LockSupport park/unpark, two Gs in turns", new Goal(Side.JDK, 1, Kind.RATIO, 0.90)),
            new Workload("wake", "wake", Api.THREAD, SMALL, 2, ALL_PAIRS, Shape.PLAIN,
                    "a platform thread unparks a G while every P is idle: time until it runs",
                    List.of(nanos("p50"), nanos("p99"))),
            new Workload("sleep", "sleep", Api.THREAD, SMALL, 2, ALL_PAIRS, Shape.PLAIN,
                    "lateness of Thread.sleep of 50 us, 200 us and 1 ms",
                    List.of(nanos("50us-p50", SLEEP_P50), nanos("50us-p99", SLEEP_P99), nanos("200us-p50", SLEEP_P50), nanos("200us-p99", SLEEP_P99), nanos("1ms-p50"), nanos("1ms-p99"))),
            new Workload("parked-bytes", "parked-bytes", Api.THREAD, LARGE, 3, FEW_PAIRS, Shape.PLAIN,
                    "heap of one parked G, 200,000 of them, after a collection",
                    List.of(new Figure("bytes", Unit.BYTES, List.of(new Goal(Side.JDK, 0, Kind.RATIO, 1.05))))),
            timers("timers-million", "a million Timer.afterFunc an hour ahead, on the JDK tasks of a ScheduledThreadPoolExecutor: one is set, is cancelled, its bytes"),
            timers("tasks-million", "a million delayed tasks of Scheduler.scheduledExecutor, on the JDK of a ScheduledThreadPoolExecutor"),
            million("million", Api.THREAD, "a million Gs: start until all are parked; wake all until all ended"),
            million("go-million", Api.GO, "the same through Pinion.go"),
            plain("tokio-spawn-many-local", "one task starts 10,000 empty ones and waits for the last", NOT_SLOWER_ONE_P),
            plain("tokio-spawn-many-remote", "10,000 empty tasks from a thread outside the scheduler", NOT_SLOWER_ONE_P),
            plain("tokio-yield-many", "200 tasks yield 1,000 times each", NOT_SLOWER_ONE_P),
            plain("tokio-ping-pong", "1,000 tasks each start a partner and pass two one-shot messages", NOT_SLOWER_ONE_P),
            plain("tokio-chained-spawn", "a chain of 1,000 tasks, each starting the next", NOT_SLOWER_ONE_P),
            plain("delisle-cycle", "100 rings of 5 a P: each task wakes the next and parks", NOT_SLOWER_ONE_P),
            plain("delisle-yield", "100 tasks a P that only yield", NOT_SLOWER_ONE_P),
            plain("delisle-churn", "100 tasks a P release and acquire random semaphores", NOT_SLOWER_ONE_P),
            plain("delisle-locality", "100 tasks a P touch 64 words of their own and change places", NOT_SLOWER_ONE_P),
            new Workload("skynet", "skynet", Api.THREAD, LARGE, 4, FEW_PAIRS, Shape.PLAIN,
                    "a tree of 1,111,111 tasks, ten children each, summed up", List.of(nanos("op", NOT_SLOWER_ONE_P))),
            new Workload("hog-beside", "hog-beside", Api.THREAD, SMALL, 4, ALL_PAIRS, Shape.HOG_BESIDE,
                    "10 us tasks that yield, from 1 s after a foreign hog came to the core, one more CPU allowed",
                    List.of(nanos("op", new Goal(Side.JDK, 1, Kind.RATIO, 1 / 0.9)))));

    private static final List<Workload> PROCESS = List.of(
            new Workload("idle10", "idle10", Api.THREAD, SMALL, 12, 3, Shape.EMPTY_AGENT,
                    "CPU time of ten idle seconds, less that of the JDK with an empty agent",
                    List.of(new Figure("cpu", Unit.CPU_MILLIS, List.of(new Goal(Side.JDK, 0, Kind.DIFFERENCE, 5))))),
            new Workload("startup", "startup", Api.THREAD, SMALL, 1, ALL_PAIRS, Shape.WALL_TIME,
                    "wall time of a program that does nothing, less that with an empty agent",
                    List.of(new Figure("wall", Unit.WALL_MILLIS, List.of(new Goal(Side.JDK, 0, Kind.DIFFERENCE, 60))))));

    static final List<Workload> ALL = Stream.of(SCHEDULING, BlockingRows.ALL, NetRows.ALL, PROCESS).flatMap(List::stream).toList();

    private Catalogue() {
    }

    /**
     * The workloads of these names; a name ending in {@code *} takes all that begin so, {@code all} takes everything.
     *
     * @throws Invalid for a name that fits none
     */
    static List<Workload> select(List<String> names) {
        Set<Workload> chosen = new LinkedHashSet<>();
        for (String name : names) {
            List<Workload> fitting = new ArrayList<>();
            for (Workload workload : ALL) {
                boolean prefix = name.endsWith("*") && workload.name().startsWith(name.substring(0, name.length() - 1));
                if (name.equals("all") || prefix || workload.name().equals(name)) {
                    fitting.add(workload);
                }
            }
            if (fitting.isEmpty()) {
                throw new Invalid("'" + name + "' is no workload; --list names them");
            }
            chosen.addAll(fitting);
        }
        return List.copyOf(chosen);
    }

    private static Workload plain(String name, String about, Goal... goals) {
        return new Workload(name, name, Api.THREAD, SMALL, 2, ALL_PAIRS, Shape.PLAIN, about, List.of(nanos("op", goals)));
    }

    private static Workload go(String name, String program, String about, Goal... goals) {
        return new Workload(name, program, Api.GO, SMALL, 2, ALL_PAIRS, Shape.PLAIN, about, List.of(nanos("op", goals)));
    }

    private static Workload million(String name, Api api, String about) {
        return new Workload(name, "million", api, LARGE, 8, FEW_PAIRS, Shape.PLAIN, about,
                List.of(nanos("start", new Goal(Side.JDK, 2, Kind.RATIO, 0.70)),
                        nanos("wake", new Goal(Side.JDK, 2, Kind.RATIO, 0.80))));
    }

    private static Workload timers(String name, String about) {
        Goal time = new Goal(null, 0, Kind.ABSOLUTE, 1_000);
        return new Workload(name, name, Api.GO, LARGE, 8, FEW_PAIRS, Shape.PLAIN, about,
                List.of(nanos("set", time), nanos("cancel", time),
                        new Figure("bytes", Unit.BYTES, List.of(new Goal(null, 0, Kind.ABSOLUTE, 120))),
                        new Figure("left", Unit.BYTES, List.of())));
    }

    private static Figure nanos(String metric, Goal... goals) {
        return new Figure(metric, Unit.NANOS, List.of(goals));
    }
}
