package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaunchTest {

    private static final Launch LAUNCH = new Launch(Path.of("/jdk/bin/java"), "classes", "lib/*", Path.of("/pinion.jar"), Path.of("/empty.jar"),
            Map.of(GoPeer.PEER, new Peer.Built(Path.of("/peer"), null, ""), CPeer.PEER, new Peer.Built(Path.of("/cpeer"), null, "")),
            Path.of("/scratch"));

    private static List<String> command(Side side, List<Integer> pins) {
        return LAUNCH.command(side, Catalogue.select(List.of("block-unannounced")).getFirst(), 1, List.of(2, 3), pins, "schedtrace=1000",
                Options.parse());
    }

    @Test
    void pinsGoToPinionsOptions() {
        assertTrue(command(Side.PINION, List.of(2)).contains("gomaxprocs=1,cpus=2,schedtrace=1000"));
        assertTrue(command(Side.PINION, List.of()).contains("gomaxprocs=1,schedtrace=1000"));
        assertEquals(List.of("taskset", "-c", "2,3"), command(Side.PINION, List.of(2)).subList(0, 3));
    }

    @Test
    void aRowsOwnOptionsComeBeforeTheUsers() {
        Workload spinning = Catalogue.select(List.of("net-open-10k-spin")).getFirst();
        List<String> command = LAUNCH.command(Side.PINION, spinning, 1, List.of(2), List.of(), "slice=5", Options.parse());
        assertTrue(command.contains("gomaxprocs=1,idle=spin,slice=5"), command.toString());
        assertTrue(LAUNCH.command(Side.JDK, spinning, 1, List.of(2), List.of(), "", Options.parse()).stream()
                .noneMatch(word -> word.contains("spin")));
    }

    @Test
    void theFloorIsToldTheNumberOfThreads() {
        assertEquals(List.of("taskset", "-c", "2,3", "/cpeer", "block-unannounced", "1"), command(Side.FLOOR, List.of()));
    }

    @Test
    void whatOnlySomeProgramsNeedIsBehindAllElse() {
        assertTrue(command(Side.PINION, List.of()).contains("classes:/pinion.jar:lib/*"));
        assertTrue(command(Side.JDK, List.of()).contains("classes:lib/*"));
    }

    @Test
    void childrenPutTheirFilesIntoTheScratchDirectory() {
        assertTrue(command(Side.JDK, List.of()).contains("-Djava.io.tmpdir=/scratch"));
        assertTrue(command(Side.GO, List.of()).contains("TMPDIR=/scratch"));
    }

    @Test
    void theGoPeerIsToldOfTheTimerSlack() {
        assertEquals(List.of("/peer", "block-unannounced", "1ns"), command(Side.GO_1NS, List.of()).subList(6, 9));
        assertEquals("block-unannounced", command(Side.GO, List.of()).getLast());
        assertTrue(command(Side.GO, List.of()).contains("GOMAXPROCS=1"));
    }
}
