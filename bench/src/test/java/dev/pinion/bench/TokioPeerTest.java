package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pinion.cpu.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without cargo, or crates.io where it built nothing yet, what needs the programs is skipped. */
class TokioPeerTest {

    /** Windows of 10 ms: whether the figures come, not what they say. */
    private static final double SHARE = 0.1;

    /** Of a worker that had no CPU for all of what is measured: then once more. */
    private static final String DISTURBED = "made any progress";
    private static final int ATTEMPTS = 5;

    /** They mostly wait, and a program that has no CPU for a while comes to the same. */
    private static final int AT_ONCE = 4;

    /** Fixed pieces of work, or waits, of 5 to 30 s; of the first, {@code hogs-beside-sleeper} has most. */
    private static final Set<String> LONG = Set.of("many-hogs", "lone-reader", "fifo-burst");

    @TempDir
    static Path scratch;
    private static Peer.Built built;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        built = TokioPeer.PEER.build(Path.of("peers"), scratch);
    }

    private static void assumeBuilt() {
        assertFalse(built.program() == null && built.missing().startsWith("cargo build failed"), built.missing());
        assumeTrue(built.program() != null, built.missing());
    }

    private static void assumeCargo() throws InterruptedException {
        assumeTrue(!ToolVersion.of("cargo", "--version").isEmpty(), "no cargo on PATH");
    }

    @Test
    void aMissingToolchainIsSaidWithTheWayToGetIt(@TempDir Path directory) throws Exception {
        Peer.Built missing = new TokioPeer("no-such-cargo").build(Path.of("peers"), directory);
        assertNull(missing.program());
        assertTrue(missing.missing().contains("no-such-cargo") && missing.missing().contains("https://rustup.rs"), missing.missing());
        assertEquals(1, missing.missing().lines().count());
    }

    @Test
    void missingSourcesAreABadCommandLine(@TempDir Path directory) {
        assertThrows(Invalid.class, () -> TokioPeer.PEER.build(directory, directory));
    }

    @Test
    void cratesThatCannotBeHadLeaveTheSideOut(@TempDir Path directory) throws Exception {
        assumeCargo();
        Path script = directory.resolve("cargo-without-network");
        Files.writeString(script, "#!/bin/sh\nCARGO_NET_OFFLINE=true CARGO_HOME='" + directory + "' exec cargo \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        Peer.Built missing = new TokioPeer(script.toString()).build(Path.of("peers"), directory);
        assertNull(missing.program());
        assertTrue(missing.missing().contains("crates.io") && missing.missing().contains("tokio"), missing.missing());
        assertEquals(1, missing.missing().lines().count());
    }

    @Test
    void aProgramThatDoesNotCompileIsOneSentence(@TempDir Path directory) throws Exception {
        assumeCargo();
        Path rust = Files.createDirectories(directory.resolve("peers/rust/src")).getParent();
        Files.writeString(rust.resolve("src/main.rs"), "fn main() {\n    let number: u32 = \"word\";\n}\n");
        Files.writeString(rust.resolve("Cargo.toml"), "[package]\nname = \"tried\"\nversion = \"0.0.0\"\nedition = \"2021\"\n");
        Files.writeString(rust.resolve("Cargo.lock"), "version = 3\n[[package]]\nname = \"tried\"\nversion = \"0.0.0\"\n");
        String sentence = TokioPeer.PEER.build(rust.getParent(), directory).missing();
        assertTrue(sentence.contains("cargo build failed") && sentence.contains("src/main.rs:2:23: error[E0308]"), sentence);
        assertEquals(1, sentence.lines().count());
    }

    @Test
    void itsProgramsAreThoseThatItNamesAndEachHasAWorkload() throws Exception {
        assumeBuilt();
        Process process = new ProcessBuilder(built.program().toString()).redirectErrorStream(true).start();
        String said = process.inputReader().lines().collect(Collectors.joining());
        assertEquals(2, process.waitFor());
        Set<String> named = new TreeSet<>(Arrays.asList(said.substring(said.indexOf(": ") + 2).split(" ")));
        assertEquals(new TreeSet<>(TokioPeer.PEER.programs()), named);
        assertTrue(Catalogue.ALL.stream().map(Workload::program).toList().containsAll(named), "a Rust program without a workload");
    }

    @Test
    void whetherABlockIsAnnouncedIsTheRowsChoice() {
        assertEquals(List.of("env", "TMPDIR=/scratch", "/peer", "fifo-burst", "2", "announced"), commandOf("fifo-burst"));
        assertEquals(List.of("env", "TMPDIR=/scratch", "/peer", "fifo-burst", "2", "found"), commandOf("fifo-burst-found"));
    }

    private static List<String> commandOf(String row) {
        Workload workload = Catalogue.select(List.of(row)).getFirst();
        return TokioPeer.PEER.command(Path.of("/peer"), Side.TOKIO, workload, 2, List.of(), Path.of("/scratch"));
    }

    @Test
    void theVersionsAreTold() {
        assumeBuilt();
        assertTrue(built.version().matches("tokio 1\\.[0-9.]+, cargo 1\\.[0-9]+\\..*"), built.version());
    }

    /** The first row of each program. */
    static Collection<Workload> workloads() {
        Map<String, Workload> byProgram = new LinkedHashMap<>();
        Catalogue.ALL.stream().filter(workload -> TokioPeer.PEER.programs().contains(workload.program()) && workload.load() == null
                && !LONG.contains(workload.program())).forEach(workload -> byProgram.putIfAbsent(workload.program(), workload));
        return byProgram.values();
    }

    /** {@link ChildProcess} refuses a sample without one of the row's figures, or from a thread that is not tokio's. */
    @Test
    void eachProgramPrintsWhatItsRowWants() throws Exception {
        assumeBuilt();
        Map<String, Future<Sample>> samples = new LinkedHashMap<>();
        try (ExecutorService children = Executors.newFixedThreadPool(AT_ONCE)) {
            workloads().forEach(workload -> samples.put(workload.program(),
                    children.submit(() -> undisturbed(() -> ChildProcess.run(Side.TOKIO, workload, command(workload), List.of(), SHARE)))));
        }
        Map<String, Object> wrong = new LinkedHashMap<>();
        samples.forEach((program, sample) -> {
            if (sample.state() == Future.State.FAILED) {
                wrong.put(program, sample.exceptionNow());
            } else if (sample.resultNow().usage().operations() <= 0) {
                wrong.put(program, sample.resultNow());
            }
        });
        assertEquals(Map.of(), wrong);
        assertEquals(TokioPeer.PEER.programs().size() - LONG.size(), samples.size() + served());
    }

    private static long served() {
        return Catalogue.ALL.stream().filter(workload -> workload.load() != null).map(Workload::program).distinct()
                .filter(TokioPeer.PEER.programs()::contains).count();
    }

    private static Sample undisturbed(Callable<Sample> measurement) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try {
                return measurement.call();
            } catch (ChildProcess.Failed e) {
                if (attempt == ATTEMPTS || !e.getMessage().contains(DISTURBED)) {
                    throw e;
                }
            }
        }
    }

    @Test
    void itsServerAnswersALoadFromOutside() throws Exception {
        assumeBuilt();
        CPeer generator = CPeer.build(Path.of("peers"), scratch);
        assumeTrue(generator.program() != null, generator.missing());
        Workload workload = Catalogue.select(List.of("net-open-10k")).getFirst();
        int cpu = CpuSet.allowed(HostFiles.ofThisMachine()).getLast();
        Load load = new Load("echo", 8, 800, 300, 1_000);
        Sample sample = undisturbed(() -> LoadTest.undisturbed(() -> ChildProcess.run(Side.TOKIO, workload, command(workload),
                load.command(generator.program(), cpu, 800, 1), 1)));
        assertEquals(0, sample.metrics().get("starved"));
        assertTrue(sample.metrics().get("cpu") > 0, sample.toString());
    }

    @Test
    void aBlockThatIsNotAnnouncedHoldsTheOnlyWorker() throws Exception {
        assumeBuilt();
        Workload workload = Catalogue.select(List.of("block-unannounced")).getFirst();
        Sample sample = ChildProcess.run(Side.TOKIO, workload, command(workload), List.of(), SHARE);
        assertEquals(Double.POSITIVE_INFINITY, sample.metrics().get("p50"));
        assertEquals(100, sample.metrics().get("missed"));
    }

    @Test
    void aWrongShareEndsTheProgram() {
        assumeBuilt();
        Workload workload = Catalogue.select(List.of("yield")).getFirst();
        ChildProcess.Failed failed = assertThrows(ChildProcess.Failed.class,
                () -> ChildProcess.run(Side.TOKIO, workload, command(workload), List.of(), 2));
        assertTrue(failed.getMessage().contains("BENCH_SHARE"), failed.getMessage());
    }

    private static List<String> command(Workload workload) {
        return TokioPeer.PEER.command(built.program(), Side.TOKIO, workload, 1, List.of(), scratch);
    }
}
