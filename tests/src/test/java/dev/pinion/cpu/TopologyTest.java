package dev.pinion.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopologyTest extends OnFakeHost {
    @Test
    void hyperThreadsOfACoreAreSiblings() {
        Topology t = host.machine(1, 1, 4, 2).topology();
        assertEquals(CpuSet.range(0, 7), t.online());
        assertEquals(CpuSet.of(1, 5), t.siblings(5));
        assertEquals(t.coreOf(1), t.coreOf(5));
        assertEquals(3, t.coreOf(7));
        assertEquals(Topology.SIBLING, t.distance(1, 5));
        assertEquals(Topology.L3, t.distance(1, 2));
        assertEquals(List.of(), t.warnings());
    }

    @Test
    void stealOrderIsSiblingCacheNodeRest() {
        Topology t = host.machine(2, 2, 3, 2).topology(); // cores 0-2 | 3-5 on socket 0, 6-8 | 9-11 on socket 1, siblings 12 higher
        assertEquals(List.of(CpuSet.of(13), CpuSet.of(0, 2, 12, 14), CpuSet.of(3, 4, 5, 15, 16, 17),
                CpuSet.range(6, 11).union(CpuSet.range(18, 23))), List.of(t.stealOrder(1)));
        assertEquals(1, t.packageOf(8));
        assertEquals(0, t.nodeOf(14));
        assertEquals(3, t.l3Of(23));
    }

    @Test
    void readsHybridCoresByTheKernelsLists() {
        host.machine(1, 1, 6, 1).write("sys/devices/cpu_core/cpus", "0-1").write("sys/devices/cpu_atom/cpus", "2-5");
        for (int cpu = 0; cpu < 6; cpu++) {
            host.cpuFile(cpu, "cpu_capacity", cpu < 2 ? "1024" : "623");
        }
        Topology t = host.topology();
        assertEquals(CoreKind.PERFORMANCE, t.kindOf(1));
        assertEquals(CoreKind.EFFICIENT, t.kindOf(2));
        assertEquals(623, t.capacityOf(5));
        assertEquals(1024, t.capacityOf(0));
    }

    @Test
    void coresOfOneSortAreUniform() {
        Topology t = host.machine(1, 1, 2, 1).topology();
        assertEquals(CoreKind.UNIFORM, t.kindOf(0));
        assertEquals(1024, t.capacityOf(0));
    }

    @Test
    void readsTwoHundredAndEightyEightCpus() {
        Topology t = host.machine(2, 6, 12, 2).topology();
        assertEquals(288, t.online().size());
        assertEquals(CpuSet.of(143, 287), t.siblings(287));
        CpuSet[] order = t.stealOrder(287);
        assertEquals(1, order[Topology.SIBLING].size());
        assertEquals(22, order[Topology.L3].size());
        assertEquals(144 - 24, order[Topology.NODE].size());
        assertEquals(144, order[Topology.REST].size());
    }

    @Test
    void offlineCpusArePresentButNotOnline() {
        host.machine(1, 1, 4, 1).write("sys/devices/system/cpu/online", "0,2-3").write("sys/devices/system/cpu/isolated", "3");
        Topology t = host.topology();
        assertEquals(CpuSet.of(1), t.offline());
        assertEquals(CpuSet.of(3), t.isolated());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> t.coreOf(1)).getMessage().contains("CPU 1 is not online"));
    }

    @Test
    void withoutMultithreadingTheListsOfSiblingsAreNotNeeded() {
        host.machine(1, 1, 4, 1).write("sys/devices/system/cpu/smt/active", "0").delete("sys/devices/system/cpu/cpu2/topology/thread_siblings_list");
        Topology t = host.topology();
        assertEquals(CpuSet.of(2), t.siblings(2));
        assertEquals(3, t.coreOf(3));
        assertEquals(List.of(), t.warnings());
    }

    @Test
    void aCutDownSysMakesEachCpuACoreAndSaysSoOnce() {
        host.online("0-3");
        Topology t = host.topology();
        assertEquals(CpuSet.of(2), t.siblings(2));
        assertEquals(Topology.L3, t.distance(0, 3));
        assertEquals(1, t.warnings().size());
        assertEquals(host.files.sys("devices/system/cpu/") + " is incomplete, so Pinion assumes that each CPU is a core of its own, "
                + "that all CPUs are in one socket.", t.warnings().getFirst());
    }

    @Test
    void withoutSysTheAffinityMaskIsTheMachine() {
        Topology t = Topology.read(host.files, CpuSet.of(2, 70));
        assertEquals(CpuSet.of(2, 70), t.online());
        assertEquals(CpuSet.of(2, 70), t.present());
        assertEquals(1, t.warnings().size());
        assertThrows(IllegalArgumentException.class, () -> Topology.read(host.files, CpuSet.EMPTY));
    }

    @Test
    void aContainersOwnCpuNumbersDoNotHideTheMask() {
        host.online("0-1");
        assertEquals(CpuSet.of(0, 1, 5, 9), Topology.read(host.files, CpuSet.of(5, 9)).online());
    }

    @Test
    void aBrokenFileIsToldAndNotUsed() {
        host.machine(1, 1, 2, 1).write("sys/devices/system/cpu/isolated", "(null)");
        Topology t = host.topology();
        assertEquals(CpuSet.EMPTY, t.isolated());
        assertEquals(List.of(host.files.sys("devices/system/cpu/isolated") + " does not hold a list of CPUs and is not used."), t.warnings());
    }

    @Test
    void oneCpuAloneHasNobodyToStealFrom() {
        Topology t = host.machine(1, 1, 1, 1).topology();
        for (CpuSet set : t.stealOrder(0)) {
            assertTrue(set.isEmpty());
        }
    }

    @Test
    void withoutAThirdLevelTheSocketIsTheCache() {
        host.machine(2, 1, 2, 1);
        for (int cpu = 0; cpu < 4; cpu++) {
            host.cpuFile(cpu, "cache/index3/level", "4").cpuFile(cpu, "cache/index0/level", "1");
        }
        Topology t = host.topology();
        assertEquals(Topology.L3, t.distance(0, 1));
        assertEquals(Topology.REST, t.distance(0, 2));
        assertEquals(List.of(), t.warnings());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "99;--cpus 99: CPU 99 is not on this machine, which has CPUs 0-5.",
        "0-99;--cpus 0-99: CPU 6 is not on this machine, which has CPUs 0-5.",
        "5;--cpus 5: CPU 5 is offline, online are CPUs 0-4.",
        "0,4;--cpus 0,4: CPU 4 is outside the cpuset of this process, which allows CPUs 0-3."})
    void tellsMissingFromOfflineFromForbidden(String text, String sentence) {
        host.machine(1, 1, 6, 1).write("sys/devices/system/cpu/online", "0-4");
        Topology t = host.topology();
        assertEquals(sentence,
                assertThrows(BadCpuList.class, () -> CpuChoice.check("--cpus", text, t, CpuSet.range(0, 3))).getMessage());
    }

    @Test
    void withoutAKnownCpusetEveryOnlineCpuMayBeTried() {
        Topology t = host.machine(1, 1, 6, 1).topology();
        assertEquals(CpuSet.of(4), CpuChoice.check("--cpus", "4", t, null));
    }

    @Test
    void thisMachineHasTheCpusThatWeRunOn() {
        Topology t = Topology.read(HostFiles.ofThisMachine(), CpuSet.EMPTY);
        assertTrue(t.online().size() >= 1);
        int cpu = t.online().first();
        assertTrue(t.siblings(cpu).contains(cpu));
    }
}
