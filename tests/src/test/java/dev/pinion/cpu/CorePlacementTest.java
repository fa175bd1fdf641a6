package dev.pinion.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CorePlacementTest extends OnFakeHost {
    private static int[] place(Topology t, CpuSet cpus, int ps, CpuLoad load, int rotation) {
        return CorePlacement.choose(t, cpus, null, null, ps, load, rotation).cpuOfP();
    }

    private static CpuLoad busy(CpuSet cpus) {
        return cpu -> cpus.contains(cpu) ? 900 : 20;
    }

    @Test
    void onePOnEachPhysicalCoreBeforeTheSiblings() {
        Topology t = host.machine(1, 1, 4, 2).topology();
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5, 6, 7}, place(t, t.online(), 8, CpuLoad.NONE, 0));
        for (int rotation = -9; rotation < 20; rotation++) {
            int[] cpus = place(t, t.online(), 4, CpuLoad.NONE, rotation);
            Set<Integer> cores = new HashSet<>();
            for (int cpu : cpus) {
                cores.add(t.coreOf(cpu));
            }
            assertEquals(4, cores.size());
        }
    }

    @Test
    void morePsThanCpusGoRoundAgain() {
        Topology t = host.machine(1, 1, 2, 1).topology();
        assertArrayEquals(new int[] {1, 0, 1, 0, 1}, place(t, t.online(), 5, CpuLoad.NONE, 1));
        Topology one = new FakeHost(root.resolve("one")).machine(1, 1, 1, 1).topology();
        assertArrayEquals(new int[] {0, 0, 0}, place(one, one.online(), 3, CpuLoad.NONE, 7));
    }

    @Test
    void startsFromTheIdlestCoreAndStaysInItsCache() {
        Topology t = host.machine(2, 1, 4, 1).topology();
        CpuLoad load = cpu -> cpu == 6 ? 0 : cpu == 5 ? 800 : 100;
        assertArrayEquals(new int[] {6, 4, 7}, place(t, t.online(), 3, load, 0));
        assertArrayEquals(new int[] {6, 7, 4, 0, 1, 2, 3, 5}, place(t, t.online(), 8, load, 6));
    }

    @Test
    void aCoreWithABusySiblingComesLate() {
        Topology t = host.machine(1, 1, 3, 2).topology(); // siblings 0,3 1,4 2,5
        assertArrayEquals(new int[] {1, 2, 0}, place(t, t.online(), 3, busy(CpuSet.of(3)), 0));
        assertArrayEquals(new int[] {1, 2, 3}, place(t, t.online(), 3, busy(CpuSet.of(0)), 0));
    }

    @Test
    void twoProcessesWithoutMeasurementsBeginElsewhere() {
        Topology t = host.machine(1, 1, 8, 1).topology();
        assertEquals(3, place(t, t.online(), 1, CpuLoad.NONE, 3)[0]);
        assertEquals(5, place(t, t.online(), 1, CpuLoad.NONE, -3)[0]);
    }

    @Test
    void fastCoresBeforeSmallOnes() {
        host.machine(1, 1, 6, 1).write("sys/devices/cpu_core/cpus", "4-5").write("sys/devices/cpu_atom/cpus", "0-3");
        Topology t = host.topology();
        assertEquals(CpuSet.of(4, 5), CpuSet.of(place(t, t.online(), 2, busy(CpuSet.of(4)), 0)));
        assertEquals(CpuSet.range(0, 5), CpuSet.of(place(t, t.online(), 6, CpuLoad.NONE, 2)));
    }

    @Test
    void namedCpusMayBeIsolatedOnesOutsideTheMask() {
        host.machine(1, 1, 4, 1).write("sys/devices/system/cpu/isolated", "2-3");
        CorePlacement placed = CorePlacement.choose(host.topology(), CpuSet.of(0, 1), CpuSet.of(2, 3), null, 2, CpuLoad.NONE, 0);
        assertArrayEquals(new int[] {2, 3}, placed.cpuOfP());
        assertEquals(CpuSet.of(0, 1), placed.housekeeping());
    }

    @Test
    void housekeepingGetsTheSpareCpusOrAll() {
        Topology t = host.machine(1, 1, 4, 1).topology();
        assertEquals(CpuSet.of(2, 3), CorePlacement.choose(t, t.online(), null, null, 2, CpuLoad.NONE, 0).housekeeping());
        assertEquals(t.online(), CorePlacement.choose(t, t.online(), null, null, 4, CpuLoad.NONE, 0).housekeeping());
    }

    @Test
    void psKeepOffTheHousekeepingCpus() {
        Topology t = host.machine(1, 1, 4, 1).topology();
        CorePlacement placed = CorePlacement.choose(t, t.online(), null, CpuSet.of(0), 4, CpuLoad.NONE, 0);
        assertArrayEquals(new int[] {1, 2, 3, 1}, placed.cpuOfP());
        assertEquals(CpuSet.of(0), placed.housekeeping());
        assertEquals(List.of(), placed.warnings());
        assertEquals(List.of("the Ps do without CPU 1, given both to them and to housekeeping."),
                CorePlacement.choose(t, t.online(), CpuSet.of(1, 2), CpuSet.of(0, 1), 1, CpuLoad.NONE, 0).warnings());
    }

    @Test
    void contradictorySettingsAreRefused() {
        Topology t = host.machine(1, 1, 4, 1).topology();
        assertEquals("housekeeping on CPUs 0-3 leaves no CPU for the Ps, which have CPUs 1-2.", assertThrows(BadCpuList.class,
                () -> CorePlacement.choose(t, t.online(), CpuSet.of(1, 2), CpuSet.range(0, 3), 1, CpuLoad.NONE, 0)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> place(t, t.online(), 0, CpuLoad.NONE, 0));
    }

    @Test
    void twoHundredCpusAndMore() {
        Topology t = host.machine(1, 1, 200, 1).topology();
        assertEquals(t.online(), CpuSet.of(place(t, t.online(), 200, CpuLoad.NONE, 123)));
        Topology big = new FakeHost(root.resolve("big")).machine(2, 6, 12, 2).topology();
        int[] cpus = place(big, big.online(), 288, CpuLoad.NONE, 77);
        assertEquals(big.online(), CpuSet.of(cpus));
        for (int p = 0; p < 144; p++) {
            assertEquals(p < 72 ? big.nodeOf(cpus[0]) : 1 - big.nodeOf(cpus[0]), big.nodeOf(cpus[p]), "P" + p);
        }
    }

    @Test
    void psStealFromTheNearestFirst() {
        Topology t = host.machine(2, 2, 2, 2).topology(); // siblings 8 higher
        int[] cpuOfP = {0, 8, 1, 2, 4, 0};
        assertArrayEquals(new int[][] {{1, 5}, {2}, {3}, {4}}, CorePlacement.stealOrder(t, cpuOfP, 0));
    }
}
