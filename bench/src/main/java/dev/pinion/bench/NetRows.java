package dev.pinion.bench;

import dev.pinion.bench.Workload.Api;
import dev.pinion.bench.Workload.Figure;
import dev.pinion.bench.Workload.Goal;
import dev.pinion.bench.Workload.Goal.Kind;
import dev.pinion.bench.Workload.Shape;
import dev.pinion.bench.Workload.Unit;
import java.util.List;
import java.util.stream.Stream;

/** The catalogue's rows about sockets, deadlines beside hogs, and wakes from one P to another. */
final class NetRows {
    private static final int HEAP = 1024;
    private static final int FEW_PAIRS = 5;
    private static final int ALL_PAIRS = Integer.MAX_VALUE;
    private static final String SPIN = "idle=spin";
    private static final String PARK = "idle=park";

    /** The slowest of many connections shall reach nine tenths of the fastest. */
    private static final double EVEN = 1 / 0.9;

    private static final int OPEN_CONNECTIONS = 64;
    private static final int HTTP_CONNECTIONS = 64;
    private static final Load MOSTLY_IDLE = new Load("echo", 10_000, 5_000, 4_000, 4_000);

    /** A warm-up of 8 s was too short: on one core, which it shares with the server, C2 was seen to take 5 s with the JDK and 9 s with Pinion. */
    private static final Load HTTP = new Load("http", HTTP_CONNECTIONS, 0, 14_000, 2_000);

    static final List<Workload> ALL = List.of(
            plain("cpu-bound", "cpu-bound", Shape.PLAIN, 2, ALL_PAIRS, "",
                    "8 Gs a P compute 2 us pieces and yield; no descriptor is ever touched",
                    nanos("op", ratio(Side.PINION, 0, 1.01))),
            plain("wake-parked", "wake-parked", Shape.TWO_PS, 3, ALL_PAIRS, PARK,
                    "a G that computes on wakes another, which a parked P must run: until it does", nanos("p50", ratio(Side.FLOOR, 2, 1.3)),
                    nanos("p99"), nanos("max"), missed()),
            plain("wake-spinning", "wake-spinning", Shape.TWO_PS, 3, ALL_PAIRS, SPIN, "the same where idle Ps spin",
                    nanos("p50", absolute(2, 1_000)), nanos("p99"), nanos("max"), missed()),
            plain("timers-beside-hogs", "timers-beside-hogs", Shape.CORE, 5, FEW_PAIRS, "",
                    "100 Gs that sleep 1 ms beside a G for each P that computes for ever: how late", nanos("p50"), nanos("p99", absolute(2, 2_000_000)),
                    nanos("max"), missed(), uneven(), starved()),
            plain("net-pingpong", "net-pingpong", Shape.PLAIN, 4, ALL_PAIRS, "",
                    "one loopback connection, a G at each end: a round trip of 32 bytes", nanos("p50", ratio(Side.JDK, 1, 0.5),
                            ratio(Side.FLOOR, 1, 1.4)),
                    nanos("p99"), nanos("max"), missed(), nanos("op")),
            plain("net-64", "net-64", Shape.PLAIN, 4, ALL_PAIRS, "", "64 such connections at once; op: all round trips together",
                    nanos("op", ratio(Side.JDK, 0, 1.0), ratio(Side.GO, 2, 1.0), ratio(Side.FLOOR, 2, 1.3)), nanos("p50"),
                    nanos("p99", ratio(Side.JDK, 2, 1.0), ratio(Side.GO, 2, 1.0)), nanos("max"), missed(), uneven(), starved()),
            served("net-10k", "net-serve", MOSTLY_IDLE, 11, "", "an echo server with 10,000 connections and 5,000 requests a second",
                    nanos("cpu", ratio(Side.JDK, 0, 0.7)), nanos("p50"), nanos("p99", ratio(Side.JDK, 0, 1.0))),
            open("net-open-10k", 10_000, "", 0.8), open("net-open-40k", 40_000, "", 0.8),
            open("net-open-10k-spin", 10_000, SPIN, 0.5), open("net-open-40k-spin", 40_000, SPIN, 0.5),
            http("net-http-jdk", "the JDK's own HTTP server with virtual threads: 64 connections in a closed loop; then at half of the first other side's rate"),
            http("net-http-jetty", "the same with an unmodified Jetty 12"),
            http("net-http-helidon", "the same with an unmodified Helidon 4, which has a virtual thread for each connection, in blocking reads"));

    private NetRows() {
    }

    private static Workload plain(String name, String program, Shape shape, int seconds, int maxPairs, String pinionOptions, String about,
            Figure... figures) {
        return new Workload(name, program, Api.THREAD, HEAP, seconds, maxPairs, shape, about, List.of(figures), null, pinionOptions);
    }

    private static Workload open(String name, int rate, String pinionOptions, double limit) {
        return served(name, "net-serve", new Load("echo", OPEN_CONNECTIONS, rate, 2_000, 3_000), 7, pinionOptions,
                "an echo server under an open loop of " + rate + " requests a second over 64 connections"
                        + (pinionOptions.isEmpty() ? "" : ", Pinion with " + pinionOptions),
                nanos("p50", ratio(Side.JDK, 1, limit)), nanos("p99", ratio(Side.JDK, 1, 1.0)), nanos("cpu"));
    }

    /** A row of the figures given, and what every server's row says beside them. */
    private static Workload served(String name, String program, Load load, int seconds, String pinionOptions, String about,
            Figure... figures) {
        List<Figure> all = Stream.concat(Stream.of(figures), Stream.of(nanos("max"), missed(), uneven(), starved(), nanos("late-p99")))
                .toList();
        return new Workload(name, program, Api.THREAD, HEAP, seconds, FEW_PAIRS, Shape.SERVED, about, all, load, pinionOptions);
    }

    private static Workload http(String name, String about) {
        List<Figure> figures = List.of(nanos("op", ratio(Side.JDK, 0, 1 / 1.05)), nanos("p50"), nanos("p99"), nanos("cpu"),
                uneven(), starved(), nanos("half-p50"), nanos("half-p99", ratio(Side.JDK, 0, 0.8)), nanos("half-max"),
                new Figure("half-missed", Unit.PERCENT, List.of()), nanos("late-p99"));
        return new Workload(name, name, Api.THREAD, HEAP, 23, FEW_PAIRS, Shape.SERVED, about, figures, HTTP, "");
    }

    private static Goal ratio(Side against, int procs, double limit) {
        return new Goal(against, procs, Kind.RATIO, limit);
    }

    /** Pinion's own figure, whoever the other side is. */
    private static Goal absolute(int procs, double limit) {
        return new Goal(null, procs, Kind.ABSOLUTE, limit);
    }

    private static Figure nanos(String metric, Goal... goals) {
        return new Figure(metric, Unit.NANOS, List.of(goals));
    }

    private static Figure missed() {
        return new Figure("missed", Unit.PERCENT, List.of());
    }

    private static Figure uneven() {
        return new Figure("uneven", Unit.FACTOR, List.of(absolute(0, EVEN)));
    }

    private static Figure starved() {
        return new Figure("starved", Unit.COUNT, List.of(absolute(0, 0)));
    }
}
