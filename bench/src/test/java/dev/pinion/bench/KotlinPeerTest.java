package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class KotlinPeerTest {

    private static final Path PEERS = Path.of("peers");

    /** With what Maven has fetched before; the first time it would fetch for a minute or more. */
    private static final String[] OFFLINE = {"mvn", "-o"};

    /** Hogs that take 20 s of a core, whatever the share. */
    private static final Set<String> LONG = Set.of("many-hogs");

    @TempDir
    private Path scratch;

    private Peer.Built built() throws Exception {
        Peer.Built built = new KotlinPeer(OFFLINE).build(PEERS, scratch);
        assertFalse(built.missing() != null && built.missing().startsWith("mvn compile failed"), built.missing());
        assumeTrue(built.missing() == null, built.missing());
        return built;
    }

    /** On coroutines, and with all figures of its row, or what runs it here and in the real bench refuses it. */
    @Test
    void eachProgramPrintsTheFiguresOfItsRow() throws Exception {
        Peer.Built built = built();
        Launch launch = new Launch(Path.of(System.getProperty("java.home"), "bin", "java"), "", "", null, null, Map.of(KotlinPeer.PEER, built), scratch);
        Options options = Options.parse("--heap", "256", "--jvm", "-XX:TieredStopAtLevel=1", "--jvm", "-Dbench.spawned=100",
                "--jvm", "-Dbench.yields=10", "--jvm", "-Dbench.million=10000", "--jvm", "-Dbench.skynet=1000", "--jvm", "-Dbench.parked=5000");
        List<Workload> rows = new ArrayList<>(Catalogue.ALL);
        rows.removeIf(workload -> !KotlinPeer.PEER.programs().contains(workload.program()) || LONG.contains(workload.program()));
        ShortRuns runs = new ShortRuns(launch, Side.KOTLIN, options);
        assertEquals(List.of(), runs.failures(rows));
        Set<String> ran = runs.programs();
        assertEquals(KotlinPeer.PEER.programs().size() - LONG.size(), ran.size());
    }

    @Test
    void aSecondBuildHasNothingToDo() throws Exception {
        Peer.Built built = built();
        Peer.Built again = new KotlinPeer("no-such-mvn").build(PEERS, scratch);
        assertEquals(built, again);
        assertTrue(built.version().matches("[0-9.]+, kotlinx-coroutines [0-9.]+"), built.version());
    }

    /** Sources that were never built, beside a {@code target} to build into. */
    private Path copyOfSources() throws Exception {
        Path peers = scratch.resolve("bench/peers");
        Files.createDirectories(peers.resolve("kotlin/src"));
        Files.createDirectories(peers.resolveSibling("target"));
        Files.createDirectories(peers.resolveSibling("src/main/java/dev/pinion/bench/program"));
        Files.copy(PEERS.resolve("kotlin/pom.xml"), peers.resolve("kotlin/pom.xml"));
        return peers;
    }

    private static void assertMissing(Peer.Built built, String... words) {
        assertNull(built.program());
        for (String word : words) {
            assertTrue(built.missing().contains(word), built.missing());
        }
        assertEquals(1, built.missing().lines().count());
    }

    @Test
    void aMissingMavenIsSaidWithTheWayToGetIt() throws Exception {
        Path peers = copyOfSources();
        assertMissing(new KotlinPeer("no-such-mvn").build(peers, scratch), "no-such-mvn", "package maven");
        assertEquals(0, peers.resolveSibling("target").toFile().list().length, "nothing is left over");
    }

    @Test
    void whatMavenCannotFetchIsSaidInOneSentence() throws Exception {
        Path peers = copyOfSources();
        assertMissing(new KotlinPeer("mvn", "-o", "-Dmaven.repo.local=" + scratch.resolve("empty")).build(peers, scratch), "Kotlin's compiler", "offline");
        assertEquals(0, peers.resolveSibling("target").toFile().list().length, "nothing is left over");
    }

    @Test
    void sourcesThatDoNotCompileAreNotWhatTheMachineLacks() {
        String said = "[INFO] x\n[ERROR] Failed to execute goal kotlin-maven-plugin:compile: Compilation failure -> [Help 1]\n[ERROR] \n"
                + "[ERROR] [Help 1] MojoExecutionException";
        String sentence = KotlinPeer.whyNot(Path.of("kotlin"), said);
        assertEquals("mvn compile failed in kotlin: Failed to execute goal kotlin-maven-plugin:compile: Compilation failure", sentence);
        assertTrue(KotlinPeer.whyNot(Path.of("kotlin"), said.replace("MojoExecution", "PluginResolution")).contains("fetches"));
    }

    @Test
    void missingSourcesAreABadCommandLine() {
        assertThrows(Invalid.class, () -> KotlinPeer.PEER.build(scratch, scratch));
    }

    @Test
    void theSchedulerHasAsManyWorkersAsPsAndIsToldWhatIsAnnounced() {
        List<String> announced = command("blocking-mix");
        assertEquals("java", announced.getFirst());
        assertTrue(announced.contains("-Dkotlinx.coroutines.scheduler.core.pool.size=2"), announced.toString());
        assertTrue(announced.contains("-Dbench.announced=true"), announced.toString());
        assertEquals("blocking-mix", announced.getLast());
        assertTrue(command("blocking-mix-found").contains("-Dbench.announced=false"));
    }

    private static List<String> command(String row) {
        return KotlinPeer.PEER.command(Path.of("/kotlin"), Side.KOTLIN, Catalogue.select(List.of(row)).getFirst(), 2, List.of("java", "-Xmx1g"), Path.of("/s"));
    }
}
