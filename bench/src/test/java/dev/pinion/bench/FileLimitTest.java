package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLimitTest {
    private static final String HEAD = "Limit                     Soft Limit           Hard Limit           Units     \n";

    @TempDir
    private Path directory;

    private Path limits(String line) throws IOException {
        return Files.writeString(directory.resolve("limits"), HEAD + line + "\n");
    }

    @Test
    void theHardLimitIsTheSecondNumber() throws IOException {
        assertEquals(4096, FileLimit.hard(limits("Max open files            1024                 4096                 files     ")));
        assertEquals(Long.MAX_VALUE, FileLimit.hard(limits("Max open files            1024                 unlimited            files")));
    }

    @Test
    void aFileWithoutItIsNamed() throws IOException {
        for (String line : new String[] {"Max processes 1 2 processes", "Max open files 1024", "Max open files 1024 many files"}) {
            Path limits = limits(line);
            assertTrue(assertThrows(IOException.class, () -> FileLimit.hard(limits)).getMessage().contains(limits.toString()));
        }
    }

    @Test
    void thisProcessHasOne() throws IOException {
        assertTrue(FileLimit.hard(Path.of("/proc/self/limits")) > 0);
    }
}
