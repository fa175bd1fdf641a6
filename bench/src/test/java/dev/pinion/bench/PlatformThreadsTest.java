package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.bench.Workload.Shape;
import dev.pinion.bench.program.TestVirtualThread;
import dev.pinion.cpu.HostFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class PlatformThreadsTest {

    private static final List<Integer> CPUS = List.of(0, 1);

    /** Fixed pieces of work: hogs that take 20 s of a core, and 12 million system calls. */
    private static final Set<String> LONG = Set.of("many-hogs", "call-not-blocking");

    @TempDir
    private Path scratch;

    /** A run that ended on other threads, or without a figure of its row, is refused by what runs it here and in the real bench. */
    @Test
    void eachRowRunsOnPlatformThreads() throws Exception {
        Options options = Options.parse("--heap", "256", "--jvm", "-XX:TieredStopAtLevel=1", "--jvm", "-Dbench.spawned=100",
                "--jvm", "-Dbench.yields=10");
        ShortRuns runs = new ShortRuns(launch(System.getProperty("java.class.path")), Side.PLATFORM, options);
        assertEquals(List.of(), runs.failures(rows()));
        assertTrue(runs.programs().containsAll(List.of("spawn", "yield", "tokio-ping-pong", "delisle-churn", "announced-block", "net-64")),
                runs.programs().toString());
    }

    /** All but those for which another process is needed, and the longest. */
    private static List<Workload> rows() {
        return Catalogue.ALL.stream().filter(workload -> PlatformThreads.obstacle(workload) == null && workload.shape() != Shape.SERVED
                && !LONG.contains(workload.program())).toList();
    }

    private Launch launch(String classes) {
        return new Launch(Path.of(System.getProperty("java.home"), "bin", "java"), classes, "", null, null, Map.of(), scratch);
    }

    @Test
    void oneVirtualThreadIsEnoughForNoFigure() throws Exception {
        Workload yield = Catalogue.select(List.of("yield")).getFirst();
        List<String> command = new ArrayList<>(launch(System.getProperty("java.class.path"))
                .command(Side.PLATFORM, yield, 1, CpuSet.allowed(HostFiles.ofThisMachine()), List.of(), "", Options.parse("--heap", "64")));
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
    void whatSaysNothingAboutPlatformThreadsIsLeftOut() {
        for (Workload workload : Catalogue.select(List.of("million", "go-million", "parked-bytes", "skynet", "startup", "hog-beside", "net-http-helidon"))) {
            assertNotNull(PlatformThreads.obstacle(workload), workload.name());
        }
        for (Workload workload : Catalogue.select(List.of("tokio*", "delisle*", "net-10k", "net-http-jdk"))) {
            assertNull(PlatformThreads.obstacle(workload), workload.name());
        }
    }
}
