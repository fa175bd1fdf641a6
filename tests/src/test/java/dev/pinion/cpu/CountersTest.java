package dev.pinion.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** ThreadCounters, Throttling and StealTime: what cannot be read is unknown and not 0. */
class CountersTest extends OnFakeHost {
    private static final long UNKNOWN = ThreadCounters.UNKNOWN;

    private void mount(String type) {
        if (type.equals("v2")) {
            host.write("proc/self/cgroup", "0::/pod/box")
                    .write("proc/self/mountinfo", "30 20 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw");
        } else {
            host.write("proc/self/cgroup", "4:cpu,cpuacct:/box\n0::/")
                    .write("proc/self/mountinfo", "30 20 0:26 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct");
        }
    }

    @Test
    void countersOfAThread() {
        host.write("proc/self/task/7/status", "Name:\tworker\nvoluntary_ctxt_switches:\t12\nnonvoluntary_ctxt_switches:\t34");
        host.write("proc/self/task/7/sched", "worker (7, #threads: 9)\n-----\nse.nr_migrations                             :         5\nnr_switches : 46");
        host.write("proc/self/task/7/schedstat", "1000000 2000 46");
        assertEquals(new ThreadCounters(5, 12, 34, 1_000_000, 2000), ThreadCounters.read(host.files, 7));
    }

    @Test
    void whatTheKernelDoesNotTellOfAThreadIsUnknown() {
        assertEquals(new ThreadCounters(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN), ThreadCounters.read(host.files, 7));
        host.write("proc/self/task/7/status", "voluntary_ctxt_switches:\t0\nnonvoluntary_ctxt_switches:\tx");
        host.write("proc/self/task/7/sched", "worker (7, #threads: 9)\nse.nr_migrations_cold : 3");
        host.write("proc/self/task/7/schedstat", "0 0 0");
        assertEquals(new ThreadCounters(UNKNOWN, 0, UNKNOWN, UNKNOWN, UNKNOWN), ThreadCounters.read(host.files, 7), "a thread that never ran?");
    }

    @Test
    void whatWasCountedInBetweenIsUnknownWhereEitherIs() {
        ThreadCounters before = new ThreadCounters(1, 2, UNKNOWN, 100, 50);
        assertEquals(new ThreadCounters(4, 0, UNKNOWN, UNKNOWN, 7), new ThreadCounters(5, 2, 30, UNKNOWN, 57).since(before));
    }

    @Test
    void throttlingOfAGroupAndItsParents() {
        mount("v2");
        host.write("sys/fs/cgroup/cpu.stat", "usage_usec 5");
        host.write("sys/fs/cgroup/pod/cpu.stat", "usage_usec 5\nnr_periods 100\nnr_throttled 3\nthrottled_usec 4000");
        host.write("sys/fs/cgroup/pod/box/cpu.stat", "usage_usec 5\nnr_periods 100\nnr_throttled 1\nthrottled_usec 500");
        assertEquals(new Throttling.Reading(4, 4500), Throttling.find(host.files).read());
    }

    @Test
    void throttlingOfAGroupOfVersion1IsInNanoseconds() {
        mount("v1");
        host.write("sys/fs/cgroup/cpu/box/cpu.stat", "nr_periods 9\nnr_throttled 2\nthrottled_time 7000000");
        assertEquals(new Throttling.Reading(2, 7000), Throttling.find(host.files).read());
    }

    @Test
    void aGroupWithoutQuotaWasNeverThrottledAndOneThatCannotBeReadIsUnknown() {
        assertNull(Throttling.find(host.files).read(), "no cgroup to be seen");
        mount("v2");
        Throttling throttling = Throttling.find(host.files);
        assertNull(throttling.read(), "no file");
        host.write("sys/fs/cgroup/pod/box/cpu.stat", "usage_usec 5\nuser_usec 3");
        assertNull(throttling.read(), "a parent that does not tell may be throttled");
        host.write("sys/fs/cgroup/pod/cpu.stat", "usage_usec 5");
        assertEquals(new Throttling.Reading(0, 0), throttling.read(), "no controller, no quota");
        host.write("sys/fs/cgroup/pod/box/cpu.stat", "nr_throttled 5\nthrottled_usec ?");
        assertNull(throttling.read(), "half a fact");
    }

    @Test
    void stealOfTheCpusThatCount() {
        host.write("proc/stat", "cpu  9 9 9 9 9 9 9 9 9 9\ncpu0 1 1 1 1 1 1 1 50 0 0\ncpu1 10 20 30 40 5 6 7 8 99 99\ncpu12 1 1 1 1 1 1 1 1 0 0\nintr 5");
        assertEquals(new StealTime(8, 126), StealTime.read(host.files, CpuSet.of(1)));
        assertEquals(new StealTime(9, 134), StealTime.read(host.files, CpuSet.of(1, 12)));
        assertNull(StealTime.read(host.files, CpuSet.of(1, 2)), "offline");
        assertNull(StealTime.read(host.files, CpuSet.EMPTY));
        assertEquals(Map.of(0, new StealTime(50, 57), 1, new StealTime(8, 126), 12, new StealTime(1, 8)), StealTime.readEach(host.files));
        host.write("proc/stat", "cpu  9 9 9 9\ncpu0 1 1 1 1 1 1 1");
        assertNull(StealTime.read(host.files, CpuSet.of(0)), "an old kernel");
        host.delete("proc/stat");
        assertNull(StealTime.read(host.files, CpuSet.of(0)));
    }

    @Test
    void thisThreadHasSwitchedAtLeastAsOftenAsItSays() throws Exception {
        int tid = Integer.parseInt(java.nio.file.Files.readSymbolicLink(java.nio.file.Path.of("/proc/thread-self")).getFileName().toString());
        ThreadCounters before = ThreadCounters.read(HostFiles.ofThisMachine(), tid);
        for (int i = 0; i < 5; i++) {
            Thread.sleep(1); // not to wait for anything: each is a voluntary switch
        }
        ThreadCounters after = ThreadCounters.read(HostFiles.ofThisMachine(), tid);
        assertTrue(after.voluntary() - before.voluntary() >= 5, before + " " + after);
    }
}
