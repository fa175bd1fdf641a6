package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pinion.cpu.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuSetTest {

    @Test
    void readsTheMaskOfAStatusFile(@TempDir Path directory) throws IOException {
        Path status = Files.createDirectory(directory.resolve("self")).resolve("status");
        HostFiles host = new HostFiles(directory, directory, directory);
        Files.writeString(status, "Name:\tjava\nCpus_allowed:\t105\nCpus_allowed_list:\t0,2,8-10\n");
        assertEquals(List.of(0, 2, 8, 9, 10), CpuSet.allowed(host));
        Files.writeString(status, "Name:\tjava\n");
        assertThrows(IOException.class, () -> CpuSet.allowed(host));
    }

    @Test
    void aChildGetsOneCpuMoreThanPsExceptBesideAHog() {
        List<Integer> usable = List.of(4, 5, 6, 7);
        assertEquals(List.of(4, 5), CpuSet.choose(usable, 1, Condition.QUIET));
        assertEquals(List.of(4, 5, 6), CpuSet.choose(usable, 2, Condition.QUOTA));
        assertEquals(List.of(4), CpuSet.choose(usable, 1, Condition.HOG));
        assertEquals(List.of(4, 5), CpuSet.choose(usable, 2, Condition.HOGS4));
        assertEquals(usable, CpuSet.choose(usable, 9, Condition.QUIET));
    }
}
