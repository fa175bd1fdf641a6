package dev.pinion.jmh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pinion.cpu.BadCpuList;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.FakeHost;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four cores with two threads each; the siblings of 0 to 3 are 4 to 7. */
class WorkerCoresTest {
    private static final CpuSet ALL = CpuSet.range(0, 7);

    @TempDir
    private Path root;
    private FakeHost host;

    @BeforeEach
    void machine() {
        host = new FakeHost(root).machine(1, 1, 4, 2);
    }

    private WorkerCores choose(CpuSet mask, String cpus, String housekeeping, int workers) {
        return WorkerCores.choose(host.files, mask, cpus, housekeeping, workers);
    }

    @Test
    void workersGetPhysicalCoresAndLeaveCpu0() {
        WorkerCores cores = choose(ALL, null, null, 3);
        CpuSet used = CpuSet.of(cores.cpuOfWorker());
        assertEquals(3, used.size());
        for (int cpu : used.toArray()) {
            assertEquals(0, used.without(cpu).intersect(CpuSet.of(cpu % 4, cpu % 4 + 4)).size(), "no siblings in " + used);
        }
        assertFalse(used.contains(0));
        assertEquals(List.of(), cores.warnings());
    }

    @Test
    void theSameCoresAreChosenAgain() {
        assertArrayEquals(choose(ALL, null, null, 2).cpuOfWorker(), choose(ALL, null, null, 2).cpuOfWorker());
    }

    @Test
    void namedCpusAreTakenFromTheFirst() {
        assertArrayEquals(new int[] {1, 2}, choose(CpuSet.of(0), "1-3", null, 2).cpuOfWorker(), "also outside the mask");
    }

    @Test
    void housekeepingIsLeftOut() {
        assertEquals(CpuSet.of(1, 3), CpuSet.of(choose(CpuSet.range(0, 3), null, "0,2", 2).cpuOfWorker()));
    }

    @Test
    void whoSharesHearsWhy() {
        assertEquals(List.of("3 threads share CPUs 1-2, since pinion.jmh.cpus is 1-2."), choose(ALL, "1-2", null, 3).warnings());
        assertEquals(List.of("2 threads share CPU 5, since the affinity mask allows 5."), choose(CpuSet.of(5), null, null, 2).warnings());
        assertEquals(List.of("2 threads on CPUs 1,5 share 1 physical core, since pinion.jmh.cpus is 1,5."),
                choose(ALL, "1,5", null, 2).warnings());
        assertEquals(List.of("4 threads share CPUs 1-3, since the affinity mask allows 0-3 and pinion.jmh.housekeeping is 0."),
                choose(CpuSet.range(0, 3), null, "0", 4).warnings());
    }

    @Test
    void aQuotaBelowTheThreadsIsNamed() {
        host.write("proc/self/cgroup", "0::/pod").write("proc/self/mountinfo", "30 20 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw");
        host.write("sys/fs/cgroup/pod/cpu.max", "150000 100000");
        assertEquals(List.of(), choose(ALL, null, null, 2).warnings());
        assertEquals(List.of("3 threads will be throttled, since the cgroup's quota is 2 CPUs."), choose(ALL, null, null, 3).warnings());
    }

    @Test
    void aWrongListIsOneSentence() {
        assertEquals("pinion.jmh.cpus 1-9: CPU 8 is not on this machine, which has CPUs 0-7.",
                assertThrows(BadCpuList.class, () -> choose(ALL, "1-9", null, 1)).getMessage());
        assertEquals("pinion.jmh.housekeeping 1-: a number is missing after '-', give CPUs as in 0-3,8.",
                assertThrows(BadCpuList.class, () -> choose(ALL, null, "1-", 1)).getMessage());
        assertEquals("pinion.jmh.housekeeping 0-7 leaves the threads no CPU: the affinity mask allows 0-7.",
                assertThrows(BadCpuList.class, () -> choose(ALL, null, "0-7", 1)).getMessage());
    }
}
