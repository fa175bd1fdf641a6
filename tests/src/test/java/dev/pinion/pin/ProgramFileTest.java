package dev.pinion.pin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramFileTest {
    @TempDir
    private Path directory;

    @Test
    void tellsAsAShellDoes() throws Exception {
        Path first = Files.createDirectory(directory.resolve("first"));
        Path second = Files.createDirectory(directory.resolve("second"));
        Files.createFile(first.resolve("tool"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        String path = first + ":" + second;

        assertEquals(ProgramFile.NOT_EXECUTABLE, ProgramFile.check("tool", path));
        assertEquals(ProgramFile.NOT_EXECUTABLE, ProgramFile.check(first + "/tool", path));
        assertEquals(ProgramFile.NOT_EXECUTABLE, ProgramFile.check("second", directory.toString()), "a directory");
        assertEquals(ProgramFile.NOT_FOUND, ProgramFile.check("nothing", path));
        assertEquals(ProgramFile.NOT_FOUND, ProgramFile.check("./nothing", path));
        assertEquals(ProgramFile.NOT_FOUND, ProgramFile.check("", path));
        assertEquals(ProgramFile.NOT_FOUND, ProgramFile.check("tool", null));

        Files.createFile(second.resolve("tool"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        assertEquals(0, ProgramFile.check("tool", path), "the first that can be run, past one that cannot");
        assertEquals(0, ProgramFile.check(second + "/tool", null));
    }

    /** Group 7 in the foreground of the terminal 34816, in its background, and without a terminal. */
    @Test
    void onlyInTheForegroundATerminalInterruptsTheChildItself() {
        assertTrue(PinnedProcess.inForeground("9 (a b) c) S 1 7 7 34816 7 4194304"));
        assertFalse(PinnedProcess.inForeground("9 (java) S 1 7 7 34816 8 4194304"));
        assertFalse(PinnedProcess.inForeground("9 (java) S 1 7 7 0 -1 4194304"));
        assertFalse(PinnedProcess.inForeground(null));
    }
}
