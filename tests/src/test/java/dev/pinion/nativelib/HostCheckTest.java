package dev.pinion.nativelib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts other than this one, by their facts. */
class HostCheckTest {
    @TempDir
    Path root;

    @Test
    void namesTheArchitectureAsTheKernelDoes() {
        assertEquals("x86_64", HostCheck.architecture("Linux", "amd64"));
        assertEquals("aarch64", HostCheck.architecture("Linux", "aarch64"));
    }

    @Test
    void otherSystemsAreOneSentence() {
        assertSentence("Mac OS X", assertThrows(UnsupportedHost.class, () -> HostCheck.architecture("Mac OS X", "aarch64")));
        assertSentence("riscv64", assertThrows(UnsupportedHost.class, () -> HostCheck.architecture("Linux", "riscv64")));
    }

    @Test
    void aJvmOnMuslIsRefused() throws IOException {
        File lib = library("ld-musl-x86_64.so.1");
        Path maps = maps("7f00-7f01 r-xp 0 08:01 12 /lib/ld-musl-x86_64.so.1\n");
        assertSentence("musl", assertThrows(UnsupportedHost.class, () -> HostCheck.refuseMusl(lib, maps)));
    }

    @Test
    void muslBesideGlibcIsNoReason() throws IOException {
        File lib = library("ld-musl-x86_64.so.1");
        HostCheck.refuseMusl(lib, maps("7f00-7f01 r-xp 0 08:01 12 /lib/x86_64-linux-gnu/libc.so.6\n"));
    }

    @Test
    void aGlibcHostNeedsNoMaps() {
        HostCheck.refuseMusl(root.toFile(), root.resolve("missing"));
    }

    @Test
    void unreadableMapsAreSaidNotGuessed() throws IOException {
        File lib = library("ld-musl-aarch64.so.1");
        assertSentence("missing", assertThrows(UnsupportedHost.class,
                () -> HostCheck.refuseMusl(lib, root.resolve("missing"))));
    }

    private File library(String name) throws IOException {
        Files.createFile(root.resolve(name));
        return root.toFile();
    }

    private Path maps(String text) throws IOException {
        return Files.writeString(root.resolve("maps"), text);
    }

    static void assertSentence(String naming, UnsupportedHost e) {
        String message = e.getMessage();
        assertTrue(message.contains(naming), message);
        assertTrue(message.endsWith(".") && message.indexOf('\n') < 0, message);
    }
}
