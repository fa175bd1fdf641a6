package dev.pinion.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** StatLoad, RunDelay and Rehoming: who keeps a P off its core. */
class LoadTest extends OnFakeHost {
    private static final long MS = 1_000_000;

    @Test
    void loadIsTheShareOfBusyTicks() {
        host.write("proc/stat", "cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 100 0 0 1000 50 0 0 0 30 0\ncpu2 5 5 5 5 5 5 5 5\nintr 1 2 3");
        StatLoad load = new StatLoad(host.files, 0);
        assertEquals(CpuLoad.UNKNOWN, load.busyPermille(0));
        assertFalse(load.sample(9 * MS));
        host.write("proc/stat", "cpu  9 9 9 9\ncpu0 102 1 1 1005 50 0 0 1 99 0\ncpu1 1 1 1 1\ncpu2 5 5 5 5 5 5 5 5\nintr 1 2 3");
        assertTrue(load.sample(10 * MS));
        assertEquals(500, load.busyPermille(0));
        assertEquals(CpuLoad.UNKNOWN, load.busyPermille(1), "came online in between");
        assertEquals(CpuLoad.UNKNOWN, load.busyPermille(2), "no tick in between");
        assertEquals(CpuLoad.UNKNOWN, load.busyPermille(5000));
    }

    @Test
    void nicedWorkDoesNotPressUnlessWeAreNicedToo() {
        String before = "cpu 1\ncpu0 10 10 0 10 0 0 0 0";
        String after = "cpu 1\ncpu0 12 15 0 13 0 0 0 0";
        for (int nice : new int[] {-5, 0, 5}) {
            host.write("proc/self/stat", "12 (a) b 3) R 1 1 1 0 -1 4194304 1 0 0 0 1 1 0 0 20 " + nice + " 20 0 1");
            host.write("proc/stat", before);
            StatLoad load = new StatLoad(host.files, 0);
            assertEquals(CpuLoad.UNKNOWN, load.pressing().busyPermille(0));
            host.write("proc/stat", after);
            assertTrue(load.sample(100 * MS));
            assertEquals(700, load.busyPermille(0));
            assertEquals(nice > 0 ? 700 : 200, load.pressing().busyPermille(0), "nice " + nice);
        }
    }

    @Test
    void loadOfTwoHundredCpus() {
        StringBuilder before = new StringBuilder("cpu 1 1 1 1\n");
        StringBuilder after = new StringBuilder("cpu 1 1 1 1\n");
        for (int cpu = 0; cpu < 200; cpu++) {
            before.append("cpu").append(cpu).append(" 10 0 0 10\n");
            after.append("cpu").append(cpu).append(cpu == 199 ? " 20 0 0 10\n" : " 10 0 0 20\n");
        }
        host.write("proc/stat", before.toString());
        StatLoad load = new StatLoad(host.files, 0);
        host.write("proc/stat", after.toString());
        assertTrue(load.sample(100 * MS));
        assertEquals(1000, load.busyPermille(199));
        assertEquals(0, load.busyPermille(198));
    }

    @Test
    void withoutStatNothingIsKnown() {
        StatLoad load = new StatLoad(host.files, 0);
        assertFalse(load.sample(100 * MS));
        assertEquals(CpuLoad.UNKNOWN, load.busyPermille(0));
    }

    @Test
    void runDelayIsTheShareOfTimeSpentWaiting() {
        host.write("proc/self/task/11/schedstat", "1000000 500000 3").write("proc/self/task/12/schedstat", "0 0 0");
        try (RunDelay delay = new RunDelay(host.files, 0)) {
            assertTrue(delay.add(11));
            assertTrue(delay.add(12));
            assertTrue(delay.add(12));
            assertFalse(delay.add(13));
            assertEquals(2, delay.size());
            host.write("proc/self/task/11/schedstat", "41000000 20500000 9").write("proc/self/task/12/schedstat", "10000000 5000000 1");
            assertEquals(250, delay.sample(100 * MS));
            assertEquals(500, delay.runPermille());
            assertEquals(0, delay.sample(200 * MS));
            host.write("proc/self/task/11/schedstat", ""); // an ended thread's file tells nothing
            delay.sample(300 * MS);
            assertEquals(1, delay.size());
            host.write("proc/self/task/12/schedstat", "garbage");
            delay.sample(400 * MS);
            assertEquals(0, delay.size());
        }
    }

