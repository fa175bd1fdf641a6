package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerTest {

    @Test
    void aMissingToolchainIsSaidWithTheWayToGetIt(@TempDir Path directory) throws Exception {
        Peer.Built built = new GoPeer("no-such-go").build(Path.of("peers"), directory);
        assertNull(built.program());
        assertTrue(built.missing().contains("no-such-go") && built.missing().contains("https://go.dev/dl"), built.missing());
        assertEquals(1, built.missing().lines().count());
    }

    @Test
    void missingSourcesAreABadCommandLine(@TempDir Path directory) {
        assertThrows(Invalid.class, () -> GoPeer.PEER.build(directory, directory));
    }

    @Test
    void neighboursAreComparedAndNobodyAlwaysComesFirst() {
        int subject = -1;
        int again = -2;
        assertEquals(List.of(subject, 0, again, 1), Runner.places(2, true, 0));
        assertEquals(List.of(1, again, 0, subject), Runner.places(2, true, 1));
        assertEquals(List.of(subject, 1, 0, again), Runner.places(2, true, 2));
        assertEquals(List.of(again, 0, 1, subject), Runner.places(2, true, 3));
        assertEquals(Runner.places(2, true, 0), Runner.places(2, true, 4));
        assertEquals(List.of(subject, 0), Runner.places(1, false, 2));
    }
}
