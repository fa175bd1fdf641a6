package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuotaTest {

    private static Path proc(Path directory, String mounts, String groups) throws IOException {
        Files.writeString(directory.resolve("mountinfo"), mounts);
        Files.writeString(directory.resolve("cgroup"), groups);
        return directory;
    }

    private static List<Path> children(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory).toList();
        }
    }

    @Test
    void versionOneLimitsBelowItsOwnGroup(@TempDir Path directory, @TempDir Path mount) throws IOException {
        Path own = Files.createDirectories(mount.resolve("docker/abc"));
        Path proc = proc(directory, "32 31 0:29 / " + mount + " rw,relatime - cgroup cgroup rw,cpu,cpuacct\n",
                "2:cpu,cpuacct:/docker/abc\n");
        Quota quota = Quota.create(proc);
        Path group = children(own).getFirst();
        assertEquals("100000", Files.readString(group.resolve("cpu.cfs_quota_us")));
        assertEquals("100000", Files.readString(group.resolve("cpu.cfs_period_us")));
        List<String> command = quota.enter(List.of("java", "-version"));
        assertTrue(command.contains(group.resolve("cgroup.procs").toString()));
        assertEquals(List.of("java", "-version"), command.subList(command.size() - 2, command.size()));
    }

    @Test
    void versionTwoLimitsBesideItsOwnGroup(@TempDir Path directory, @TempDir Path mount) throws IOException {
        Files.createDirectories(mount.resolve("user/session"));
        Quota.create(proc(directory, "30 23 0:26 / " + mount + " rw shared:4 - cgroup2 cgroup2 rw\n", "0::/user/session\n"));
        Path group = children(mount.resolve("user")).stream().filter(path -> !path.endsWith("session")).findFirst().orElseThrow();
        assertEquals("100000 100000", Files.readString(group.resolve("cpu.max")));
    }

    @Test
    void aMachineWithoutTheControllerIsToldSo(@TempDir Path directory, @TempDir Path mount) throws IOException {
        Path proc = proc(directory, "33 31 0:30 / " + mount + " rw - cgroup cgroup rw,memory\n", "3:memory:/\n");
        IOException thrown = assertThrows(IOException.class, () -> Quota.create(proc));
        assertTrue(thrown.getMessage().contains("cpu controller"), thrown.getMessage());
        assertTrue(children(mount).isEmpty());
    }

    @Test
    void aGroupThatCannotBeMadeIsNamed(@TempDir Path directory) throws IOException {
        Path nowhere = directory.resolve("nowhere");
        Path proc = proc(directory, "32 31 0:29 / " + nowhere + " rw - cgroup cgroup rw,cpu\n", "2:cpu:/\n");
        IOException thrown = assertThrows(IOException.class, () -> Quota.create(proc));
        assertTrue(thrown.getMessage().contains(nowhere.toString()), thrown.getMessage());
        assertFalse(Files.exists(nowhere));
    }
}