    @Test
    void noMoreThreadsAreWatchedThanAProgramCanSpareDescriptorsFor() {
        try (RunDelay delay = new RunDelay(host.files, 0)) {
            for (int tid = 1; tid <= RunDelay.MOST + 1; tid++) {
                host.write("proc/self/task/" + tid + "/schedstat", "0 0 0");
                assertEquals(tid <= RunDelay.MOST, delay.add(tid));
            }
        }
    }

    @Test
    void readsTheRealRunTimeOfThisThread() throws IOException {
        Path self = Path.of("/proc/thread-self");
        int tid = Integer.parseInt(Files.readSymbolicLink(self).getFileName().toString());
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/schedstat")), "kernel without schedstats");
        try (RunDelay delay = new RunDelay(HostFiles.ofThisMachine(), System.nanoTime())) {
            assertTrue(delay.add(tid));
            long end = System.nanoTime() + 30 * MS;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            delay.sample(System.nanoTime());
            assertTrue(delay.runPermille() + delay.delayPermille() > 300, "a spinning thread runs or waits for its CPU");
        }
    }

    @Test
    void aPMovesWhenAForeignHogStaysAndACpuIsFree() {
        assertTrue(Rehoming.shouldRehome(201, 100 * MS, 300, 1000, 3));
        assertFalse(Rehoming.shouldRehome(200, 100 * MS, 300, 1000, 3), "not above a fifth");
        assertFalse(Rehoming.shouldRehome(900, 99 * MS, 300, 1000, 3), "not for 100 ms");
        assertFalse(Rehoming.shouldRehome(900, 100 * MS, 300, 1000, -1), "nowhere to go");
        assertFalse(Rehoming.shouldRehome(900, 100 * MS, 950, 1000, 3), "the hog is our own M");
        assertTrue(Rehoming.shouldRehome(900, 100 * MS, 950, CpuLoad.UNKNOWN, 3));
    }

    @Test
    void oneQuietSampleStartsTheClockAnew() {
        Rehoming p = new Rehoming();
        assertEquals(50 * MS, p.observe(300, 0, 50 * MS));
        assertEquals(100 * MS, p.observe(300, 50 * MS, 100 * MS));
        assertEquals(0, p.observe(100, 100 * MS, 150 * MS));
        assertEquals(50 * MS, p.observe(300, 150 * MS, 200 * MS));
    }

    @Test
    void aPThatMovedRestsAndLongerEachTimeItMovesAgainSoon() {
        Rehoming p = new Rehoming();
        long rest = Rehoming.REST_NANOS;
        p.moved(0);
        assertEquals(0, p.observe(900, 0, rest - 1));
        assertEquals(50 * MS, p.observe(900, rest, rest + 50 * MS));
        p.moved(rest);
        assertEquals(0, p.observe(900, 2 * rest, 3 * rest - 1));
        assertEquals(50 * MS, p.observe(900, 3 * rest, 3 * rest + 50 * MS));
        long now = rest;
        for (long due = 2 * rest; due < 1000 * rest; due *= 2) {
            now += Math.min(due, 64 * rest); // as soon as it may
            p.moved(now);
        }
        assertEquals(0, p.observe(900, now, now + 64 * rest - 1));
        assertEquals(50 * MS, p.observe(900, now + 64 * rest, now + 64 * rest + 50 * MS), "there is a longest rest");
        now += 64 * rest + Rehoming.FLAP_NANOS;
        p.moved(now);
        assertEquals(50 * MS, p.observe(900, now + rest, now + rest + 50 * MS), "after a quiet time it begins anew");
    }

    @Test
    void aCpuIsFreeOnlyIfTheMoveIsWorthIt() {
        assertEquals(Rehoming.FREE_PERMILLE, Rehoming.freeBelow(900));
        assertEquals(105, Rehoming.freeBelow(210));
    }

