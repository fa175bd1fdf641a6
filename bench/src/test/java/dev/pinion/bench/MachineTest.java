package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.cpu.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
    @TempDir
    Path root;

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
    }

    private Machine read() throws IOException {
        return Machine.read(new HostFiles(root.resolve("proc"), root.resolve("sys"), root), Map.of("Go", "go1.27"));
    }

    @Test
    void aGuestIsDescribed() throws IOException {
        file("proc/cpuinfo", "model name\t: Some CPU @ 3 GHz\nflags\t\t: fpu hypervisor tsc");
        file("proc/self/status", "Cpus_allowed_list:\t1-2");
        file("proc/sys/kernel/osrelease", "6.18.1");
        file("proc/meminfo", "MemTotal:       16384000 kB");
        file("sys/devices/system/cpu/online", "0-3");
        file("sys/class/dmi/id/sys_vendor", "QEMU");
        file("sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "powersave");
        file("sys/devices/system/cpu/cpu2/cpufreq/scaling_governor", "performance");
        Map<String, String> facts = read().facts();
        assertEquals("Some CPU @ 3 GHz", facts.get("CPU"));
        assertEquals("2 usable (1,2) of 4", facts.get("CPUs"));
        assertEquals("6.18.1", facts.get("kernel"));
        assertEquals("yes, QEMU", facts.get("virtual"));
        assertEquals("performance, powersave", facts.get("governor"));
        assertEquals("16 GiB", facts.get("memory"));
        assertEquals("go1.27", facts.get("Go"));
    }

    @Test
    void whatCannotBeReadIsUnknownAndNeverGood() throws IOException {
        file("proc/self/status", "Cpus_allowed_list:\t0");
        Map<String, String> facts = read().facts();
        for (String name : List.of("CPU", "kernel", "virtual", "governor", "memory")) {
            assertEquals(Machine.UNKNOWN, facts.get(name), name);
        }
        assertEquals("1 usable (0) of unknown", facts.get("CPUs"));
    }

    @Test
    void onlyWhatDecidesIsADifference() throws IOException {
        file("proc/self/status", "Cpus_allowed_list:\t0");
        Machine before = read();
        file("proc/meminfo", "MemTotal:       16384000 kB");
        assertEquals(List.of(), before.differences(read()));
        file("proc/cpuinfo", "model name : X\nflags : fpu");
        assertEquals(List.of("CPU: unknown, then X", "virtual: unknown, then no"), before.differences(read()));
        assertTrue(before.differences(before).isEmpty());
    }
}
