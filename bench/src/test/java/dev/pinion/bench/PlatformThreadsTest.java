package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.bench.Workload.Shape;
import dev.pinion.bench.program.TestVirtualThread;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class PlatformThreadsTest {

    /** So many at once: they sleep most of the time. */
    private static final int CHILDREN = 3;

    private static final double SHARE = 0.01;
    private static final List<Integer> CPUS = List.of(0, 1);

    /** Fixed pieces of work: hogs that take 20 s of a core, and 12 million system calls. */
    private static final Set<String> LONG = Set.of("many-hogs", "call-not-blocking");

    @TempDir
    private Path scratch;

    /** A run that ended on other threads, or without a figure of its row, is refused by what runs it here and in the real bench. */
    @Test
    void eachRowRunsOnPlatformThreads() throws Exception {
        List<Integer> usable = CpuSet.allowed(Path.of("/proc/self/status"));
        Map<String, Future<Sample>> runs = new LinkedHashMap<>();
        try (ExecutorService children = Executors.newFixedThreadPool(CHILDREN)) {
            for (Workload workload : rows()) {
                int procs = workload.shape() == Shape.TWO_PS ? 2 : 1;
                if (usable.size() >= procs && !runs.containsKey(workload.program())) {
                    runs.put(workload.program(), children.submit(run(workload, procs, usable)));
                }
            }
        }
        List<String> failures = new ArrayList<>();
        for (Map.Entry<String, Future<Sample>> run : runs.entrySet()) {
            if (run.getValue().state() == Future.State.FAILED) {
                failures.add(run.getKey() + ": " + run.getValue().exceptionNow());
            }
        }
        assertEquals(List.of(), failures);
        assertTrue(runs.keySet().containsAll(List.of("spawn", "yield", "tokio-ping-pong", "delisle-churn", "announced-block", "net-64")),
                runs.keySet().toString());
    }

    /** All but those for which another process is needed, and the longest. */
    private static List<Workload> rows() {
        return Catalogue.ALL.stream().filter(workload -> PlatformThreads.obstacle(workload) == null && workload.shape() != Shape.SERVED
                && workload.shape() != Shape.HOG_BESIDE && !LONG.contains(workload.program())).toList();
    }

    private Callable<Sample> run(Workload workload, int procs, List<Integer> usable) {
        Options options = Options.parse("--heap", "256", "--jvm", "-XX:TieredStopAtLevel=1", "--jvm", "-Dbench.spawned=100",
                "--jvm", "-Dbench.yields=10");
        List<String> command = launch(System.getProperty("java.class.path")).command(Side.PLATFORM, workload, procs,
                CpuSet.choose(usable, procs, Condition.QUIET), List.of(), "", options);
        return () -> ChildProcess.run(Side.PLATFORM, workload, command, List.of(), SHARE);
    }

    private Launch launch(String classes) {
        return new Launch(Path.of(System.getProperty("java.home"), "bin", "java"), classes, "", null, null, Map.of(), scratch);
    }

    @Test
    void oneVirtualThreadIsEnoughForNoFigure() throws Exception {
        Workload yield = Catalogue.select(List.of("yield")).getFirst();
        List<String> command = new ArrayList<>(launch(System.getProperty("java.class.path"))
                .command(Side.PLATFORM, yield, 1, CpuSet.allowed(Path.of("/proc/self/status")), List.of(), "", Options.parse("--heap", "64")));
        command.subList(command.indexOf(Launch.CHILD), command.size()).clear();
        command.addAll(List.of(TestVirtualThread.class.getName(), "no"));
        assertEquals("platform-0", ChildProcess.run(Side.PLATFORM, yield, command, List.of(), 1).carrier());
        command.set(command.size() - 1, "yes");
        String sentence = assertThrows(ChildProcess.Failed.class, () -> ChildProcess.run(Side.PLATFORM, yield, command, List.of(), 1)).getMessage();
        assertTrue(sentence.startsWith("platform ran on a thread named 'ForkJoinPool-1"), sentence);
    }

    @Test
    void theProgramIsToldToStartPlatformThreads() {
        Workload yield = Catalogue.select(List.of("yield")).getFirst();
        List<String> command = launch("classes").command(Side.PLATFORM, yield, 1, CPUS, List.of(), "", Options.parse());
        assertTrue(command.contains("-Dbench.start=platform"), command.toString());
        assertTrue(command.stream().noneMatch(word -> word.contains("virtualThreadScheduler")), command.toString());
    }

    @Test
    void whatNeedsMoreThreadsThanAHostAllowsIsLeftOut() {
        for (Workload workload : Catalogue.select(List.of("million", "go-million", "parked-bytes", "skynet", "startup", "net-http-helidon"))) {
            assertNotNull(PlatformThreads.obstacle(workload), workload.name());
        }
        for (Workload workload : Catalogue.select(List.of("tokio*", "delisle*", "net-10k", "net-http-jdk", "hog-beside"))) {
            assertNull(PlatformThreads.obstacle(workload), workload.name());
        }
    }
}