    @Test
    void aPWhoseCpuIsGoneGoesWhereItDoesLeastHarm() {
        Topology t = host.machine(2, 1, 2, 1).topology(); // 0 and 1 share a socket, 2 and 3 another one
        CpuLoad load = cpu -> cpu == 1 ? 300 : 100;
        int[] on23 = {2, 3};
        assertEquals(1, Rehoming.refuge(t, 0, t.online(), on23, load), "alone on a busy CPU before sharing");
        assertEquals(2, Rehoming.refuge(t, 0, t.online(), new int[] {1, 3}, load));
        assertEquals(2, Rehoming.refuge(t, 0, t.online(), new int[] {}, load), "the least busy");
        assertEquals(1, Rehoming.refuge(t, 0, t.online(), new int[] {}, CpuLoad.NONE), "the nearest");
        assertEquals(3, Rehoming.refuge(t, 0, CpuSet.of(2, 3), new int[] {2, 2, 3}, load), "shared by the fewest");
        assertEquals(9, Rehoming.refuge(t, 0, CpuSet.of(9), new int[] {}, load), "a CPU that came up after the start");
        assertEquals(-1, Rehoming.refuge(t, 0, CpuSet.of(0), new int[] {}, load));
    }

    @Test
    void cpusThatWentOfflineOrOutOfTheCpusetAreNotAllowed() {
        host.write("proc/self/cgroup", "0::/box").write("proc/self/mountinfo", "30 20 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw");
        host.write("sys/fs/cgroup/box/cpuset.cpus.effective", "0-3").online("0-3");
        AllowedCpus allowed = new AllowedCpus(host.files, Cpuset.find(host.files), CpuSet.of(1, 2, 3));
        assertEquals(CpuSet.of(1, 2, 3), allowed.read());
        host.write("sys/fs/cgroup/box/cpuset.cpus.effective", "0-2");
        assertEquals(CpuSet.of(1, 2), allowed.read());
        assertEquals("left the cpuset of this process", allowed.fateOf(3));
        host.write("sys/devices/system/cpu/online", "0-1,3");
        assertEquals(CpuSet.of(1), allowed.read());
        assertEquals("went offline", allowed.fateOf(2));
        host.write("sys/fs/cgroup/box/cpuset.cpus.effective", "16-17");
        assertEquals(CpuSet.of(1, 3), allowed.read(), "a container's own numbers");
        host.write("sys/devices/system/cpu/online", "0-1,x");
        assertEquals(CpuSet.of(1, 2, 3), allowed.read(), "half a line is no fact");
    }

    @Test
    void theFreeCpuIsTheNearestOneOnAnIdleCore() {
        Topology t = host.machine(2, 1, 3, 2).topology(); // siblings 6 higher; 0-2 and 3-5 share a socket
        CpuLoad idle = cpu -> 10;
        assertEquals(1, Rehoming.freeCpu(t, 0, t.online(), CpuSet.of(0), idle, 250));
        assertEquals(3, Rehoming.freeCpu(t, 0, t.online(), CpuSet.of(0, 1, 2), idle, 250), "an idle core afar before a taken one's sibling");
        assertEquals(6, Rehoming.freeCpu(t, 0, CpuSet.of(0, 6), CpuSet.of(0), idle, 250));
        assertEquals(2, Rehoming.freeCpu(t, 0, t.online(), CpuSet.of(0), cpu -> cpu == 1 ? 900 : 10, 250));
        assertEquals(-1, Rehoming.freeCpu(t, 0, t.online(), CpuSet.of(0), cpu -> 500, 250));
        assertEquals(-1, Rehoming.freeCpu(t, 0, t.online(), CpuSet.of(0), CpuLoad.NONE, 250));
        assertEquals(-1, Rehoming.freeCpu(t, 0, CpuSet.of(0), CpuSet.of(0), idle, 250));
        assertEquals(5, Rehoming.freeCpu(t, 77, CpuSet.of(5), CpuSet.EMPTY, idle, 250), "from a CPU that went offline");
    }
}
