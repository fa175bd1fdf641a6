package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoPeerTest {
    private static final Path PEERS = Path.of("peers");

    @TempDir
    Path scratch;

    @Test
    void whereThereIsNoGoTheSideIsMissingAndHowToGetItIsSaid() throws Exception {
        Peer.Built built = new GoPeer(scratch.resolve("go").toString()).build(PEERS, scratch);

        assertNull(built.program());
        assertTrue(built.missing().contains("get it from"), built.missing());
    }

    /** As a user without a home of his own: Go then has no cache to build in. */
    @Test
    void whereGoFailsTheSideIsMissingAndItsReasonIsQuoted() throws Exception {
        Path go = Files.writeString(scratch.resolve("go"), "#!/bin/sh\necho 'failed to initialize build cache'\necho 'mkdir: denied'\nexit 1\n");
        Files.setPosixFilePermissions(go, PosixFilePermissions.fromString("rwxr-xr-x"));

        Peer.Built built = new GoPeer(go.toString()).build(PEERS, scratch);

        assertNull(built.program());
        assertEquals(go + " build failed in peers/go: failed to initialize build cache mkdir: denied", built.missing());
    }
}
