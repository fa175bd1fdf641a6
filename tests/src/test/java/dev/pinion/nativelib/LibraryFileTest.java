package dev.pinion.nativelib;

import static dev.pinion.nativelib.HostCheckTest.assertSentence;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryFileTest {
    private static final String ARCHITECTURE =
            HostCheck.architecture(System.getProperty("os.name"), System.getProperty("os.arch"));

    @TempDir
    Path temporary;

    @Test
    void unpacksIntoADirectoryOfItsOwnAndLeavesNothing() throws IOException {
        Path file;
        try (LibraryFile library = LibraryFile.locate(null, temporary.toString(), ARCHITECTURE)) {
            file = Path.of(library.absolutePath());
            assertTrue(Files.size(file) > 0);
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
            assertEquals(temporary, file.getParent().getParent());
        }
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void twoProcessesGetTwoDirectories() {
        try (LibraryFile one = LibraryFile.locate(null, temporary.toString(), ARCHITECTURE);
                LibraryFile two = LibraryFile.locate(null, temporary.toString(), ARCHITECTURE)) {
            assertNotEquals(one.absolutePath(), two.absolutePath());
        }
    }

    @Test
    void aNamedFileOrItsDirectoryIsUsedAndKept() throws IOException {
        Path file = Files.writeString(temporary.resolve("libpinion.so"), "not really");
        for (Path given : new Path[] {file, temporary}) {
            try (LibraryFile library = LibraryFile.locate(given.toString(), "/nonexistent", ARCHITECTURE)) {
                assertEquals(file.toString(), library.absolutePath());
            }
            assertTrue(Files.exists(file));
        }
    }

    @Test
    void aMissingNamedFileIsOneSentenceAndNoFallback() {
        String given = temporary.resolve("nothing").toString();
        assertSentence(given, assertThrows(UnsupportedHost.class,
                () -> LibraryFile.locate(given, temporary.toString(), ARCHITECTURE)));
        assertSentence(temporary.toString(), assertThrows(UnsupportedHost.class,
                () -> LibraryFile.locate(temporary.toString(), temporary.toString(), ARCHITECTURE)));
    }

    @Test
    void aMissingTemporaryDirectoryIsOneSentence() {
        String missing = temporary.resolve("missing").toString();
        assertSentence(missing, assertThrows(UnsupportedHost.class,
                () -> LibraryFile.locate(null, missing, ARCHITECTURE)));
        assertFalse(Files.exists(Path.of(missing)));
    }

    @Test
    void anArchitectureWithoutALibraryIsNamed() {
        assertSentence("linux-s390x", assertThrows(UnsupportedHost.class,
                () -> LibraryFile.locate(null, temporary.toString(), "s390x")));
    }
}
