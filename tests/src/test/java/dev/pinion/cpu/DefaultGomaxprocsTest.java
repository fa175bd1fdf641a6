package dev.pinion.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultGomaxprocsTest extends OnFakeHost {
    private static final String V2 = "30 24 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n";
    private static final CpuSet EIGHT = CpuSet.range(0, 7);

    private FakeHost v2(String group) {
        return host.write("proc/self/cgroup", "0::" + group).write("proc/self/mountinfo", "22 27 0:21 / /proc rw - proc proc rw\n" + V2);
    }

    private int gomaxprocs() {
        return new DefaultGomaxprocs(host.files).compute(EIGHT);
    }

    @ParameterizedTest
    @CsvSource({"50000 100000,2", "100000 100000,2", "100001 100000,2", "200000 100000,2", "200001 100000,3", "250000 100000,3",
        "700000 100000,7", "900000 100000,8", "1000 1000,2", "max 100000,8", "'',8", "garbage,8", "0 100000,8"})
    void roundsAQuotaUpAndNeverBelowTwo(String cpuMax, int expected) {
        v2("/app").write("sys/fs/cgroup/app/cpu.max", cpuMax);
        assertEquals(expected, gomaxprocs());
    }

    @Test
    void aQuotaDoesNotRaiseTheOneCpuOfTheMask() {
        v2("/app").write("sys/fs/cgroup/app/cpu.max", "50000 100000");
        assertEquals(1, new DefaultGomaxprocs(host.files).compute(CpuSet.of(3)));
    }

    @Test
    void theSmallestOfNestedQuotasCounts() {
        v2("/pod/app").write("sys/fs/cgroup/pod/app/cpu.max", "max 100000").write("sys/fs/cgroup/pod/cpu.max", "300000 100000");
        assertEquals(3, gomaxprocs());
        host.write("sys/fs/cgroup/pod/app/cpu.max", "200000 100000");
        assertEquals(2, gomaxprocs());
    }

    @Test
    void readsTheQuotaAgain() {
        v2("/app").write("sys/fs/cgroup/app/cpu.max", "max 100000");
        DefaultGomaxprocs live = new DefaultGomaxprocs(host.files);
        assertEquals(8, live.compute(EIGHT));
        host.write("sys/fs/cgroup/app/cpu.max", "400000 100000");
        assertEquals(4, live.compute(EIGHT));
        host.write("sys/fs/cgroup/app/cpu.max", "max 100000");
        assertEquals(8, live.compute(EIGHT));
    }

    @Test
    void readsVersionOneByItsOwnHierarchy() {
        host.write("proc/self/cgroup", "4:cpu,cpuacct:/docker/a b\n3:cpuset:/\n0::/other")
                .write("proc/self/mountinfo", V2
                        + "31 30 0:28 / /sys/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacctonly\n"
                        + "32 30 0:29 /docker/a\\040b /mnt/cpu\\040one rw shared:3 - cgroup cgroup rw,cpuacct,cpu\n")
                .write("sys/fs/cgroup/other/cpu.max", "300000 100000")
                .write("mnt/cpu one/cpu.cfs_quota_us", "550000").write("mnt/cpu one/cpu.cfs_period_us", "100000");
        assertEquals(6, gomaxprocs());
        host.write("mnt/cpu one/cpu.cfs_quota_us", "-1");
        assertEquals(8, gomaxprocs());
    }

    @Test
    void aGroupOutsideTheMountIsTheMountItself() {
        host.write("proc/self/cgroup", "0::/../../host/pod").write("proc/self/mountinfo", V2).write("sys/fs/cgroup/cpu.max", "300000 100000");
        assertEquals(3, gomaxprocs());
        host.write("proc/self/cgroup", "0::/elsewhere").write("proc/self/mountinfo", V2.replace(" / /sys", " /docker/x /sys"));
        assertEquals(3, gomaxprocs());
    }

    @Test
    void withoutCgroupsTheMaskCounts() {
        assertEquals(8, gomaxprocs());
        assertNull(new DefaultGomaxprocs(host.files).cpuset().read());
        assertEquals(CpuQuota.UNLIMITED, new DefaultGomaxprocs(host.files).quota().read());
        host.write("proc/self/cgroup", "garbage").write("proc/self/mountinfo", "more garbage - ");
        assertEquals(8, gomaxprocs());
    }

    @Test
    void theCpusetLowersTheCount() {
        v2("/app").write("sys/fs/cgroup/app/cpuset.cpus.effective", "0-2");
        DefaultGomaxprocs live = new DefaultGomaxprocs(host.files);
        assertEquals(3, live.compute(EIGHT));
        assertEquals(CpuSet.range(0, 2), live.cpuset().read());
        host.write("sys/fs/cgroup/app/cpuset.cpus.effective", "1");
        assertEquals(1, live.compute(EIGHT));
    }

    @Test
    void aGroupWithoutTheControllerHasItsParentsCpuset() {
        v2("/slice/app").write("sys/fs/cgroup/slice/cpuset.cpus.effective", "4-5");
        assertEquals(CpuSet.range(4, 5), Cpuset.find(host.files).read());
    }

    @Test
    void versionOneHasEffectiveCpusUnderAnotherName() {
        host.write("proc/self/cgroup", "3:cpuset:/a").write("proc/self/mountinfo", "31 30 0:28 / /cs rw - cgroup cgroup rw,cpuset")
                .write("cs/a/cpuset.cpus", "0-7").write("cs/a/cpuset.effective_cpus", "0-3");
        assertEquals(CpuSet.range(0, 3), Cpuset.find(host.files).read());
    }

    @Test
    void numbersThatDoNotOverlapLeaveTheMask() {
        assertEquals(2, DefaultGomaxprocs.compute(CpuSet.of(5, 9), CpuSet.range(0, 1), CpuQuota.UNLIMITED));
        assertEquals(200, DefaultGomaxprocs.compute(CpuSet.range(0, 199), null, CpuQuota.UNLIMITED));
    }
}
