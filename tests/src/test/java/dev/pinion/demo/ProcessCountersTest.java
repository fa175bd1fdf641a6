package dev.pinion.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessCountersTest {
    @TempDir
    Path process;

    private void task(int id, String name, long voluntary, long involuntary) throws IOException {
        Path task = Files.createDirectories(process.resolve("task/" + id));
        Files.writeString(task.resolve("status"), "Name:\t" + name + "\nState:\tS (sleeping)\nvoluntary_ctxt_switches:\t" + voluntary
                + "\nnonvoluntary_ctxt_switches:\t" + involuntary + "\n");
    }

    private void stat(long user, long system) throws IOException {
        Files.writeString(process.resolve("stat"), "7 (a (b) c) S 1 7 7 0 -1 4194304 100 0 0 0 " + user + " " + system + " 9 9 20 0 3 0\n");
    }

    @Test
    void bothKindsOfSwitchesAndBothKindsOfTimeCount() throws IOException {
        stat(100, 50);
        task(7, "java", 10, 1);
        task(8, "pinion-P0-M0", 100, 20);
        task(9, "pinion-sysmon", 5, 0);
        ProcessCounters before = ProcessCounters.read(process);
        assertEquals(1500, before.cpuMillis());
        assertEquals(3, before.threads());
        assertEquals(1, before.pinionThreads());

        task(8, "pinion-P0-M0", 150, 27);
        task(10, "pinion-P1-M1", 3, 1); // born meanwhile
        assertEquals(57 + 4, ProcessCounters.read(process).switchesSince(before));
    }

    @Test
    void aThreadThatEndsWhileItIsReadIsNoError() throws IOException {
        stat(1, 1);
        Files.createDirectories(process.resolve("task/11"));
        task(7, "java", 1, 1);
        assertEquals(1, ProcessCounters.read(process).threads());
    }

    @Test
    void aStatusWithoutTheCountsIsAnError() throws IOException {
        stat(1, 1);
        Files.writeString(Files.createDirectories(process.resolve("task/7")).resolve("status"), "Name:\tjava\n");
        assertThrows(IOException.class, () -> ProcessCounters.read(process));
    }

    @Test
    void thisProcessCanBeRead() throws IOException {
        assertEquals(0, ProcessCounters.read(Path.of("/proc/self")).pinionThreads());
    }
}
