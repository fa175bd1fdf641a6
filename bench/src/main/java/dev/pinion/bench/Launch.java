package dev.pinion.bench;

import dev.pinion.bench.Workload.Api;
import dev.pinion.bench.Workload.Shape;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The command line of one child. All JVM sides get the same java, class path, heap, collector, and CPUs; what differs is
 * who starts the program, how it starts its threads, and the parallelism of the JDK's pool.
 *
 * @param java       the java executable of every JVM side
 * @param classPath  the programs and what they need, without Pinion
 * @param libraries  what only some programs need; behind all else, so that no other child opens it
 * @param pinionJar  Pinion, or null when no side needs it
 * @param emptyAgent a jar whose premain does nothing, or null when no workload needs it
 * @param built      the programs of {@code bench/peers}, of all peers that a side or a load needs
 * @param scratch    where children put their files; removed at the end, also after a child that had to be killed
 */
record Launch(Path java, String classPath, String libraries, Path pinionJar, Path emptyAgent, Map<Peer, Peer.Built> built,
        Path scratch) {

    /** The way in of {@code pinion run}: neither side has an agent, which would cost each switch. */
    static final String RUN_MAIN = "dev.pinion.agent.RunMain";

    static final String CHILD = "dev.pinion.bench.program.Child";
    static final String EMPTY = "dev.pinion.bench.program.Empty";

    /**
     * The command that runs {@code workload} on {@code side} with {@code procs} Ps on {@code cpus}.
     *
     * @param pins          the CPUs that Pinion's Ps must be on; empty: its own choice
     * @param pinionOptions further options of Pinion; empty: none
     */
    List<String> command(Side side, Workload workload, int procs, List<Integer> cpus, List<Integer> pins, String pinionOptions,
            Options options) {
        List<String> command = new ArrayList<>(List.of("taskset", "-c", CpuSet.format(cpus)));
        int heap = options.heapMiB() == 0 ? workload.heapMiB() : options.heapMiB();
        List<String> jvm = new ArrayList<>(List.of(java.toString(), "-Xms" + heap + "m", "-Xmx" + heap + "m", "-XX:+Use" + options.gc() + "GC",
                "--enable-native-access=ALL-UNNAMED"));
        jvm.addAll(options.jvmFlags());
        if (side.peer() != null) {
            command.addAll(side.peer().command(built.get(side.peer()).program(), side, workload, procs, jvm, scratch));
            return command;
        }
        command.addAll(jvm);
        boolean emptyAgentToo = workload.shape() == Shape.EMPTY_AGENT || workload.shape() == Shape.WALL_TIME;
        switch (side) {
            case PINION -> { }
            case JDK -> {
                if (emptyAgentToo) {
                    command.add("-javaagent:" + emptyAgent);
                }
                command.add("-Djdk.virtualThreadScheduler.parallelism=" + procs);
            }
            case MINIMAL -> command.addAll(List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"));
            default -> { }
        }
        command.addAll(List.of("-Djava.io.tmpdir=" + scratch, "-Dbench.procs=" + procs,
                "-Dbench.start=" + start(side, workload.api()), "-cp"));
        if (side == Side.PINION) {
            String pinned = pins.isEmpty() ? "" : ",cpus=" + CpuSet.format(pins);
            String extra = workload.pinionOptions().isEmpty() ? "" : "," + workload.pinionOptions();
            String last = pinionOptions.isEmpty() ? "" : "," + pinionOptions;
            command.addAll(List.of(String.join(File.pathSeparator, classPath, pinionJar.toString(), libraries), RUN_MAIN,
                    "gomaxprocs=" + procs + pinned + extra + last, "class"));
        } else {
            command.add(classPath + File.pathSeparator + libraries);
        }
        command.addAll(workload.shape() == Shape.WALL_TIME ? List.of(EMPTY) : List.of(CHILD, workload.program()));
        return command;
    }

    private static String start(Side side, Api api) {
        return switch (side) {
            case PINION -> api == Api.GO ? "go" : "thread";
            case MINIMAL, PLATFORM -> side.label();
            default -> "thread";
        };
    }
}
